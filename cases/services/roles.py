"""Author, Editor, Publisher: the groups of staff and what each may do."""

import hashlib
from collections.abc import Iterable
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from cases.models import ContentRecord

RECORDS: Final = "roles"

_TEXTS: Final = ("case", "casetext", "revision")
_DEFINITIONS: Final = (
    "source", "unit", "entity", "indicator", "series", "group", "groupmember", "rule", "event",
)  # fmt: skip
# What is imported waits like any value; a layout only says how a file is read.
_IMPORTS: Final = ("importlayout", "importbatch")
_FOUND: Final = ("importproblem", "proposedentity", "proposedseries")
_VALUES: Final = ("observation", "stagedobservation", "release")
_RECORD: Final = (
    "change", "derivedvalue", "seriessummary", "refreshrun", "staleseries", "ruleversion",
    "ruleinput",
)  # fmt: skip
# What is said and found of texts.
_TEXT_RECORD: Final = (
    "publication", "releasetext", "comment", "textact", "ledgerentry", "drift", "export",
)  # fmt: skip
_REMARKS: Final = {"cases.add_comment", "cases.change_drift"}
# A picture stays as it was added; one that no text shows can be taken out again.
_PICTURES: Final = {"cases.view_picture", "cases.add_picture", "cases.delete_picture"}


def _allowed(app: str, actions: Iterable[str], models: Iterable[str]) -> set[str]:
    return {f"{app}.{action}_{model}" for model in models for action in actions}


_SEEN: Final = (
    _allowed("metrics", ["view"], [*_DEFINITIONS, *_VALUES, *_IMPORTS, *_FOUND, *_RECORD])
    | _allowed("cases", ["view"], [*_TEXTS, *_TEXT_RECORD])
)  # fmt: skip
_AUTHOR: Final = _SEEN | _allowed("cases", ["add", "change"], _TEXTS) | _REMARKS | _PICTURES
_EDITOR: Final = (
    _AUTHOR
    | _allowed("metrics", ["add", "change"], [*_DEFINITIONS, *_VALUES])
    | _allowed("metrics", ["add", "change"], _IMPORTS)
    | _allowed("metrics", ["change"], ["proposedentity"])
    | _allowed("metrics", ["delete"], ["groupmember", "stagedobservation", "importlayout"])
    | _allowed("cases", ["add", "change", "delete"], ["releasetext"])
    | {"cases.approve_casetext"}
)
_PUBLISHER: Final = _EDITOR | {"metrics.publish_release"}

ROLES: Final = {"Author": _AUTHOR, "Editor": _EDITOR, "Publisher": _PUBLISHER}


def roles_digest() -> str:
    """Changes with what any role may do."""
    return hashlib.sha256(repr({k: sorted(v) for k, v in ROLES.items()}).encode()).hexdigest()


@transaction.atomic
def ensure_roles() -> list[str]:
    """Create the groups; the names of those created or extended.

    What administrators took from a group or gave to it stands, until the role itself changes.
    """
    mark = roles_digest()
    if ContentRecord.objects.filter(file=RECORDS, digest=mark).exists():
        return []
    permissions = _permissions(set().union(*ROLES.values()))
    for name, allowed in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permissions[codename] for codename in allowed))
    ContentRecord.objects.update_or_create(file=RECORDS, key="", defaults={"digest": mark})
    return list(ROLES)


def _permissions(names: Iterable[str]) -> dict[str, Permission]:
    """Permissions by app.codename; a KeyError further up is a role that names a model wrongly."""
    apps = {name.partition(".")[0] for name in names}
    rows = Permission.objects.filter(content_type__app_label__in=apps)
    rows = rows.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
