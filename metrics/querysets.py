"""Adjectives for the rows of metrics: current, as of a seq, due."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

# How long a moment must be past before its data can be asked for: by then whatever was published
# at that moment has been committed (services.clock.settle).
SETTLING = timedelta(seconds=10)


class IntervalQuerySet(models.QuerySet[Any]):
    """Rows that are visible for seq_from ≤ seq < seq_to (null: still)."""

    def current(self) -> Self:
        return self.filter(seq_to__isnull=True)

    def at_seq(self, seq: int | None) -> Self:
        """Rows visible at a seq; None means now."""
        if seq is None:
            return self.current()
        return self.filter(Q(seq_to__isnull=True) | Q(seq_to__gt=seq), seq_from__lte=seq)


class ObservationQuerySet(IntervalQuerySet):
    def preferred(self) -> Self:
        """At most one row a period: the source that speaks for the slot."""
        return self.filter(preferred=True)


class SeriesQuerySet(models.QuerySet[Any]):
    def with_definitions(self) -> Self:
        """Everything a label needs, without a query per row."""
        return self.select_related("entity", "indicator__unit")

    def with_summary(self) -> Self:
        return self.with_definitions().select_related("summary")


class ReleaseQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(state="published")

    def open(self) -> Self:
        """Those that may still be published."""
        return self.filter(state__in=["draft", "scheduled"])

    def due(self, now: datetime) -> Self:
        """Scheduled releases whose time has come, oldest first.

        One that failed is due again where it is to be tried again by itself.
        """
        is_tried = Q(failed_at__isnull=True) | Q(retry_at__lte=now)
        due = self.filter(is_tried, state="scheduled", scheduled_at__lte=now)
        return due.order_by("scheduled_at", "id")


class ChangeQuerySet(models.QuerySet[Any]):
    def latest_seq(self) -> int:
        """The seq readers see now; 0 before anything was published."""
        return self.aggregate(seq=models.Max("seq"))["seq"] or 0

    def is_settled(self, instant: datetime, now: datetime) -> bool:
        """Whether nothing can be published any more that was visible at the instant."""
        return instant <= now - SETTLING or self.filter(published_at__gte=instant).exists()

    def seq_as_of(self, instant: datetime) -> int:
        """The seq that was current at an instant; 0 before the first change."""
        return self.filter(published_at__lte=instant).aggregate(seq=models.Max("seq"))["seq"] or 0


class RedefinitionQuerySet(IntervalQuerySet):
    def breaking(self) -> Self:
        """Those across which nothing is compared: nobody has said why it may be."""
        return self.filter(comparable_zh_hans="", comparable_en="")
