"""Texts that wait for somebody."""

from django.db.models import OuterRef, Subquery

from cases.models import CaseText, TextAct
from metrics.selectors.dashboard import SHOWN, Line, Summary


def texts_in(state: str) -> Summary:
    """Texts in a state with who brought them there, the longest there first. 2 queries."""
    acts = TextAct.objects.filter(text=OuterRef("pk")).exclude(
        kind__in=[TextAct.Kind.COMMENTED, TextAct.Kind.SETTLED, TextAct.Kind.SAVED]
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
