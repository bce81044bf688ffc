"""What a query asks the database."""

import pytest

from cases.search.queries import QueryError, parse_query
from tests.cases.search.finding import finds


@pytest.mark.parametrize(
    ("words", "expression", "passages"),
    [
        ("金融", "'金融'", ()),
        ("金", "'金':*", ()),
        ("金融科技", "'金融' & '融科' & '科技'", ("金融科技",)),
        ("微众 银行", "'微众' & '银行'", ()),
        ("Banks", "('banks' | 'bank')", ()),
        ("the bank", "'bank'", ()),
        ("the", "'the'", ()),
        ("8.29亿", "'8.29' & '亿':*", ("8.29亿",)),
        ("3,400万", "'3400' & '万':*", ("3400万",)),
        ("a'b\\c:*|!<->", "'b' & 'c'", ()),
        ("！？", "", ()),
        ("", "", ()),
        ("bank bank", "'bank'", ()),
    ],
)
def test_words_become_an_expression(words: str, expression: str, passages: tuple[str, ...]) -> None:
    query = parse_query(words)
    assert (query.expression, query.passages) == (expression, passages)


@pytest.mark.parametrize("words", ["字" * 101, "a b c d e f g h i j k"])
def test_longer_query_is_refused(words: str) -> None:
    with pytest.raises(QueryError):
        parse_query(words)


@pytest.mark.parametrize("words", ["字" * 100, " a b c d e f g h i j ", "x\0y"])
def test_query_up_to_the_bounds_is_taken(words: str) -> None:
    assert not parse_query(words).is_empty


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("loan", "Loans to small firms"),
        ("lending banks", "A bank that lends"),
        ("WEBANK", "WeBank's users"),
        ("829 million", "had 829 million users"),
        ("5G网络", "用5G 网络"),
        ("ｗｅｂａｎｋ", "WeBank"),
    ],
)
def test_query_finds_the_text(words: str, text: str) -> None:
    assert finds(words, text)


@pytest.mark.parametrize(("words", "text"), [("bank loan", "A bank"), ("29亿", "8.29亿人")])
def test_every_term_has_to_be_there(words: str, text: str) -> None:
    assert not finds(words, text)
