"""Series and the groups they are compared in."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from metrics.models.reference import Entity, Indicator
from metrics.querysets import SeriesQuerySet

SERIES_KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[asqmwd])?"


class Series(models.Model):
    """Entity × indicator × frequency; the key is what texts, partners and URLs call it."""

    class Frequency(models.TextChoices):
        ANNUAL = "A", _("annual")
        SEMESTER = "S", _("half-yearly")
        QUARTER = "Q", _("quarterly")
        MONTH = "M", _("monthly")
        WEEK = "W", _("weekly")
        DAY = "D", _("daily")

    key = models.CharField(
        _("key"), max_length=170, unique=True, validators=[RegexValidator(rf"^{SERIES_KEY}$")]
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="series", verbose_name=_("entity")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator")
    )
    frequency = models.CharField(
        _("frequency"), max_length=1, choices=Frequency.choices, default=Frequency.ANNUAL
    )

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "indicator", "frequency"], name="series_one_per_frequency"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Group(models.Model):
    """A named list of series with a declared total or the sum of its members."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    name_zh_hans: str
    name_en: str
    total = models.ForeignKey(
        Series,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("declared total"),
        help_text=_("Empty: the total is the sum of the members."),
    )
    member_indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("members: every series of the indicator"),
        help_text=_("Series that are added later join by themselves. Empty: listed one by one."),
    )
    member_kind = models.CharField(
        _("of entities of the kind"), max_length=16, blank=True, choices=Entity.Kind.choices
    )
    member_frequency = models.CharField(
        _("of the frequency"),
        max_length=1,
        choices=Series.Frequency.choices,
        default=Series.Frequency.ANNUAL,
    )
    series = models.ManyToManyField(Series, through="GroupMember", related_name="groups")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.name)


class GroupMember(models.Model):
    """Membership, in the order the group lists it. Its past lives in the rule inputs made of it."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        ordering = ["group", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "series"], name="group_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.series_id}"
