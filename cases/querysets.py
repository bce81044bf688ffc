"""Who sees which texts: the one home of visibility."""

from typing import Any, Self

from django.db import models

from metrics.querysets import IntervalQuerySet


class CaseQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Cases that readers can see in at least one language."""
        return self.filter(
            texts__publications__isnull=False, texts__publications__seq_to__isnull=True
        ).distinct()

    def visible_to(self, user: Any) -> Self:
        """Published cases for everybody; drafts as well for staff who may see cases."""
        if user is not None and user.has_perm("cases.view_case"):
            return self
        return self.published()


class CaseTextQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(publications__isnull=False, publications__seq_to__isnull=True).distinct()


class PublicationQuerySet(IntervalQuerySet):
    def with_words(self) -> Self:
        return self.select_related("revision", "text__case")
