"""What is wrong in a text is told in the language of whoever edits it, whoever parsed it first."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from cases.markup import exhibit_reading, markdown, tokens, wording, yaml_reader
from cases.markup.document import canonical_problem, read_document
from cases.markup.errors import MarkupError
from cases.markup.exhibit_source import exhibit_data
from cases.markup.markdown import parse_body
from cases.selectors.problems import told_fault

MARKUP = Path(settings.BASE_DIR, "cases", "markup")
CHART = "type: line\ntitle: T\nseries: [a.b]\n"
TABLE = "title: T\nseries: [a.b]\nperiods: [latest]\n"


def exhibit(kind: str, body: str) -> str:
    return f"```{kind}\n{body.strip()}\n```\n"


FAULTY = [
    "x" * (markdown.MAX_TEXT_LENGTH + 1),
    "# One",
    "![x](/a/)",
    "{{ x",
    "{{ x@2017 }}",
    "{{ a.b }}",
    "{{ a.b@20l7 }}",
    "{{ a.b@2017 | wrong }}",
    "{{ a.b@2017 | plain | plain }}",
    "{{ a.b@2017 | round:x }}",
    "{{ a.b@2017 | scale:dozen }}",
    "{{ a.b@2017 }}\n" * (markdown.MAX_FIGURES + 1),
    exhibit("timeline", "entity: a") * (markdown.MAX_EXHIBITS + 1),
    '[more]{if="a.b@2017"}',
    '[more]{if="a.b@2017 > x"}',
    '[more]{if="a.b@2017 > "}',
    '[more]{if="a.b@2017 > min"}',
    '[more]{if="a.b@2017 > nim(1)"}',
    '[more]{if="a.b@2017 > abs(1, 2)"}',
    '[more]{if="a.b@2017 > 1 > 2"}',
    '[more]{if="a.b@2017 > 1 1"}',
    '[more]{if="a.b@2017 > (1"}',
    '[more]{if="a.b@2017 > ?"}',
    '[more]{if="a.b@2017 > ' + "(" * 21 + '1"}',
    '[more]{if="' + " and ".join(["1 > 1"] * (wording.MAX_COMPARISONS + 1)) + '"}',
    exhibit("pie", "title: T"),
    exhibit("chart", "x: y"),
    exhibit("chart", "type: line"),
    exhibit("chart", "- a"),
    exhibit("chart", "type: pie\ntitle: T\nseries: [a.b]"),
    exhibit("chart", CHART + "period: 2017"),
    exhibit("chart", CHART.replace("line", "bar")),
    exhibit("chart", CHART + "periods: [2017, 2018]"),
    exhibit("chart", CHART.replace("line", "slope") + "periods: [2018, 2017]"),
    exhibit("chart", CHART.replace("line", "stacked") + "units: pc1"),
    exhibit("chart", CHART + "id: Users"),
    exhibit("chart", CHART + "id: users") * 2,
    exhibit("chart", CHART.replace("[a.b]", "[a]")),
    exhibit("chart", CHART.replace("[a.b]", "[]")),
    exhibit("chart", CHART.replace("[a.b]", "[a.b, a.b]")),
    exhibit("chart", CHART.replace("[a.b]", "a.b")),
    exhibit("chart", CHART.replace("T", "{{ a.b@2017 }}")),
    exhibit("chart", CHART.replace("T", "[a]")),
    exhibit("chart", CHART.replace("T", "x" * (exhibit_reading.MAX_TITLE + 1))),
    exhibit("chart", CHART + "labels:\n  a.b: |\n    one\n    two"),
    exhibit("chart", CHART + "title: U"),
    exhibit("chart", CHART + "labels: [*a"),
    exhibit("chart", CHART + "labels: &a {}"),
    exhibit("chart", CHART + "labels: !x {}"),
    exhibit("chart", CHART + "labels: " + "[" * 9 + "]" * 9),
    exhibit("chart", CHART + "labels: '" + "x" * yaml_reader.MAX_YAML_LENGTH + "'"),
    exhibit("table", TABLE + "units: x"),
    exhibit("table", TABLE.replace("latest", "20l7")),
    exhibit("key-figures", "- value: a.b@2017"),
    exhibit("timeline", "title: T"),
    exhibit("timeline", "entity: A B"),
    exhibit("timeline", "entity: a\nfrom: latest"),
    exhibit("callout", "title: T"),
    exhibit("quote", "text: One."),
    exhibit("quote", "text: One.\nby: A\nsource: A B"),
    exhibit("image", "picture: a"),
    exhibit("image", "picture: A B\nalt: c"),
    exhibit("callout", "text: a\x01b"),
    "`" + exhibit("callout", "text: |\n  ```chart\n  ```").rstrip() + "`",
]


@pytest.mark.parametrize("body", FAULTY, ids=lambda body: body[:60])
def test_fault_is_told_in_chinese_and_then_in_english(body: str) -> None:
    with override("zh-hans"):
        faults = parse_body(body).faults
        told = [told_fault(fault) for fault in faults]
    assert told
    for text in told:
        assert text.startswith("第")
        assert not re.search(r"expected|unknown|, not | of ", text), text
    with override("en"):
        for fault in faults:
            assert told_fault(fault) == f"Line {fault.line}: {fault.message}"


def faults_of_files() -> list[MarkupError]:
    found = [canonical_problem("---\ntitle: t\n---\nA  \n\n\n")]
    for text, name in (("x", ""), ("---\nname: t\n---\n", ""), ("---\ntitle: t\n---\n", "x.md")):
        with pytest.raises(MarkupError) as caught:
            read_document(text, filename=name)
        found.append(caught.value)
    with pytest.raises(MarkupError) as caught:
        exhibit_data("One.")
    return [fault for fault in [*found, caught.value] if fault is not None]


def test_faults_of_files_and_pasted_blocks_are_told_in_chinese_too() -> None:
    faults = faults_of_files()
    assert len(faults) == 5
    with override("zh-hans"):
        assert not [told for told in map(told_fault, faults) if "expected" in told]


def test_message_of_a_kept_error_is_a_phrase_wherever_the_markup_raises_one() -> None:
    """Words written out would be English for everybody."""
    written = [
        f"{path.name}:{call.lineno}"
        for path in sorted(MARKUP.glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and call.args
        if re.search(r"(Error|\.fault|_not_yaml)$", ast.unparse(call.func))
        if isinstance(call.args[0], ast.JoinedStr | ast.Constant | ast.BinOp)
    ]
    assert written == []


def test_every_template_of_the_markup_is_met_by_a_fault() -> None:
    """So that a message without an example here is noticed."""
    met: set[str] = set()

    def meet(words: object) -> None:
        template = getattr(words, "template", None)
        if template is not None:
            met.add(template)
            for param in words.params.values():  # type: ignore[attr-defined]
                meet(param)

    for fault in [*(f for body in FAULTY for f in parse_body(body).faults), *faults_of_files()]:
        meet(fault.message)
    assert templates() - met == set()


def templates() -> set[str]:
    calls = (
        call
        for path in MARKUP.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Phrase"
    )
    return {ast.literal_eval(call.args[0]) for call in calls}


def test_tokens_are_named_in_full_to_chinese_editors() -> None:
    with pytest.raises(tokens.TokenError) as caught:
        tokens.parse_token("{{ a.b@20l7 }}")
    with override("zh-hans"):
        assert told_fault(caught.value) == (
            "第1行：应为时期，如 2018、2018-Q4、2018-12、2007/2018、undated、latest 或 previous，"
            "而不是 '20l7'"
        )
