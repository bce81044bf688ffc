"""Releases that waited for approval: what changed in their slots since they were proposed."""

from metrics.models import Change, Observation, Release

SLOTS_TOLD = 10


class StaleProposalError(Exception):
    """Slots have changed since the release was proposed: (series key, period) of them."""

    def __init__(self, slots: list[tuple[str, str]]) -> None:
        shown = ", ".join(f"{key}@{period}" for key, period in slots[:SLOTS_TOLD])
        super().__init__(f"changed since the release was proposed: {shown}")
        self.slots = slots


def propose(release: Release) -> None:
    """Remember what its author saw, of a release that is left for approval."""
    release.proposed_seq = Change.objects.latest_seq()
    release.save(update_fields=["proposed_seq"])


def changed_since_proposed(release: Release) -> list[tuple[str, str]]:
    """The slots whose value, or whose row of the same source, is newer than the proposal.

    Empty for a release that did not wait. Two queries.
    """
    if release.proposed_seq is None:
        return []
    staged = set(release.staged.values_list("series_id", "period", "source_id"))
    slots = {(series_id, period) for series_id, period, _ in staged}
    newer = Observation.objects.current().filter(
        series__in={series_id for series_id, _ in slots}, seq_from__gt=release.proposed_seq
    )
    rows = newer.values_list("series_id", "period", "source_id", "preferred", "series__key")
    changed = {
        (key, period)
        for series_id, period, source_id, is_preferred, key in rows
        if (series_id, period, source_id) in staged
        or (is_preferred and (series_id, period) in slots)
    }
    return sorted(changed)
