"""Matching in plain Python, as the database matches: what tests of the tokenizer compare with."""

import re

from cases.search.queries import parse_query
from cases.search.tokens import lexemes, squeezed


def finds(words: str, text: str) -> bool:
    """Whether a query finds a text."""
    query = parse_query(words)
    known = {lexeme for together in lexemes(text) for lexeme in together}
    terms = query.expression.split(" & ") if query.expression else []
    is_there = terms and all(_has(term, known) for term in terms)
    return bool(is_there) and all(passage in squeezed(text) for passage in query.passages)


def _has(term: str, known: set[str]) -> bool:
    if term.endswith(":*"):
        return any(lexeme.startswith(term[1:-3]) for lexeme in known)
    return any(lexeme in known for lexeme in re.findall(r"'([^']*)'", term))
