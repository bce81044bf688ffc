"""Rules: how values are computed from other values, versioned."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from metrics.models.reference import Indicator
from metrics.models.series import Group, Series
from metrics.querysets import IntervalQuerySet


class Rule(models.Model):
    """A computation with a name. What it computes is in its versions, from what in its inputs."""

    class Kind(models.TextChoices):
        SHARE = "share", _("share of a whole")
        RATIO = "ratio", _("ratio")
        RANK = "rank", _("rank in a group")
        SUM = "sum", _("sum of a group")
        DIFFERENCE = "difference", _("difference")
        PEER_INDEX = "peer-index", _("index of the peers' mean")
        FORMULA = "formula", _("formula")
        IMPLIED_PRIOR = "implied-prior", _("implied prior period")

    key = models.CharField(_("key"), max_length=120, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=200))
    name_zh_hans: str
    name_en: str
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    indicator = models.OneToOneField(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rule",
        verbose_name=_("made by the indicator"),
        help_text=_("A growth or share indicator makes its own rule for every entity."),
    )
    group = models.ForeignKey(
        Group,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("group"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_group_wide(self) -> bool:
        """Whether the members are computed together, for the touched periods only."""
        return self.group_id is not None


class RuleVersion(models.Model):
    """The definition in force for seq_from ≤ seq < seq_to.

    `definition` is the rule as written: {"output": key, "inputs": {role: key}, "outputs": {…}}
    for a formula, whose roles are the names in it, "formula": text, and for a quotient of what is
    never below zero "nonnegative": true.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    definition = models.JSONField(_("definition"), default=dict, blank=True)
    seq_from = models.BigIntegerField()
    seq_to = models.BigIntegerField(null=True, blank=True)

    objects = IntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        ordering = ["rule", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(seq_to__isnull=True), name="rule_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"


class RuleInput(models.Model):
    """One edge of the computation: `output` is computed from `input` in the part `role`.

    Group rules have one edge per member (role "member" for a sum, "part" for what is made member
    by member) and one edge of role "whole" per output where the group declares a total; so edges
    grow with the members, never with their square.
    """

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="inputs")
    output = models.ForeignKey(Series, models.PROTECT, related_name="rule_inputs")
    role = models.CharField(max_length=40)
    input = models.ForeignKey(Series, models.PROTECT, related_name="rule_outputs")
    seq_from = models.BigIntegerField()
    seq_to = models.BigIntegerField(null=True, blank=True)

    objects = IntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule input")
        verbose_name_plural = _("rule inputs")
        ordering = ["version", "output", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "output", "role", "input"],
                condition=Q(seq_to__isnull=True),
                name="rule_input_once",
            ),
            models.CheckConstraint(
                condition=Q(seq_to__isnull=True) | Q(seq_to__gt=F("seq_from")),
                name="rule_input_interval_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.output_id} ← {self.role} {self.input_id}"
