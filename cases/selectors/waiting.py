"""Texts that wait for somebody."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, OuterRef, Subquery

from cases.models import CaseText, Drift, Revision, TextAct
from metrics.selectors.dashboard import SHOWN, Line, Summary

_Kind = TextAct.Kind


def texts_in(state: str) -> Summary:
    """Texts in a state with who brought them there, the longest there first. 2 queries."""
    acts = TextAct.objects.filter(text=OuterRef("pk")).exclude(
        kind__in=[_Kind.COMMENTED, _Kind.SETTLED, _Kind.SAVED, _Kind.FOLLOWED]
    )
    rows = (
        CaseText.objects.filter(state=state)
        .annotate(
            since=Subquery(acts.values("at")[:1]), by=Subquery(acts.values("actor__username")[:1])
        )
        .select_related("case")
        .order_by("since", "pk")
    )
    lines = tuple(
        Line(str(row), "cases_casetext_review", row.pk, row.since, row.by or "")
        for row in rows[:SHOWN]
    )
    return Summary(rows.count(), lines)


def open_drift() -> Summary:
    """Sentences that data changed and nobody has looked at, the longest there first. 2 queries."""
    rows = Drift.objects.filter(state=Drift.State.OPEN).select_related(
        "text__case", "series", "assigned"
    )
    rows = rows.order_by("at", "pk")
    lines = tuple(
        Line(
            f"{row.about}: {(row.report or row.after)[:80]}",
            "cases_drift_settle",
            row.pk,
            row.at,
            str(row.assigned or ""),
        )
        for row in rows[:SHOWN]
    )
    return Summary(rows.count(), lines)


def lagging_texts() -> Summary:
    """Translations whose source text was saved anew since, the longest there first. 2 queries."""
    newer = Revision.objects.filter(
        text=OuterRef("source_revision__text"), number__gt=OuterRef("source_revision__number")
    )
    rows = Revision.objects.newest().lagging().select_related("text__case").defer("body")
    rows = rows.annotate(
        since=Subquery(newer.order_by("number").values("created_at")[:1]),
        followed=F("source_revision__number"),
        newest=Subquery(newer.order_by("-number").values("number")[:1]),
    ).order_by("since", "pk")
    lines = tuple(
        Line(
            str(row.text),
            "cases_casetext_source",
            row.text_id,
            row.since,
            f"#{row.followed} → #{row.newest}",
        )
        for row in rows[:SHOWN]
    )
    return Summary(rows.count(), lines)


def queue_workers() -> tuple[Any, ...]:
    """Whoever may work on the drift queue, by name. Bounded by the number of staff."""
    users = get_user_model().objects.with_perm(
        "cases.change_drift", backend="django.contrib.auth.backends.ModelBackend"
    )
    return tuple(users.filter(is_staff=True).order_by("username"))
