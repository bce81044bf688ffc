"""Building the file of everything: one builder at a time, a file first and its row after it."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import IO, Any, Final

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import gettext, override

from cases.models import Export
from cases.selectors.addresses import own_address
from cases.selectors.export_tables import LANGUAGES, export_tables, licences
from metrics.files.whole import created, write_whole
from metrics.models import Change
from metrics.selectors.moment import consistent_read

KEPT: Final = 5
# A release settles for so long before it is exported, as others may follow; but no change waits
# longer than the second.
QUIET: Final = timedelta(minutes=2)
LONGEST_WAIT: Final = timedelta(minutes=15)
_LOCK: Final = (0x66696E74, 0x657870)  # "fint", "exp"


def export_if_due(now: datetime) -> Export | None:
    """Build where something changed since the last export, and has settled."""
    return build_export(now) if is_due(now) else None


def is_due(now: datetime) -> bool:
    """Two queries."""
    last = Export.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    since = Change.objects.filter(seq__gt=last).order_by("seq")
    moments = [since.values_list("published_at", flat=True).first()]
    moments.append(since.values_list("published_at", flat=True).last())
    first, latest = moments
    if first is None or latest is None:
        return False
    return latest <= now - QUIET or first <= now - LONGEST_WAIT


def build_export(now: datetime) -> Export | None:
    """The export of the latest seq, built unless it is there; None where another builds it now, or
    nothing was ever published.
    """
    with _only_builder() as is_alone:
        if not is_alone:
            return None
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as out:
            made = _written(out, now)
            if made is not None and made.pk is None:
                made.sha256 = _digest(out)
                _keep(made, out)
        return made


@contextmanager
def _only_builder() -> Iterator[bool]:
    """Of the session, so that it outlasts transactions and ends with the process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _LOCK)
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", _LOCK)


def _written(out: IO[bytes], now: datetime) -> Export | None:
    """The export of this moment, written to a file where there is none yet."""
    with consistent_read() as seq:
        known = Export.objects.filter(seq=seq).first()
        change = Change.objects.filter(seq=seq).first()
        if known is not None or change is None:
            return known
        with override("en"):
            about = _about(seq, change.published_at)
            counts = write_whole(out, export_tables(), _texts(seq, change.published_at), about)
        return Export(
            seq=seq,
            published_at=change.published_at,
            built_at=now,
            size=out.tell(),
            rows=counts["observations"],
        )


def _digest(out: IO[bytes]) -> str:
    out.seek(0)
    return hashlib.file_digest(out, "sha256").hexdigest()  # type: ignore[arg-type]


def _keep(made: Export, out: IO[bytes]) -> None:
    """The file, then its row: a builder that dies between leaves nothing listed. Old ones go, and
    whatever such a builder left.
    """
    out.seek(0)
    storage = made.file.storage
    made.file.save("", File(out), save=False)
    with transaction.atomic():
        made.save()
        old = [one.pk for one in Export.objects.order_by("-seq")[KEPT:]]
        Export.objects.filter(pk__in=old).delete()
    listed = set(Export.objects.values_list("file", flat=True))
    for name in storage.listdir("")[1]:
        if name not in listed:
            storage.delete(name)


def _about(seq: int, at: datetime) -> dict[str, Any]:
    told = {
        "name": f"fintech-{seq}",
        "title": gettext("Fintech cases: all data"),
        "description": gettext(
            "Every current observation and derived value, with what they measure and who states it."
        ),
        "homepage": own_address("/"),
        "version": str(seq),
        "created": created(at.astimezone(UTC)),
        "licenses": [{"name": "other", "title": "LICENCES.md", "path": "LICENCES.md"}],
    }
    return {name: value for name, value in told.items() if value}


def _texts(seq: int, at: datetime) -> dict[str, str]:
    """A README in each language, and the licences."""
    texts = {}
    for language in LANGUAGES:
        with override(language):
            name = "README.md" if language == "en" else f"README.{language}.md"
            texts[name] = "\n\n".join(_readme(seq, at)) + "\n"
    lines = [". ".join(part for part in told if part) for told in licences()]
    texts["LICENCES.md"] = "\n".join([*_licence_words(), "", *(f"- {line}" for line in lines), ""])
    return dict(sorted(texts.items()))


def _readme(seq: int, at: datetime) -> Iterator[str]:
    yield "# " + gettext("Fintech cases: all data")
    yield gettext(
        "Every current observation and derived value, with what they measure and who states it."
    )
    yield gettext("As of change %s") % f"{seq} ({created(at.astimezone(UTC))})"
    yield gettext(
        "`observations.csv` names series, units and sources by keys, which the other tables "
        "explain; `datapackage.json` tells the columns, their types and how the tables belong "
        "together."
    )
    yield gettext("Text in UTF-8. A missing value is an empty cell, and null_reason says why.")
    yield gettext(
        "Values of sources that do not let us offer them are empty (restricted), and so is what "
        "follows from them. LICENCES.md has the licences."
    )
    yield "```python\npandas.read_csv('observations.csv', dtype={'period': 'string'})\n```"


def _licence_words() -> Iterator[str]:
    for language in ("en", "zh-hans"):
        with override(language):
            yield gettext(
                "A figure belongs to the source that states it and keeps that source's licence; "
                "derived values are ours. Name the source, the place in it and the period."
            )
