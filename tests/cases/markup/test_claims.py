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
