"""Exhibits from the values of a form to a fenced block and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.markup.errors import ExhibitError, MarkupError
from cases.markup.exhibit_reading import READERS
from cases.markup.exhibit_source import Data, exhibit_data, exhibit_source, faulty_field
from cases.markup.markdown import parse_body

EVERY: dict[str, Data] = {
    "chart": {
        "type": "bar",
        "title": "Users: {{ a.users@2017 }}",
        "series": ["a.users", "b.users"],
        "period": "2017",
        "labels": {"a.users": "A"},
        "units": "pc1",
    },
    "table": {"title": "T", "series": ["a.users"], "periods": ["2017", "latest"]},
    "key-figures": [
        {"value": "a.users@2017 | round:1", "label": "Users", "note": "Up {{ a.growth@2017 }}"},
        {"value": "b.users@latest", "label": "Others"},
    ],
    "timeline": {"entities": ["a", "b"], "title": "T", "from": "2014", "to": "2019"},
    "quote": {
        "text": "It has {{ a.users@2017 }} users.",
        "by": "A",
        "source": "s-1",
        "locator": "2",
    },
    "image": {"picture": "a-1", "alt": "A branch of {{ a.users@2017 }}", "caption": "Here."},
    "callout": {
        "title": "Note: this",
        "text": "One.\n\nTwo **bold**, {{ a.users@2017 }}.\n```\ncode\n```",
    },
}


def test_every_kind_of_exhibit_is_tried() -> None:
    assert set(EVERY) == set(READERS)


@pytest.mark.parametrize("kind", EVERY)
def test_what_is_written_reads_back_the_same(kind: str) -> None:
    source = exhibit_source(kind, EVERY[kind])
    assert exhibit_data(source) == (kind, EVERY[kind])
    parsed = parse_body(f"Before.\n\n{source}\nAfter.")
    assert parsed.faults == ()
    assert len(parsed.exhibits) == 1


WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=80).map(
    lambda text: " ".join(text.replace("{{", "").split()).lstrip("#`~!")
)


@given(title=WORDS, first=WORDS, second=WORDS)
def test_any_words_survive(title: str, first: str, second: str) -> None:
    text = f"{first or 'x'}\n\n{second or 'y'}"
    data = {"title": title, "text": text} if title else {"text": text}
    assert exhibit_data(exhibit_source("callout", data)) == ("callout", data)


def test_empty_values_are_left_out_and_keys_stand_in_their_order() -> None:
    source = exhibit_source(
        "chart",
        {"labels": {"a.users": ""}, "series": ["a.users", ""], "title": " T ", "type": "line"},
    )
    assert source == "```chart\ntype: line\ntitle: T\nseries:\n- a.users\n```\n"


@pytest.mark.parametrize(
    ("kind", "data", "field", "row"),
    [
        ("chart", {"type": "pie", "title": "T", "series": ["a.users"]}, "type", 0),
        ("chart", {"type": "line", "title": "T", "series": ["users"]}, "series", 0),
        ("chart", {"type": "line", "title": "T", "series": ["a.users", "users"]}, "series", 1),
        ("chart", {"type": "line", "series": ["a.users"]}, "title", 0),
        ("chart", {"type": "bar", "title": "T", "series": ["a.users"]}, "period", 0),
        ("key-figures", [{"value": "a.users@2017"}], "label", 0),
        ("chart", {"type": "line", "title": "{{ x }}", "series": ["a.users"]}, "title", 0),
        (
            "key-figures",
            [{"value": "a.users@2017", "label": "L"}, {"value": "a.users", "label": "M"}],
            "value",
            1,
        ),
        ("key-figures", [{"value": "a.users@2017", "label": "{{ x }}"}], "label", 0),
        ("timeline", {"entities": ["Bad One"]}, "entities", 0),
        ("callout", {"title": "T", "text": "# Too high"}, "text", 0),
    ],
)
def test_fault_names_the_field_and_the_row(kind: str, data: Data, field: str, row: int) -> None:
    with pytest.raises(ExhibitError) as caught:
        exhibit_source(kind, data)
    assert faulty_field(data, caught.value) == (field, row)


def test_fault_of_the_whole_names_no_field() -> None:
    with pytest.raises(ExhibitError) as caught:
        exhibit_source("timeline", {})
    assert faulty_field({}, caught.value) == ("", 0)


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ExhibitError, match="unknown exhibit"):
        exhibit_source("pie", {})


@pytest.mark.parametrize("source", ["", "words", "```chart\ntype: pie\n```", "```\ncode\n```"])
def test_what_is_no_exhibit_is_not_opened(source: str) -> None:
    with pytest.raises(MarkupError):
        exhibit_data(source)
