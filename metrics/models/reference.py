"""What figures are about and where they come from: sources, units, entities, indicators."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from metrics.stats.natures import Nature


class Source(models.Model):
    """A document or publisher that states figures."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        SURVEY = "survey", _("survey")
        FILING = "filing", _("company filing")
        STATISTICS = "statistics", _("official statistics")
        NEWS = "news", _("news")
        WEBSITE = "website", _("website")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = TranslatedField(models.CharField(_("title"), max_length=300))
    title_zh_hans: str
    title_en: str
    publisher = TranslatedField(models.CharField(_("publisher"), max_length=200, blank=True))
    publisher_zh_hans: str
    publisher_en: str
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    url = models.URLField(_("URL"), max_length=500, blank=True)
    # The English column has the name of the time when there was one for both.
    licence = TranslatedField(
        models.CharField(_("licence"), max_length=200, blank=True), {"en": {"db_column": "licence"}}
    )
    licence_zh_hans: str
    licence_en: str
    redistributable = models.BooleanField(
        _("redistributable"),
        default=False,
        help_text=_("Whether figures of this source may be offered for download."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.title)


class Unit(models.Model):
    """What a number counts; the kind decides how it is parsed and printed."""

    class Kind(models.TextChoices):
        COUNT = "count", _("count")
        CURRENCY = "currency", _("currency")
        PERCENT = "percent", _("percent")
        GROWTH = "growth", _("percent change")
        POINTS = "points", _("percentage points")
        TIMES = "times", _("times")
        DURATION = "duration", _("duration")
        RANK = "rank", _("rank")
        INDEX = "index", _("index")

    key = models.CharField(_("key"), max_length=40, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=80))
    name_zh_hans: str
    name_en: str
    symbol = TranslatedField(models.CharField(_("symbol"), max_length=20, blank=True))
    symbol_zh_hans: str
    symbol_en: str
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    decimals = models.PositiveSmallIntegerField(
        _("decimals"),
        null=True,
        blank=True,
        help_text=_("Decimals of a derived value; empty means four significant digits."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.name)


class Entity(models.Model):
    """An institution, product, website or market that is measured."""

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("institution")
        PRODUCT = "product", _("product")
        WEBSITE = "website", _("website")
        MARKET = "market", _("market")
        COUNTRY = "country", _("country or economy")
        AGGREGATE = "aggregate", _("aggregate")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    name_zh_hans: str
    name_en: str
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    description = TranslatedField(models.TextField(_("description"), blank=True))
    description_zh_hans: str
    description_en: str
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="entity_not_its_own_parent",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class Indicator(models.Model):
    """What is measured, in which unit, and what it is the growth or the share of."""

    class GrowthBasis(models.TextChoices):
        YEAR_AGO = "year-ago", _("the same period a year earlier")
        PREVIOUS = "previous", _("the previous period")

    NATURES = [(nature.value, _(nature.value)) for nature in Nature]

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    name_zh_hans: str
    name_en: str
    definition = TranslatedField(models.TextField(_("definition")))
    definition_zh_hans: str
    definition_en: str
    version = models.PositiveIntegerField(_("definition version"), default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    nature = models.CharField(_("nature"), max_length=16, choices=NATURES)
    growth_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="growth_indicators",
        verbose_name=_("growth of"),
        help_text=_("The level whose change this states; the pair implies the prior period."),
    )
    growth_basis = models.CharField(
        _("growth since"),
        max_length=10,
        choices=GrowthBasis.choices,
        default=GrowthBasis.YEAR_AGO,
    )
    share_part = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="share_indicators",
        verbose_name=_("share: the part"),
    )
    share_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="part_indicators",
        verbose_name=_("share of"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(share_part__isnull=True, share_of__isnull=True)
                    | Q(share_part__isnull=False, share_of__isnull=False)
                ),
                name="indicator_share_names_part_and_whole",
            ),
            models.CheckConstraint(
                condition=Q(growth_of__isnull=True) | ~Q(growth_of=F("id")),
                name="indicator_not_its_own_growth",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
