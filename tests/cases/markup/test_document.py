import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.markup.document import (
    Document,
    canonical_problem,
    normalised_body,
    parse_document,
    read_document,
    render_canonical,
)
from cases.markup.errors import DocumentError, ExhibitError, MarkupError, TokenError

FILE = """---
title: 微众银行：{{ webank.registered-users@2017 }}用户的银行
standfirst: 不设网点。
---

## 一

正文{{ webank.cities@2017 }}座城市。
"""
CANONICAL = FILE.replace("---\n\n##", "---\n##")
NAME = "content/webank.zh-hans.md"


def test_document_is_read_with_slug_language_and_lines() -> None:
    document = parse_document(FILE, filename=NAME)
    assert document.title == "微众银行：{{ webank.registered-users@2017 }}用户的银行"
    assert document.standfirst == "不设网点。"
    assert document.body == "## 一\n\n正文{{ webank.cities@2017 }}座城市。\n"
    assert (document.slug, document.language) == ("webank", "zh-hans")
    assert (document.title_line, document.standfirst_line, document.body_line) == (2, 3, 6)


def test_document_without_standfirst_or_body_is_read() -> None:
    document = parse_document("---\ntitle: t\n---\n")
    assert (document.standfirst, document.body) == ("", "")
    assert render_canonical(document) == "---\ntitle: t\n---\n"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "front matter"),
        ("## 一\n", 1, "front matter"),
        ("---\ntitle: t\n", 1, "front matter"),
        ("\n---\ntitle: t\n---\n", 1, "front matter"),
        ("---\n---\n", 2, "front matter to be a mapping"),
        ("---\nstandfirst: s\n---\n", 2, "expected the key 'title'"),
        ("---\ntitle: t\nauthor: x\n---\n", 3, "unknown key 'author'"),
        ("---\ntitle: t\ntitle: u\n---\n", 3, "once"),
        ("---\ntitle:\n---\n", 2, "to be a text"),
        ("---\ntitle: ''\n---\n", 2, "1 to 300 characters"),
        ("---\ntitle: [a]\n---\n", 2, "to be a text"),
        ("---\ntitle: {{ a.b@2017 }} x\n---\n", 2, "expected YAML"),
        ("---\ntitle: a: b\n---\n", 2, "expected YAML"),
        ("---\ntitle: t\nstandfirst: |\n  a\n  b\n---\n", 3, "on one line"),
    ],
)
def test_malformed_front_matter_is_refused_with_file_and_line(
    text: str, line: int, expected: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(text, filename=NAME)
    assert expected in caught.value.message
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{NAME}:{line}:")


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("---\ntitle: t {{ x }}\n---\n", TokenError, 2),
        ("---\ntitle: t\nstandfirst: s {{ x }}\n---\n", TokenError, 3),
        ("---\ntitle: t\n---\n甲\n\n乙 {{ x }}\n", TokenError, 6),
        ("---\ntitle: t\n---\n\n\n甲 {{ x }}\n", TokenError, 6),
        ("---\ntitle: t\n---\n甲\n```chart\ntype: pie\n```\n", ExhibitError, 6),
        ("---\ntitle: t\n---\n甲\n\n# 乙\n", MarkupError, 6),
    ],
)
def test_malformed_markup_is_refused_with_file_and_line(
    text: str, error: type[MarkupError], line: int
) -> None:
    with pytest.raises(error) as caught:
        parse_document(text, filename=NAME)
    assert (caught.value.filename, caught.value.line) == (NAME, line)


def test_all_problems_of_a_document_are_listed() -> None:
    document = read_document("---\ntitle: '{{ x }}'\n---\n{{ y }}\n\n{{ z }}\n", filename=NAME)
    assert [problem.line for problem in document.problems] == [2, 4, 6]


@pytest.mark.parametrize("name", ["webank.md", "webank.fr.md", "Web Bank.en.md", "webank.en.txt"])
def test_other_file_names_are_refused(name: str) -> None:
    with pytest.raises(DocumentError, match="zh-hans"):
        parse_document(FILE, filename=name)


def test_canonical_file_round_trips_byte_for_byte() -> None:
    assert render_canonical(parse_document(CANONICAL, filename=NAME)) == CANONICAL
    assert canonical_problem(CANONICAL, filename=NAME) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (FILE, 5),
        (CANONICAL + "\n", 8),
        (CANONICAL.rstrip("\n"), 7),
        (CANONICAL.replace("不设网点。", "'不设网点。'"), 3),
        (CANONICAL.replace("\n", "\r\n"), 1),
        ("\ufeff" + CANONICAL, 1),
        ("---\nstandfirst: s\ntitle: t\n---\n", 2),
        ("---\ntitle: t\nstandfirst: >-\n  a\n  b\n---\n", 3),
    ],
)
def test_other_forms_are_reported_at_the_first_line_that_differs(text: str, line: int) -> None:
    problem = canonical_problem(text, filename=NAME)
    assert problem is not None
    assert (problem.filename, problem.line) == (NAME, line)
    canonical = render_canonical(parse_document(text, filename=NAME))
    assert canonical_problem(canonical, filename=NAME) is None


PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff"), max_size=80
)
WORDS = PRINTABLE.map(str.strip).filter(lambda text: text and "{{" not in text)


@settings(deadline=None)
@given(title=WORDS, standfirst=WORDS | st.just(""), body=st.lists(PRINTABLE).map("\n".join))
def test_any_document_round_trips_through_its_canonical_form(
    title: str, standfirst: str, body: str
) -> None:
    written = render_canonical(Document(title, standfirst, body))
    document = read_document(written)
    assert (document.title, document.standfirst) == (title, standfirst)
    assert document.body == normalised_body(body)
    assert render_canonical(document) == written


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \t\r\n\ufeff"), max_size=40))
def test_normalising_a_body_twice_changes_nothing(text: str) -> None:
    once = normalised_body(text)
    assert normalised_body(once) == once
    assert "\r" not in once
    assert once == "" or (once.endswith("\n") and not once.endswith("\n\n"))


def fault_of(text: str) -> MarkupError | None:
    try:
        parse_document(text, filename=NAME)
    except MarkupError as error:
        return error
    return None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_file_is_a_document_or_a_markup_error(text: str) -> None:
    for source in (text, f"---\n{text}\n---\n{text}", f"---\ntitle: t\n---\n{text}"):
        fault = fault_of(source)
        if fault:
            assert fault.filename == NAME
            assert 1 <= fault.line <= source.count("\n") + source.count("\r") + 2
