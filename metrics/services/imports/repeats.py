"""Whether a file may speak of a slot twice, as far as its order tells."""

from collections.abc import Sequence
from itertools import groupby


class Repeats:
    """Sees the slots of a file as it is read; most files are ordered by series.

    `are_possible` stays false only if every series came in one run, without a period twice in it:
    then no slot is repeated, and the database need not group millions of rows to know it.
    """

    def __init__(self) -> None:
        self.are_possible = False
        self._seen: set[str] = set()
        self._series = ""
        self._periods: set[str] = set()

    def see(self, series: Sequence[str], periods: Sequence[str]) -> None:
        """The series and the periods of some more rows, in the order of the file."""
        if self.are_possible:
            return
        start = 0
        for one, run in groupby(series):
            end = start + len(list(run))
            self._see_run(one, periods[start:end])
            start = end

    def _see_run(self, series: str, periods: Sequence[str]) -> None:
        if series != self._series:
            self.are_possible |= series in self._seen
            self._seen.add(series)
            self._series, self._periods = series, set()
        count = len(self._periods) + len(periods)
        self._periods.update(periods)
        self.are_possible |= len(self._periods) < count
