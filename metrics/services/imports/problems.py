"""What is wrong with a file, and where: codes and details, worded when they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place. Rows count from 1 as a spreadsheet does; 0 is the whole file.

    `column` is the text of the header, `cell` what stands there, cut to what can be shown.
    `selectors.import_problems` words the code with its details.
    """

    row: int
    code: str
    column: str = ""
    cell: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class FileRefusedError(Exception):
    """The file cannot be read any further: the problem says where and why."""

    def __init__(self, code: str, *, row: int = 0, column: str = "", **params: Any) -> None:
        super().__init__(code)
        self.problem = Problem(row, code, column, params=params)


class Problems:
    """Everything found wrong. All are counted; the first `most` are kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        self.skipped = 0
        self.found: list[Problem] = []

    def add(
        self, row: int, code: str, *, column: str = "", cell: object = "", **params: Any
    ) -> None:
        self.count += 1
        if len(self.found) < self.most:
            self.found.append(Problem(row, code, column[:200], str(cell)[:200], params))

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.count += 1
            if len(self.found) < self.most:
                self.found.append(problem)
