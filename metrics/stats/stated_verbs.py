"""Verbs that stated changes begin with: 增长, 下降, 增至, rose, fell, grew to."""

from __future__ import annotations

import re
from enum import StrEnum

from metrics.stats.scanner import Scanner
from metrics.stats.wording import Qualifier

_SINCE = r"(?:同比|环比|年均|累计|比上年|较上年|比上年同期|较上年同期)?(?:实际|名义)?"
_RISE = "增长|增加|增幅|上升|上涨|提高|提升|扩大"
_FALL = "下降|减少|下滑|下跌|降低|降幅|缩小"
_TO = "[至到]"
_PATTERN = re.compile(
    rf"{_SINCE}(?:(?P<became>(?:{_RISE}|{_FALL}){_TO}|[增升涨]至)|(?P<rose>{_RISE})[了为达]?"
    rf"|(?P<fell>{_FALL})[了为达]?)"
    r"|(?P<grew_to>(?:grew|rose|increased|climbed) to)(?![a-z])"
    r"|(?P<grew>grew|rose|increased|climbed|gained|up(?! to(?![a-z])))(?: by)?(?![a-z])"
    r"|(?P<sank>fell|declined|decreased|dropped|shrank|down)(?: by)?(?! to(?![a-z]))(?![a-z])",
    re.IGNORECASE,
)
_VERBAL_KINDS = ("growth", "points", "times")
# "Fell by more than 10" is a change of less than −10; "fell by nearly 10" one of more than that.
_FLIPPED = {
    Qualifier.OVER: Qualifier.UNDER,
    Qualifier.UNDER: Qualifier.OVER,
    Qualifier.NEARLY: Qualifier.OVER,
}


class Verb(StrEnum):
    """``became`` tells what a figure grew to, the others by how much it changed."""

    NONE = ""
    ROSE = "rose"
    FELL = "fell"
    BECAME = "became"


def take_verb(scanner: Scanner, unit_kind: str) -> Verb:
    """Take the verb of a change, where the unit is that of one."""
    if unit_kind not in _VERBAL_KINDS:
        return Verb.NONE
    match = scanner.match(_PATTERN)
    if match is None:
        return Verb.NONE
    if match["became"] or match["grew_to"]:
        return Verb.BECAME
    return Verb.ROSE if match["rose"] or match["grew"] else Verb.FELL


def flipped(qualifier: Qualifier) -> Qualifier:
    """Return the qualifier of a fall, told of the change itself, which is below zero."""
    return _FLIPPED.get(qualifier, qualifier)
