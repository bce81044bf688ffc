"""The dashboard: panels that each app registers, in order of registration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.selectors import dashboard
from metrics.selectors.dashboard import Summary


@dataclass(frozen=True, slots=True)
class Panel:
    """What somebody with a permission sees on the index; `content` runs a fixed number of queries.

    `page` is the admin's name of the list behind it, `query` what that list is filtered by.
    """

    key: str
    title: str | Promise
    empty: str | Promise
    permission: str
    content: Callable[[], Summary]
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class ShownPanel:
    panel: Panel
    summary: Summary
    url: str


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Add a panel, or replace the one of the same key."""
    _panels[panel.key] = panel


def panels_for(user: Any) -> list[ShownPanel]:
    """The panels this person may see, each with what it says now."""
    return [
        ShownPanel(panel, panel.content(), f"{reverse(f'admin:{panel.page}')}{panel.query}")
        for panel in _panels.values()
        if user.has_perm(panel.permission)
    ]


register_panel(
    Panel(
        "waiting",
        _("Releases waiting for approval"),
        _("No release waits."),
        "metrics.view_release",
        dashboard.waiting_releases,
        "metrics_release_changelist",
        "?state__exact=draft",
    )
)
register_panel(
    Panel(
        "scheduled",
        _("Scheduled releases"),
        _("Nothing is scheduled."),
        "metrics.view_release",
        dashboard.scheduled_releases,
        "metrics_release_changelist",
        "?state__exact=scheduled",
    )
)
register_panel(
    Panel(
        "published",
        _("Published in the last week"),
        _("Nothing went live."),
        "metrics.view_release",
        dashboard.published_releases,
        "metrics_release_calendar",
    )
)
register_panel(
    Panel(
        "imports",
        _("Imports to decide"),
        _("No file waits."),
        "metrics.view_importbatch",
        dashboard.open_imports,
        "metrics_importbatch_changelist",
    )
)
register_panel(
    Panel(
        "failing-imports",
        _("Imports that failed"),
        _("No file was refused."),
        "metrics.view_importbatch",
        dashboard.failing_imports,
        "metrics_importbatch_changelist",
    )
)
register_panel(
    Panel(
        "overdue",
        _("Overdue series"),
        _("Every series is up to date."),
        "metrics.view_seriessummary",
        lambda: dashboard.overdue_series(timezone.localdate()),
        "metrics_seriessummary_changelist",
    )
)
register_panel(
    Panel(
        "conflicts",
        _("Sources that disagree"),
        _("No two sources state different values."),
        "metrics.view_observation",
        dashboard.rival_values,
        "metrics_observation_changelist",
        "?preferred__exact=0",
    )
)
register_panel(
    Panel(
        "refresh",
        _("Refresh of derived values"),
        _("No target fails."),
        "metrics.view_staleseries",
        dashboard.refresh_state,
        "metrics_staleseries_progress",
    )
)
