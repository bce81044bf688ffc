"""The cells a page stands on: those it quotes, and those that its derived values are made of."""

from collections.abc import Collection, Mapping

from cases.markup.references import cells_of
from cases.markup.text import ParsedText
from cases.selectors.figures import UNCHANGED, Figures
from metrics.selectors.notices import taken_inputs
from metrics.stats.periods import Period

EVERY_PERIOD = "*"
# series id → codes of periods
Cells = dict[int, set[str]]


def quoted_cells(text: ParsedText, figures: Figures) -> Cells:
    """What a text quotes. A transform takes other periods too: then every one counts."""
    quoted: Cells = {}
    for cell in cells_of(text):
        series = figures.panel.series.get(cell.series)
        if series is not None:
            codes = quoted.setdefault(series.pk, set())
            codes |= {period.code for period in figures.periods(cell)}
            codes |= set() if cell.transform == UNCHANGED else {EVERY_PERIOD}
    return quoted


def inputs_of(quoted: Cells, figures: Figures) -> dict[int, set[int]]:
    """The series that the derived values among the cells are computed from. One query."""
    return taken_inputs(_derived(quoted, figures), figures.seq)


def with_inputs(quoted: Cells, figures: Figures, inputs: Mapping[int, set[int]]) -> Cells:
    """The cells, and of what their derived values are computed from those of periods near theirs.

    `inputs` are those of at least these cells. No query.
    """
    cells = {series_id: set(codes) for series_id, codes in quoted.items()}
    for series_id, codes in _derived(quoted, figures).items():
        for input_id in inputs.get(series_id, ()):
            cells.setdefault(input_id, set()).update(_near(codes))
    return cells


def _derived(quoted: Cells, figures: Figures) -> Cells:
    """The quoted cells that rules make."""
    keys = {series.pk: key for key, series in figures.panel.series.items()}
    found: Cells = {}
    for series_id, codes in quoted.items():
        values = figures.panel.values_of(keys[series_id]).values()
        made = {value.period.code for value in values if value.rule_version_id is not None}
        if EVERY_PERIOD in codes and made:
            found[series_id] = {EVERY_PERIOD}
        elif codes & made:
            found[series_id] = codes & made
    return found


def _near(codes: Collection[str]) -> set[str]:
    """The periods, those before, which growth takes, and those after, which imply a level."""
    near = set(codes)
    for code in codes:
        if code != EVERY_PERIOD:
            period = Period.parse(code)
            beside = (period.previous(n) for n in (1, -1))
            years = (period.year_ago(n) for n in (1, -1))
            near |= {one.code for one in (*beside, *years) if one is not None}
    return near
