"""Layouts: how a file of values is read, saved by name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from metrics.models.observation import NullReason
from metrics.models.reference import Indicator, Source
from metrics.models.series import Series


def usual_missing_markers() -> list[str]:
    return ["", "..", "NA"]


class ImportLayout(models.Model):
    """Where values, periods and entities stand in a file, and what the file leaves unsaid.

    `columns` maps a role to the text of a header cell (services.imports.layout lists the roles).
    What is the same for the whole file (indicator, source, frequency) is fixed here instead.
    """

    class FileKind(models.TextChoices):
        AUTO = "auto", _("by the file's name")
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    class Encoding(models.TextChoices):
        AUTO = "auto", _("recognised")
        UTF_8 = "utf-8", "UTF-8"
        UTF_8_SIG = "utf-8-sig", _("UTF-8 with a byte order mark")
        GB18030 = "gb18030", "GB 18030 (GBK, GB 2312)"

    class Delimiter(models.TextChoices):
        AUTO = "auto", _("recognised")
        COMMA = ",", _("comma")
        SEMICOLON = ";", _("semicolon")
        TAB = "\t", _("tab")
        BAR = "|", _("vertical bar")

    class Shape(models.TextChoices):
        LONG = "long", _("long: one value a row")
        WIDE = "wide", _("wide: many values a row")

    class Headers(models.TextChoices):
        PERIODS = "periods", _("periods")
        INDICATORS = "indicators", _("keys of indicators")
        SERIES = "series", _("keys of series")

    class PeriodFormat(models.TextChoices):
        CODE = "code", _("period codes: 2018, 2018-Q4, 2018-12, 2018-12-31")
        FIRST_DAY = "first-day", _("the first day of the period")
        ANY_DAY = "any-day", _("any day of the period")

    class DecimalMark(models.TextChoices):
        POINT = ".", _("point")
        COMMA = ",", _("comma")

    class ThousandsMark(models.TextChoices):
        NONE = "", _("none")
        COMMA = ",", _("comma")
        POINT = ".", _("point")
        SPACE = " ", _("space")

    class Precision(models.TextChoices):
        PRINTED = "printed", _("to the last digit printed")
        EXACT = "exact", _("exactly as it stands")

    class Missing(models.TextChoices):
        SKIP = "skip", _("leave the row out")
        NULL = "null", _("record that there is no value")

    class EntityCodes(models.TextChoices):
        SLUG = "slug", _("our own slugs")
        ISO3 = "iso3", _("ISO 3166 codes of three letters")
        NAME = "name", _("names")

    class Unknown(models.TextChoices):
        REFUSE = "refuse", _("refuse the file")
        CREATE = "create", _("propose new ones")

    class Mode(models.TextChoices):
        RECORD = "record", _("record values")
        BACKFILL = "backfill", _("add past vintages")

    # A unit of the file in units of the series: the power of ten, exactly.
    SCALES = [
        (0, _("as it stands")),
        (3, _("thousands")),
        (4, _("万, ten thousands")),
        (6, _("millions")),
        (8, _("亿, hundred millions")),
        (9, _("billions")),
        (12, _("万亿, trillions")),
        (-2, _("hundredths")),
    ]

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    name_zh_hans: str
    name_en: str
    file_kind = models.CharField(
        _("kind of file"), max_length=4, choices=FileKind.choices, default=FileKind.AUTO
    )
    encoding = models.CharField(
        _("encoding"), max_length=9, choices=Encoding.choices, default=Encoding.AUTO
    )
    delimiter = models.CharField(
        _("delimiter"), max_length=4, choices=Delimiter.choices, default=Delimiter.AUTO
    )
    sheet = models.CharField(
        _("sheet"), max_length=31, blank=True, help_text=_("Empty: the first one.")
    )
    header_row = models.PositiveSmallIntegerField(_("row of the headers"), default=1)
    shape = models.CharField(_("shape"), max_length=4, choices=Shape.choices, default=Shape.LONG)
    headers = models.CharField(
        _("headers of a wide file are"),
        max_length=10,
        choices=Headers.choices,
        default=Headers.PERIODS,
    )
    columns = models.JSONField(
        _("columns"),
        default=dict,
        help_text=_("Role: header, such as {“entity”: “Country Code”, “value”: “Value”}."),
    )
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("indicator of every value"),
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source of every value"),
    )
    frequency = models.CharField(
        _("frequency"),
        max_length=1,
        choices=Series.Frequency.choices,
        default=Series.Frequency.ANNUAL,
    )
    period_format = models.CharField(
        _("periods are written as"),
        max_length=9,
        choices=PeriodFormat.choices,
        default=PeriodFormat.CODE,
    )
    scale = models.SmallIntegerField(_("values are in"), choices=SCALES, default=0)
    decimal_mark = models.CharField(
        _("decimal mark"), max_length=1, choices=DecimalMark.choices, default=DecimalMark.POINT
    )
    thousands_mark = models.CharField(
        _("thousands mark"),
        max_length=1,
        blank=True,
        choices=ThousandsMark.choices,
        default=ThousandsMark.NONE,
    )
    precision = models.CharField(
        _("values are known"), max_length=7, choices=Precision.choices, default=Precision.PRINTED
    )
    missing_markers = models.JSONField(
        _("cells that mean “no value”"), default=usual_missing_markers, blank=True
    )
    missing = models.CharField(
        _("where there is no value"), max_length=4, choices=Missing.choices, default=Missing.SKIP
    )
    missing_reason = models.CharField(
        _("reason for no value"),
        max_length=24,
        choices=NullReason.choices,
        default=NullReason.NOT_REPORTED,
    )
    entity_codes = models.CharField(
        _("entities are written as"),
        max_length=4,
        choices=EntityCodes.choices,
        default=EntityCodes.SLUG,
    )
    entities = models.JSONField(
        _("entities by code"),
        default=dict,
        blank=True,
        help_text=_("Code: slug, for what is not found by the rule above."),
    )
    indicators = models.JSONField(
        _("indicators by code"), default=dict, blank=True, help_text=_("Code: key.")
    )
    unknown_entities = models.CharField(
        _("unknown entities"), max_length=6, choices=Unknown.choices, default=Unknown.REFUSE
    )
    complete = models.BooleanField(
        _("the file is complete"),
        default=False,
        help_text=_("Values of its source that the file leaves out are withdrawn."),
    )
    preferred = models.BooleanField(
        _("preferred"),
        default=True,
        help_text=_("New values of this source are what readers see where sources differ."),
    )
    mode = models.CharField(_("mode"), max_length=8, choices=Mode.choices, default=Mode.RECORD)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("import layout")
        verbose_name_plural = _("import layouts")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(header_row__gte=1), name="layout_header_row_from_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        errors = self.contradictions()
        if errors:
            raise ValidationError(errors)

    def contradictions(self) -> dict[str, Any]:
        """What cannot be read as described: messages by field."""
        from metrics.models.import_layout_rules import contradictions

        return contradictions(self)
