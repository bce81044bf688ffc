"""What cases do inside a publishing transaction of metrics."""

from collections.abc import Set
from datetime import datetime
from typing import Any

from cases.models import CaseText, Publication
from cases.selectors.impact import Seen, seen_texts, text_impacts
from cases.selectors.quoting import texts_quoting
from cases.services.composing import move_texts, schedule_texts, unschedule_texts
from cases.services.ledger import keep_ledger
from cases.services.redacting import redact_printed
from cases.services.search_definitions import index_definitions
from cases.services.search_texts import index_changed, index_defined, index_quoting
from cases.services.snapshots import drop_snapshots
from cases.services.texts import publish_texts, quoted_series, refuse_unsettled
from cases.services.withdrawing import put_texts_back, texts_built_upon
from metrics.models import Change, Release, Series
from metrics.nudge import nudge
from metrics.participants import Impact
from metrics.selectors.defined import series_defined_in

MAIL_TASK = "cases.mail_drift"


class CasesParticipant:
    """Publishes the texts of a release; what changed is read, found and rendered anew."""

    def publish(self, release: Release, change: Change) -> dict[str, int]:
        publications = publish_texts(release, change)
        if publications:
            slugs = {publication.text.case.slug for publication in publications}
            drop_snapshots(change, case_slugs=slugs, texts=True)
        return {"texts": len(publications)}

    def verify(self, release: Release) -> None:
        refuse_unsettled(release)

    def holds(self, release: Release) -> bool:
        return bool(release.texts.exists())

    def gather(self, release: Release, other: Release) -> None:
        move_texts(release, other)

    def scheduled(self, release: Release, *, actor: Any, now: datetime) -> None:
        schedule_texts(release, actor=actor, now=now)

    def unscheduled(self, release: Release, *, actor: Any, now: datetime) -> None:
        unschedule_texts(release, actor=actor, now=now)

    def built_upon(self, change: Change) -> list[str]:
        return texts_built_upon(change)

    def put_back(self, of: Change, release: Release, change: Change) -> None:
        put_texts_back(of, release, change)

    def uses(self, series: Series) -> dict[str, int]:
        return {str(CaseText._meta.verbose_name_plural): texts_quoting(series.key)}

    def quoted_series(self) -> set[int]:
        live = Publication.objects.current()
        return set(live.values_list("quoted_series", flat=True)) - {None}

    def quoted_in(self, release: Release) -> set[int]:
        revisions = [item.revision for item in release.texts.select_related("revision")]
        return {series.pk for revision in revisions for series in quoted_series(revision)}

    def observe(self, release: Release, series_ids: Set[int]) -> Seen:
        return seen_texts(release, series_ids)

    def impact(self, before: Seen, after: Seen) -> list[Impact]:
        return text_impacts(before, after)

    def series_changed(self, series_ids: Set[int], change: Change) -> None:
        drop_snapshots(change, series_ids=series_ids)
        if keep_ledger(change, series_ids):
            nudge(MAIL_TASK)
        index_changed(change, series_ids)

    def redacted(self, series: Series, changed: Set[int]) -> dict[str, int]:
        blanked = redact_printed(series, changed)
        index_quoting({series.pk, *changed})
        return blanked

    def definitions_changed(self, change: Change) -> None:
        drop_snapshots(change, definitions=True)
        defined = series_defined_in(change)
        keep_ledger(change, defined)
        index_definitions()
        index_defined(change, defined)
