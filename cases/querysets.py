"""Who sees which texts: the one home of visibility."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from metrics.querysets import IntervalQuerySet


def _seen_at(seq: int | None, publications: str) -> Q:
    """Rows with a publication that readers saw at a seq (None: now); `publications` leads there."""
    still = Q(**{f"{publications}__isnull": False, f"{publications}__seq_to__isnull": True})
    if seq is None:
        return still
    begun = Q(**{f"{publications}__seq_from__lte": seq})
    return begun & (still | Q(**{f"{publications}__seq_to__gt": seq}))


def sees_drafts(user: Any) -> bool:
    """Whether somebody sees that there are cases which readers do not have; None: a reader."""
    return user is not None and bool(user.has_perm("cases.view_case"))


class CaseQuerySet(models.QuerySet[Any]):
    def published(self, seq: int | None = None) -> Self:
        """Cases that readers could see in at least one language at a seq (None: now)."""
        return self.filter(_seen_at(seq, "texts__publications")).distinct()

    def visible_to(self, user: Any, seq: int | None = None) -> Self:
        """Published cases for everybody; drafts as well for staff who may see cases."""
        return self.seen(seq, with_drafts=sees_drafts(user))

    def seen(self, seq: int | None, *, with_drafts: bool) -> Self:
        """As `visible_to`, of whom `sees_drafts` was asked already."""
        return self if with_drafts else self.published(seq)


class CaseTextQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(_seen_at(None, "publications")).distinct()

    def readable_by(self, user: Any) -> Self:
        """Texts whose unpublished words a user may read: all for `reads_drafts`, else none."""
        return self if reads_drafts(user) else self.none()


def reads_drafts(user: Any) -> bool:
    """Whether somebody may read words that readers do not have: staff with the right to."""
    return bool(user.is_active and user.is_staff and user.has_perm("cases.view_casetext"))


class PublicationQuerySet(IntervalQuerySet):
    """Rows come into being as readers get the words: there is none of a draft."""

    def with_words(self) -> Self:
        return self.select_related("revision", "text__case")

    def ever_read(self, slug: str, kind: str) -> Self:
        """What readers ever saw of a case, in every language; anybody may read it as it was."""
        return self.filter(text__case__slug=slug, text__case__kind=kind)


class LedgerQuerySet(models.QuerySet[Any]):
    def withheld(self) -> Self:
        """Sentences of which readers get other words, or these with a flag."""
        return self.exclude(key="").exclude(state="holds")


class RevisionQuerySet(models.QuerySet[Any]):
    def newest(self) -> Self:
        """The revision of each text that was saved last."""
        of_text = self.model.objects.filter(text=OuterRef("text")).order_by("-number")
        return self.filter(pk=Subquery(of_text.values("pk")[:1]))

    def lagging(self) -> Self:
        """Those that follow a revision of another text of which there is a newer one."""
        newer = self.model.objects.filter(
            text=OuterRef("source_revision__text"), number__gt=OuterRef("source_revision__number")
        )
        return self.filter(Exists(newer), source_revision__isnull=False)


class PictureQuerySet(models.QuerySet[Any]):
    def described(self) -> Self:
        """Without their bytes."""
        return self.defer("content")

    def visible_to(self, user: Any) -> Self:
        """What readers ever saw in a text; the others as well for those who read drafts."""
        if reads_drafts(user):
            return self
        return self.filter(publications__isnull=False).distinct()
