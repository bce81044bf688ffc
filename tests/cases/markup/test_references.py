from cases.markup.document import parse_document
from cases.markup.references import cells_of, cited_in, entities_of, series_of, timelines_of
from cases.markup.text import Text, parse_text
from cases.markup.tokens import Reference


def cells(body: str = "", title: str = "", standfirst: str = "") -> tuple[Reference, ...]:
    return cells_of(Text(title, standfirst, body))


def test_tokens_of_all_three_parts_are_quoted_in_reading_order() -> None:
    found = cells("{{ a.c@latest }}", title="{{ a.a@2017 }}", standfirst="{{ a.b@2017 | pc1 }}")
    assert found == (
        Reference("a.a", "2017"), Reference("a.b", "2017", "pc1"), Reference("a.c", "latest"),
    )  # fmt: skip


def test_same_cell_printed_in_two_ways_is_one_cell() -> None:
    found = cells("{{ a.b@2017 }} {{ a.b@2017 | round:1 | plain }} {{ a.b@2017 | pc1 }}")
    assert found == (Reference("a.b", "2017"), Reference("a.b", "2017", "pc1"))


def test_chart_quotes_its_series_at_its_period_or_all() -> None:
    bar = "```chart\ntype: bar\ntitle: t\nseries: [a.b, c.d]\nperiod: 2017\nunits: pc1\n```\n"
    line = "```chart\ntype: line\ntitle: t {{ e.f@2018 }}\nseries: [a.b]\n```\n"
    assert cells(bar) == (Reference("a.b", "2017", "pc1"), Reference("c.d", "2017", "pc1"))
    assert cells(line) == (Reference("a.b", "*"), Reference("e.f", "2018"))


def test_table_quotes_every_series_at_every_period() -> None:
    table = "```table\ntitle: t\nseries: [a.b, c.d]\nperiods: [2017, 2018]\n```\n"
    found = {(cell.series, cell.period) for cell in cells(table)}
    assert found == {("a.b", "2017"), ("a.b", "2018"), ("c.d", "2017"), ("c.d", "2018")}


def test_key_figures_and_callouts_quote_their_tokens() -> None:
    body = (
        "```key-figures\n- value: a.b@2017 | round:1\n  label: x\n  note: '{{ c.d@2018 }}'\n```\n"
        "```callout\ntitle: '{{ e.f@2017 }}'\ntext: 话 **{{ g.h@2017 }}**\n```\n"
    )
    assert [cell.series for cell in cells(body)] == ["a.b", "c.d", "e.f", "g.h"]
    assert all(cell.round_to is None for cell in cells(body))


def test_timelines_quote_entities_with_their_span() -> None:
    text = Text(
        "", "", "```timeline\nentities: [a, b]\nfrom: 2004\n```\n```timeline\nentity: a\n```\n"
    )
    assert cells_of(text) == ()
    assert entities_of(text) == ("a", "b")
    assert [(line.start, line.end) for line in timelines_of(text)] == [("2004", None), (None, None)]


def test_malformed_parts_quote_nothing_and_hide_nothing() -> None:
    body = "{{ x }} {{ a.b@2017 }}\n\n```chart\ntype: pie\n```\n"
    assert [cell.series for cell in cells(body, title="{{ y")] == ["a.b"]


def test_code_quotes_nothing() -> None:
    assert cells("`{{ a.b@2017 }}`") == ()


def test_documents_and_parsed_texts_are_read_alike() -> None:
    document = parse_document("---\ntitle: t\n---\n{{ b.b@2017 }} {{ a.b@2017 }}\n")
    assert cells_of(document) == cells_of(parse_text(document))
    assert series_of(document) == ("a.b", "b.b")


def test_quotes_quote_their_tokens_and_name_their_sources() -> None:
    one = "```quote\ntext: '{{ a.b@2017 }}'\nby: A\nsource: s-2\n```\n\n"
    body = one + one.replace("s-2", "s-1") + one + "```quote\ntext: t\nby: B\n```\n"
    assert cells(body) == (Reference("a.b", "2017"),)
    assert cited_in(Text("", "", body)) == ("s-2", "s-1")
