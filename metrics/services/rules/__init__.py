"""Expanding rules into inputs, versioned by seq; refusing what cannot be computed."""

from metrics.services.rules.checks import PAIR_ROLES, RuleError
from metrics.services.rules.expansion import series_for
from metrics.services.rules.sync import save_definition, sync_rules

__all__ = ["PAIR_ROLES", "RuleError", "save_definition", "series_for", "sync_rules"]
