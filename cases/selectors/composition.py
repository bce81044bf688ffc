"""The texts of a release, and the approved ones that could be added."""

from cases.models import CaseText, ReleaseText, Revision
from metrics.models import Release
from metrics.selectors.composition import SHOWN, Holding, Item


def held_texts(release: Release) -> Holding:
    """The texts of a release with their states. Two queries."""
    rows = release.texts.select_related("revision__text__case").order_by("id")
    return Holding(rows.count(), tuple(_item(row) for row in rows[:SHOWN]))


def _item(item: ReleaseText) -> Item:
    revision = item.revision
    text, state = revision.text, revision.text.get_state_display()
    label = f"{text} #{revision.number}: {revision.title}"
    return Item(item.pk, label, "cases_casetext_review", text.pk, str(state))


def offered_texts(release: Release) -> Holding:
    """Approved texts that stand in no open release. Three queries."""
    waiting = Release.objects.open()
    rows = (
        CaseText.objects.filter(state=CaseText.State.APPROVED)
        .exclude(revisions__release_texts__release__in=waiting)
        .select_related("case")
        .order_by("case__position", "case__slug", "language")
    )
    shown = list(rows[:SHOWN])
    titles = _titles(shown)
    items = [
        Item(text.pk, f"{text}: {titles.get(text.pk, '')}", "cases_casetext_review", text.pk)
        for text in shown
    ]
    return Holding(rows.count(), tuple(items))


def _titles(texts: list[CaseText]) -> dict[int, str]:
    """The title of each text's latest revision."""
    latest = Revision.objects.filter(text__in=texts).order_by("text_id", "-number")
    return dict(latest.distinct("text_id").values_list("text_id", "title"))
