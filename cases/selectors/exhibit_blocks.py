"""Exhibits as the editor's forms build and open them: told by the parser that reads texts."""

from cases.markup.errors import ExhibitError, MarkupError
from cases.markup.exhibit_source import Data, exhibit_data, exhibit_source, faulty_field
from cases.selectors.picking import PickingError
from cases.selectors.problems import text_problems, told_fault
from metrics.translation import translated


class BlockError(ValueError):
    """Why a form makes no exhibit: the words, the field and, of several rows, which one."""

    def __init__(self, message: str, field: str = "", row: int = 0) -> None:
        super().__init__(message)
        self.field = field
        self.row = row


def built_block(kind: str, data: Data) -> str:
    """The fenced block for the values of a form; raises BlockError. Four queries at most."""
    try:
        source = exhibit_source(kind, data)
    except ExhibitError as error:
        raise BlockError(translated(error.message), *faulty_field(data, error)) from None
    problems = text_problems("", "", source)
    if problems:
        raise BlockError(" ".join(problem.message for problem in problems))
    return source


def opened_block(source: str) -> tuple[str, Data]:
    """Kind and values of a fenced block; raises PickingError with line and reason. No query."""
    try:
        return exhibit_data(source)
    except MarkupError as error:
        raise PickingError(told_fault(error)) from None
