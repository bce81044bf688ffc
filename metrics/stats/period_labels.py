"""Periods in words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics.stats.periods import Period

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MOMENTS = ("stock", "cumulative")  # natures whose annual value is that of the year's last day


def period_label(
    period: Period, language: str, nature: str | None = None, reported_year: int | None = None
) -> str:
    """Return the label of a period in ``zh-hans`` or ``en``.

    A stock or cumulative value of a year reads 2017年末, end of 2017. An undated one is told by
    the year of its source (2019年报道, as reported in 2019) and is empty without it.
    """
    is_chinese = language.startswith("zh")
    if period.kind == "undated":
        return _undated(reported_year, is_chinese)
    if period.kind == "A" and nature in _MOMENTS:
        return f"{period.code}年末" if is_chinese else f"end of {period.code}"
    label = _chinese if is_chinese else _english
    if period.kind == "open":
        start = label(period.code.rstrip("/"))
        return f"{start}起" if is_chinese else f"since {start}"
    if period.kind == "span":
        return _span(period, is_chinese)
    return label(period.code)


def _undated(year: int | None, is_chinese: bool) -> str:
    if year is None:
        return ""
    return f"{year}年报道" if is_chinese else f"as reported in {year}"


def _span(period: Period, is_chinese: bool) -> str:
    first, last = period.code.split("/")
    if len(first) == 4:
        return f"{first}—{last}年" if is_chinese else f"{first}–{last}"
    if is_chinese:
        return f"{_chinese(first)}—{_chinese(last)}"
    return f"{_english(first)} – {_english(last)}"


def _chinese(code: str) -> str:
    year, _, part = code.partition("-")
    if not part:
        return f"{year}年"
    if part[0] == "S":
        return f"{year}年{'上半年' if part == 'S1' else '下半年'}"
    if part[0] == "Q":
        return f"{year}年第{part[1:]}季度"
    if part[0] == "W":
        return f"{year}年第{int(part[1:])}周"
    month, _, number = part.partition("-")
    return f"{year}年{int(month)}月" + (f"{int(number)}日" if number else "")


def _english(code: str) -> str:
    year, _, part = code.partition("-")
    if not part:
        return year
    if part[0] in "SQ":
        return f"{'H' if part[0] == 'S' else 'Q'}{part[1:]} {year}"
    if part[0] == "W":
        return f"week {int(part[1:])} of {year}"
    month, _, number = part.partition("-")
    name = _MONTHS[int(month) - 1]
    return f"{int(number)} {name} {year}" if number else f"{name} {year}"
