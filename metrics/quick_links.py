"""What somebody may do from the first page of the admin: links that each app registers."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class QuickLink:
    """Shown to who has the permission; `page` is the admin's name of it, `query` a filter."""

    key: str
    title: str | Promise
    permission: str
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class ShownLink:
    link: QuickLink
    url: str


_links: dict[str, QuickLink] = {}


def register_link(link: QuickLink) -> None:
    """Add a link, or replace the one of the same key."""
    _links[link.key] = link


def links_for(user: Any) -> list[ShownLink]:
    """The links this person may follow."""
    return [
        ShownLink(link, f"{reverse(f'admin:{link.page}')}{link.query}")
        for link in _links.values()
        if user.has_perm(link.permission)
    ]


for _link in (
    QuickLink("values", _("Enter values"), "metrics.add_observation", "metrics_observation_grid"),
    QuickLink("import", _("Import a file"), "metrics.add_importbatch", "metrics_importbatch_add"),
    QuickLink(
        "compose", _("Compose a release"), "metrics.change_release", "metrics_release_compose"
    ),
    QuickLink(
        "decide",
        _("Decide on releases"),
        "metrics.publish_release",
        "metrics_release_changelist",
        "?state__exact=draft",
    ),
    QuickLink(
        "consistency",
        _("Check what is stated"),
        "metrics.view_observation",
        "metrics_consistencycheck_changelist",
    ),
):
    register_link(_link)
