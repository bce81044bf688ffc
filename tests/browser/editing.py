"""Helpers for fields in which somebody writes."""

from playwright.sync_api import Locator


def select(field: Locator, words: str) -> None:
    """Select the first place of some words."""
    field.evaluate(
        """(field, words) => {
            const start = field.value.indexOf(words);
            field.focus();
            field.setSelectionRange(start, start + words.length);
        }""",
        words,
    )


def put_caret(field: Locator, *, before: str) -> None:
    field.evaluate(
        """(field, words) => {
            const at = field.value.indexOf(words);
            field.focus();
            field.setSelectionRange(at, at);
        }""",
        before,
    )


def selected(field: Locator) -> str:
    return str(
        field.evaluate("(field) => field.value.slice(field.selectionStart, field.selectionEnd)")
    )
