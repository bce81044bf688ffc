"""What a text claims, part by part and line by line."""

from cases.markup.claims import claiming_sentences, typed_numbers
from cases.markup.text import Text, parse_text

BODY = """\
First it says nothing.

Users rose to {{ a.b@2018 }}. It was 2018. They
[more than doubled]{if="a.g@2018 > 100"}, and 3 others did not.

```callout
title: 'Of {{ a.c@2018 }}'
text: |
  Nothing here.
  But {{ a.d@2018 }} here.
```
"""
TEXT = Text('A title of {{ a.b@2017 }} that [rose]{if="a.b@2017 > 1"}', "A standfirst.", BODY)


def test_sentences_that_quote_are_found_with_their_lines() -> None:
    found = claiming_sentences(TEXT, parse_text(TEXT))
    assert [(one.part, one.line, one.source) for one in found] == [
        ("title", 1, 'A title of {{ a.b@2017 }} that [rose]{if="a.b@2017 > 1"}'),
        ("body", 3, "Users rose to {{ a.b@2018 }}."),
        ("body", 3, 'They [more than doubled]{if="a.g@2018 > 100"}, and 3 others did not.'),
        ("body", 7, "Of {{ a.c@2018 }}"),
        ("body", 10, "But {{ a.d@2018 }} here."),
    ]
    assert [[f.series for f in one.figures] for one in found] == [
        ["a.b"], ["a.b"], [], ["a.c"], ["a.d"]
    ]  # fmt: skip
    assert [[w.words for w in one.wordings] for one in found] == [
        ["rose"], [], ["more than doubled"], [], []
    ]  # fmt: skip


def test_typed_numbers_are_classified() -> None:
    assert [(n.part, n.line, n.text, n.exempt) for n in typed_numbers(TEXT)] == [
        ("body", 3, "2018", "date"),
        ("body", 4, "doubled", "wording"),
        ("body", 4, "3", None),
    ]
    assert [n.text for n in typed_numbers(Text("5 banks", "Half of 6", ""))] == ["5", "Half", "6"]


IMAGE = """```image
picture: a
alt: 'Of {{ a.b@2017 }} that [rose]{if="a.b@2017 > 1"}, 3 banks'
caption: And 4 more of {{ a.c@2018 }}.
```
"""


def test_words_for_the_blind_and_captions_of_pictures_are_claims() -> None:
    text = Text("T", "S", IMAGE)
    found = claiming_sentences(text, parse_text(text))
    assert [(one.line, [f.series for f in one.figures]) for one in found] == [
        (3, ["a.b"]),
        (4, ["a.c"]),
    ]
    assert [w.words for w in found[0].wordings] == ["rose"]
    numbers = [(n.line, n.text, n.exempt) for n in typed_numbers(text)]
    assert (3, "3", None) in numbers
    assert (4, "4", None) in numbers


QUOTED = '```quote\ntext: 有{{ a.b@2017 }}人，[过半]{if="a.b@2017 > 1"}，3家。\nby: 某人\n```\n'


def test_words_of_a_quote_are_claims_and_its_numbers_are_seen() -> None:
    text = Text("", "", QUOTED)
    (sentence,) = claiming_sentences(text, parse_text(text))
    assert (sentence.line, sentence.figures[0].series) == (2, "a.b")
    assert [one.words for one in sentence.wordings] == ["过半"]
    assert [(one.text, one.exempt) for one in typed_numbers(text)] == [
        ("过半", "wording"),
        ("3", None),
    ]
