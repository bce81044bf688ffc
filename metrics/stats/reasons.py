"""Why there is no value: the codes of every null.

Sources and editors record the first four; arithmetic gives the others, and says input_missing of
what it was not given.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    NOT_REPORTED = "not_reported"
    NOT_YET_DUE = "not_yet_due"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    INPUT_MISSING = "input_missing"
    INSUFFICIENT_HISTORY = "insufficient_history"
    INCOMPLETE_PERIOD = "incomplete_period"
    BREAK = "break"
    BASE_ZERO = "base_zero"
    SIGN_CHANGE = "sign_change"
    NOT_DETERMINABLE = "not_determinable"


RECORDED = frozenset({Reason.NOT_REPORTED, Reason.NOT_YET_DUE, Reason.RESTRICTED, Reason.WITHDRAWN})
COMPUTED = frozenset(Reason) - RECORDED
EVERY = frozenset(Reason)
