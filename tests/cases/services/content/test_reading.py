"""Bad input: every fault with its file, its line and what is expected. No database."""

from pathlib import Path

import pytest

from cases.services.content.folder import read_folder
from cases.services.content.problems import ContentError
from cases.services.content.reading import canonical_problems, read_content
from cases.services.content.record import INDICATORS, OBSERVATIONS, RULES
from tests.cases.services.content.conftest import ContentFolder


def problems_of(folder: ContentFolder) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_content(read_folder(folder.path))
    return [str(problem) for problem in caught.value.problems]


def test_fixture_is_read_whole_and_canonical(folder: ContentFolder) -> None:
    files = read_folder(folder.path)
    shipped = read_content(files)
    assert len(shipped.content[OBSERVATIONS]) == 11
    assert len(shipped.content[RULES]) == 2
    assert canonical_problems(files, shipped.content) == []


def test_shipped_content_is_complete() -> None:
    shipped = read_content(read_folder(Path("cases/content")))
    assert len(shipped.content[OBSERVATIONS]) > 90
    assert len(shipped.content[INDICATORS]) > 100


# file, text to replace, replacement, line of the fault, part of the message
QUOTE = "quote\ntext: One.\nby: A\nsource: rumour"
FAULTS = [
    ("units.yaml", "percent:\n  name:", "percent:\n  name: [", 12, "expected YAML"),
    ("units.yaml", "  kind: currency", "  kind: money", 8, "expected 'kind' to be one of count"),
    ("units.yaml", "  decimals: 0", "  decimals: some", 24, "expected a whole number, not 'some'"),
    ("units.yaml", "  decimals: 0", "  digits: 0", 24, "unknown key 'digits' in unit person"),
    ("units.yaml", "CNY:", "C N Y:", 1, "expected the key of a unit to be at most 40 letters"),
    ("units.yaml", "percent:", "person:", 19, "once, as a plain word, not 'person'"),
    ("units.yaml", "    zh-hans: 元人民币\n", "", 3, "expected the key 'zh-hans' in 'name'"),
    ("units.yaml", "  kind: rank", "  kind: &k rank", 29, "without anchors"),
    ("sources.yaml", "2019-03-28", "2019-3-28", 9, "expected a day such as 2019-04-20"),
    ("sources.yaml", "able: true", "able: maybe", 12, "to be one of true, false"),
    ("entities.yaml", "parent: acme", "parent: acmee", 14, "unknown entity 'acmee'; expected"),
    ("entities.yaml", "parent: acme", "parent: acme-pay", 14, "is its own ancestor"),
    ("indicators.yaml", "unit: percent\n", "unit: percents\n", 8, "unknown unit 'percents'"),
    ("indicators.yaml", "nature: ratio", "nature: rate", 9, "to be one of stock"),
    ("indicators.yaml", "  share_of: users\n", "", 10, "share_part and share_of together"),
    ("indicators.yaml", "unit: percent-growth", "unit: person", 64, "expects growth or points"),
    ("indicators.yaml", "growth_of: users", "growth_of: users-growth", 66, "is the indicator"),
    ("indicators.yaml", "unit: percent-growth", "unit: percent", 64, "expects growth or points"),
    ("indicators.yaml", "growth_of: users", "growth_of: revenue-rank", 66, "growth is not told"),
    ("indicators.yaml", "growth_of: users", "growth_of: mobile-share", 66, "percentage points for"),
    ("indicators.yaml", "share_of: users", "share_of: revenue", 10, "expected one unit"),
    ("indicators.yaml", "share_part: mobile-users", "share_part: users-growth", 10, "not summed"),
    ("groups.yaml", "- bolt.revenue", "- bolt.sales", 6, "unknown series 'bolt.sales'"),
    ("rules.yaml", "group: companies", "group: firms", 6, "unknown group 'firms'"),
    ("rules.yaml", "  output: acme.revenue-total\n", "", 10, "a sum; expected the key 'output'"),
    ("rules.yaml", "    acme.revenue: acme.revenue-rank\n", "", 5, "no output for member acme.rev"),
    ("rules.yaml", "kind: sum", "kind: ratio", 10, "'inputs' with numerator and denominator"),
    ("rules.yaml", "kind: sum", "kind: sum\n  nonnegative: true", 15, "only a ratio or a share"),
    ("rules.yaml", "total\n", "totals\n", 16, "unknown indicator 'revenue-totals'"),
    ("events.yaml", "entity: acme-pay", "entity: acme-bank", 9, "unknown entity 'acme-bank'"),
    ("events.yaml", "source: press", "source: rumour", 15, "unknown source 'rumour'"),
    ("events.yaml", "period: 2004-12", "period: 2004-13", 11, "month must be in 1..12"),
    ("events.yaml", "slug: launch", "slug: The Launch", 10, "letters, digits and single hyphens"),
    ("cases.yaml", "- cloud", "- clouds", 5, "unknown case 'clouds'"),
    ("cases.yaml", "kind: technology", "kind: case", 5, "'cloud' is no technology"),
    ("cases.yaml", "- acme-pay", "- acme-play", 7, "unknown entity 'acme-play'"),
    ("observations.csv", "series,period", "series,when", 1, "expected the header series,period"),
    ("observations.csv", "4000,,", "4k,,", 3, "value '4k' is no number; expected a plain decimal"),
    ("observations.csv", "4000,,", "4e3,,", 3, "value '4e3' is no number"),
    ("observations.csv", "4000,,", ",,", 3, "no value; expected a plain decimal, or a null_reas"),
    ("observations.csv", "2018-12,4000", "2018-13,4000", 3, "period '2018-13'"),
    ("observations.csv", "2018-12,4000", "2018,4000", 3, "does not fit acme-pay.users"),
    ("observations.csv", "2018-12,4000", "2018-Q4,4000", 3, "or the key acme-pay.users.q"),
    ("observations.csv", ",E,,press", ",E,,rumour", 3, "unknown source 'rumour'"),
    ("observations.csv", ",E,,press", ",Estimate,,press", 3, "status 'Estimate'; expected A, B"),
    ("observations.csv", ",not_reported,", ",,", 2, "no value; expected"),
    ("observations.csv", ",not_reported,", ",unknown,", 2, "null_reason 'unknown'; expected"),
    ("observations.csv", "acme-pay.users,2018-12", "acme-shop.users,2018-12", 3, "unknown entity"),
    ("observations.csv", "acme-pay.users,2018-12", "acme-pay.crowd,2018-12", 3, "unknown indic"),
    ("observations.csv", "acme-pay.users,2018-12", "acme-pay,2018-12", 3, "expected a key such as"),
    ("observations.csv", "829000000,8.29亿", "829,8.29亿", 8, "contradicts 8.29亿; exp"),
    ("observations.csv", "超过6000万,over", "超过6000万,", 7, "qualifier exact contradicts"),
    ("observations.csv", "2019-03-28", "28.3.2019", 4, "vintage_on '28.3.2019'; expected a day"),
    ("observations.csv", "press,,,no,", "press,,,,", 9, "has a preferred row on line 8"),
    ("observations.csv", "press,,,no,", "annual-report,,,no,", 9, "is already on line 8"),
    ("observations.csv", "press,,,no,", "press,,,no", 9, "12 cells; expected 13, as in the header"),
    ("observations.csv", '"8,700亿元"', '"8,700"亿元', 6, "expected CSV with commas"),
    ("acme.en.md", "title: Acme", "titel: Acme", 2, "unknown key 'titel' in the front matter"),
    ("acme.en.md", "had {{ acme.users@2018 }}", "had {{ acme.user@2018 }}", 7, "unknown series"),
    ("acme.en.md", "had {{ acme.users@2018 }}", "had {{ acme.users@201 }}", 7, "expected a period"),
    ("acme.en.md", "had {{ acme.users@2018 }}", "had {{ bolt.users@2018 }}", 7, "of undated"),
    ("acme.en.md", "Acme, {{ acme.users@2018", "Acme, {{ bolt.user@2018", 2, "unknown"),
    ("acme.en.md", "bolt.revenue]", "bolt.revenues]", 12, "unknown series 'bolt.revenues'"),
    ("acme.en.md", "type: bar", "type: pie", 10, "to be one of bar, line, column"),
    ("acme.en.md", "entity: acme", "entity: acne", 17, "unknown entity 'acne' in a timeline"),
    ("acme.en.md", "timeline\nentity: acme", QUOTE, 19, "unknown source 'rumour' in a quote"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "line", "message"), FAULTS)
def test_fault_is_reported_with_file_line_and_expectation(
    folder: ContentFolder, name: str, old: str, new: str, line: int, message: str
) -> None:
    folder.replace(name, old, new)
    problems = problems_of(folder)
    assert any(p.startswith(f"{name}:{line}: ") and message in p for p in problems), problems


def test_rule_that_the_nature_of_its_members_forbids_is_reported_at_its_kind(
    folder: ContentFolder,
) -> None:
    folder.replace("indicators.yaml", "nature: flow", "nature: index")
    (problem,) = problems_of(folder)
    assert problem == "rules.yaml:14: bolt.revenue is of nature index, which is not summed"


def test_several_faults_are_reported_together_in_order(folder: ContentFolder) -> None:
    folder.replace("units.yaml", "kind: currency", "kind: money")
    folder.replace("observations.csv", "4000,,", "4k,,")
    folder.replace("observations.csv", "2018,98.6", "2018.98.6")
    places = [problem.split(": ")[0] for problem in problems_of(folder)]
    assert places == ["observations.csv:3", "observations.csv:4", "units.yaml:8"]


def test_missing_file_is_named(folder: ContentFolder) -> None:
    (folder.path / "events.yaml").unlink()
    assert problems_of(folder) == ["events.yaml: missing; expected this file"]


def test_unknown_file_is_named_but_backups_are_not(folder: ContentFolder) -> None:
    folder.write("acme.md~", "")
    folder.write(".acme.en.md.swp", "")
    folder.write("metrics.yaml", "")
    (problem,) = problems_of(folder)
    assert problem.startswith("metrics.yaml: unknown file; expected sources.yaml")


def test_event_given_twice_names_the_first_line(folder: ContentFolder) -> None:
    folder.append("events.yaml", folder.read("events.yaml"))
    assert problems_of(folder)[0] == (
        "events.yaml:16: acme/founding is already on line 1; expected each record once"
    )


def test_text_of_unknown_language_or_case_is_refused(folder: ContentFolder) -> None:
    folder.write("acme.fr.md", folder.read("acme.en.md"))
    (problem,) = problems_of(folder)
    assert "expected a file name <slug>.zh-hans.md or <slug>.en.md" in problem
    (folder.path / "acme.fr.md").rename(folder.path / "umbrella.en.md")
    assert problems_of(folder)[0].startswith("umbrella.en.md: no case 'umbrella'")


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such folder"):
        read_folder(tmp_path / "nowhere")


def test_file_that_is_not_utf_8_is_named_with_line(folder: ContentFolder) -> None:
    text = folder.read("entities.yaml").encode().replace("公司".encode(), "公司".encode("gb18030"))
    (folder.path / "entities.yaml").write_bytes(text)
    assert problems_of(folder)[0] == "entities.yaml:3: expected UTF-8 text"


def test_unreadable_stated_text_stands_beside_a_value(folder: ContentFolder) -> None:
    folder.replace("observations.csv", "2018-12,4000,,", "2018-12,7,7×24×365,")
    shipped = read_content(read_folder(folder.path))
    row = shipped.content[OBSERVATIONS]["acme-pay.users|2018-12|press"]
    assert row.data["stated"] == "7×24×365"


def test_quoted_line_breaks_do_not_shift_the_lines(folder: ContentFolder) -> None:
    folder.replace("observations.csv", "estimated, roughly", "estimated,\nroughly")
    folder.replace("observations.csv", "2018,98.6,98.6%", "2018,98.6,98.7%")
    (problem,) = problems_of(folder)
    assert problem.startswith("observations.csv:5: value 98.6 contradicts 98.7%")


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("units.yaml", "decimals: 0", "decimals: '0'", 24),
        ("cases.yaml", "kind: case\n  order: 1", "order: 1\n  kind: case", 2),
        ("observations.csv", ",4000,,,", ",4000,,exact,", 3),
        ("observations.csv", "2018,829000000,8.29亿,,", "2018,829000000,8.29亿,,1000000", 8),
        (
            "acme.en.md",
            "standfirst: 'A company: in short.'",
            'standfirst: "A company: in short."',
            3,
        ),
        ("acme.zh-hans.md", "人。\n", "人。\n\n", 7),
    ],
)
def test_other_form_is_accepted_but_not_canonical(
    folder: ContentFolder, name: str, old: str, new: str, line: int
) -> None:
    folder.replace(name, old, new)
    files = read_folder(folder.path)
    (problem,) = canonical_problems(files, read_content(files).content)
    assert (problem.file, problem.line) == (name, line)
    assert "not in canonical form" in problem.message


def test_declared_sum_is_the_default_of_a_group(folder: ContentFolder) -> None:
    folder.append("groups.yaml", "  total: sum\n")
    files = read_folder(folder.path)
    (problem,) = canonical_problems(files, read_content(files).content)
    assert (problem.file, problem.line) == ("groups.yaml", 8)


def test_suffix_names_a_further_frequency(folder: ContentFolder) -> None:
    folder.append("observations.csv", "acme.users.q,2018-Q4,5,,,,,,press,,,,\n")
    plan = read_content(read_folder(folder.path)).plan
    assert plan.series["acme.users.q"].frequency == "Q"
    assert plan.series["acme.users"].frequency == "A"


def test_suffix_of_the_first_frequency_is_refused(folder: ContentFolder) -> None:
    folder.append("observations.csv", "acme.users.a,2016,5,,,,,,press,,,,\n")
    (problem,) = problems_of(folder)
    assert "acme.users has the same frequency; expected that key" in problem


AS_SUM = "kind: sum\n  group: companies\n  output: acme.revenue-total\n"
AS_FORMULA = (
    "kind: formula\n  output: acme.revenue-total\n"
    "  inputs:\n    a: acme.revenue\n    b: bolt.revenue\n  formula: a + b\n"
)


def test_formula_is_read_with_inputs_in_the_order_written(folder: ContentFolder) -> None:
    folder.replace("rules.yaml", AS_SUM, AS_FORMULA)
    assert out_of_form(folder) == []
    folder.replace("rules.yaml", "formula: a + b", "formula: b + a")
    assert any("not in canonical form" in problem for problem in out_of_form(folder))


def out_of_form(folder: ContentFolder) -> list[str]:
    files = read_folder(folder.path)
    return [str(problem) for problem in canonical_problems(files, read_content(files).content)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("a + b", "a ++ b", "“a +‸+ b”, character 4: expected a number"),
        ("a + b", "a + c", "unknown input “c”; expected one of a, b"),
        ("a + b", "a", "the formula does not take b"),
        ("  formula: a + b\n", "", "expected 'output' with a series key, 'inputs' by name and 'f"),
        ("formula\n", "formula\n  group: companies\n", "expected no group"),
        ("b: bolt.revenue", "b: bolt.sales", "unknown series 'bolt.sales'"),
        ("kind: formula", "kind: ratio", "a rule of kind ratio; expected no formula"),
        ("a + b", "a * b", "the result is in yuan × yuan and the output in yuan"),
        ("b: bolt.revenue", "b: acme.users", "“a + ‸b”, character 5: persons cannot be added to"),
    ],
)
def test_faulty_formula_is_reported_with_its_place(
    folder: ContentFolder, old: str, new: str, message: str
) -> None:
    folder.replace("rules.yaml", AS_SUM, AS_FORMULA)
    folder.replace("rules.yaml", old, new)
    assert any(message in problem for problem in problems_of(folder)), problems_of(folder)
