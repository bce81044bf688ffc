"""Where sentences end, and that cutting loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.markup.markdown import parse_body
from cases.markup.sentences import key_of_line, sentences


def cut(text: str) -> list[str]:
    (block,) = [node for node in parse_body(text).nodes if node.type == "inline"]
    return [one.source for one in sentences(block.children or ())[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("一句。两句！三句？四", ["一句。", "两句！", "三句？", "四"]),
        ("“一句。”两句。", ["“一句。”", "两句。"]),
        ("WeBank Inc. and U.S. banks, e.g. Citi. Next.",
         ["WeBank Inc. and U.S. banks, e.g. Citi.", "Next."]),
        ("It rose 3.5 percent. {{ a.b@2018 }} came.",
         ["It rose 3.5 percent.", "{{ a.b@2018 }} came."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("一句。\n两句。", ["一句。", "两句。"]),
        ("其中**大半。**后文。", ["其中大半。", "后文。"]),
        ("**One. Two** three. Four.", ["One. Two three.", "Four."]),
        ("**One.** Two.", ["One.", "Two."]),
        ("[One. Two](/x) three. Four.", ["One. Two three.", "Four."]),
        ('It [grew. Much]{if="a.b@2018 > 1"} then. End.',
         ['It [grew. Much]{if="a.b@2018 > 1"} then.', "End."]),
        ("等等……然后。", ["等等……", "然后。"]),
        ("v2.0 is out. 5 more.", ["v2.0 is out.", "5 more."]),
    ],
)  # fmt: skip
def test_text_is_cut_at_its_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


PIECES = st.sampled_from(
    ["One. ", "二。", "! ", "**", "*", "{{ a.b@2018 }}", "[x](/y)", "\n", "Inc. ", "“", "”", "a ",
     '[w]{if="a.b@2018 > 1"}', "`c. D` ", "3.5"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_every_node_belongs_to_one_sentence_and_marks_are_not_torn(text: str) -> None:
    for block in parse_body(text).nodes:
        if block.type != "inline":
            continue
        children = block.children or []
        nodes, found = sentences(children)
        assert "".join(n.content for n in nodes) == "".join(n.content for n in children)
        ends = [one.end for one in found]
        assert [one.start for one in found] == [0, *ends][: len(found)]
        for one in found:
            depth = 0
            for node in nodes[one.start : one.end]:
                depth += node.nesting
                assert depth >= 0
            assert depth == 0


def test_key_of_a_line_does_not_count_spaces() -> None:
    assert key_of_line(" a  b\n") == key_of_line("a b") != key_of_line("ab")
