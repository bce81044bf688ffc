"""Loading into a real database: what is written, what stands, what is refused."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseText, ContentRecord, Publication, Revision
from cases.services.content.conflicts import plan_load
from cases.services.content.folder import read_folder
from cases.services.content.problems import ConflictError, ContentError
from cases.services.content.reading import read_content
from cases.services.content.record import KINDS, OBSERVATIONS, TEXTS
from cases.services.content.staging import stage_texts
from cases.services.texts import publish_revision, save_revision
from metrics.models import (
    Change,
    Entity,
    Event,
    Group,
    Indicator,
    Observation,
    Release,
    RuleVersion,
    Series,
    Source,
    Unit,
)
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from tests.cases.services.content.conftest import NOW, ContentFolder

pytestmark = pytest.mark.django_db


def current(series: str, period: str, source: str = "annual-report") -> Observation:
    return Observation.objects.current().get(series__key=series, period=period, source__slug=source)


def correct(series: str, period: str, value: int, source: str = "annual-report") -> None:
    """An editor's correction, as the admin makes it."""
    release = Release.objects.create(
        title_zh_hans="更正", title_en="Correction", kind="correction", created_at=NOW
    )
    row = stage_observation(
        release,
        series=Series.objects.with_definitions().get(key=series),
        source=Source.objects.get(slug=source),
        period=period,
        value=Decimal(value),
    )
    row.save()
    publish_release(release, actor=None, now=NOW)


def test_first_load_writes_everything_by_one_release(folder: ContentFolder) -> None:
    loaded = folder.load()
    change = Change.objects.get()
    assert loaded.change == change
    assert (change.kind, change.release.title_en) == ("new", "Shipped content")
    assert change.release.title_zh_hans == "随附内容"
    assert loaded.new == {
        "sources.yaml": 2, "units.yaml": 5, "entities.yaml": 3, "indicators.yaml": 7,
        "layouts.yaml": 1, "observations.csv": 11, "groups.yaml": 1, "rules.yaml": 2,
        "events.yaml": 2,
        "cases.yaml": 2, "texts": 2,
    }  # fmt: skip
    assert "11 observations new" in loaded.summary
    assert "2 texts published" in loaded.summary
    assert Observation.objects.current().count() == 11
    assert Publication.objects.current().count() == 2


def test_loaded_row_has_value_bounds_and_resolution(folder: ContentFolder) -> None:
    folder.load()
    row = current("acme.users", "2018")
    assert (row.value, row.lower, row.upper) == (829000000, 828500000, 829500000)
    assert (row.stated, row.resolution, row.locator) == ("8.29亿", 1000000, "1.2")
    over = current("acme.users", "2017", "press")
    assert (over.qualifier, over.lower, over.upper) == ("over", 60000000, None)
    assert current("acme.revenue", "2018").resolution == 1000000000
    assert current("acme-pay.users", "2018-11", "press").null_reason == "not_reported"
    assert not current("acme.users", "2018", "press").preferred


def test_loaded_definitions_hang_together(folder: ContentFolder) -> None:
    folder.load()
    assert Entity.objects.get(slug="acme-pay").parent.slug == "acme"
    assert Unit.objects.get(key="person").decimals == 0
    growth = Indicator.objects.get(key="users-growth")
    assert (growth.growth_of.key, growth.growth_basis) == ("users", "previous")
    members = Group.objects.get(key="companies").members.all()
    assert [member.series.key for member in members] == ["bolt.revenue", "acme.revenue"]
    event = Event.objects.get(entity__slug="acme-pay", slug="launch")
    assert (str(event.period_start), str(event.period_end)) == ("2004-12-01", "2004-12-31")
    case = Case.objects.get(slug="acme")
    assert [entity.slug for entity in case.entities.all()] == ["acme", "acme-pay"]
    assert [technology.slug for technology in case.technologies.all()] == ["cloud"]


def test_loaded_definitions_have_a_history(folder: ContentFolder) -> None:
    folder.load()
    assert Entity.history.filter(slug="acme-pay", history_type="+").get().parent.slug == "acme"
    folder.replace("entities.yaml", "en: Bolt", "en: Bolt Ltd")
    folder.load()
    bolt = Entity.history.filter(slug="bolt").order_by("history_id")
    assert [(row.history_type, row.name_en) for row in bolt] == [("+", "Bolt"), ("~", "Bolt Ltd")]


def test_series_get_the_frequency_of_their_periods(folder: ContentFolder) -> None:
    folder.load()
    frequencies = dict(Series.objects.values_list("key", "frequency"))
    assert frequencies["acme-pay.users"] == "M"
    assert frequencies["acme.users"] == "A"
    assert frequencies["bolt.users"] == "A"
    assert frequencies["acme.revenue-total"] == "A"


def test_rules_are_in_force_and_computed_with_the_release(folder: ContentFolder) -> None:
    folder.load()
    version = RuleVersion.objects.current().get(rule__key="revenue-total")
    assert version.definition == {"output": "acme.revenue-total"}
    total = Series.objects.get(key="acme.revenue-total").derived_values.get()
    assert total.value == Decimal(870531000000)
    rank = Series.objects.get(key="bolt.revenue-rank").derived_values.get()
    assert rank.value == 2


def test_second_load_writes_nothing_with_one_query(
    folder: ContentFolder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    folder.load()
    with django_assert_num_queries(1):
        loaded = folder.load()
    assert loaded.change is None
    assert loaded.summary.startswith("nothing to load")
    assert Change.objects.count() == 1


def test_other_form_of_the_same_record_publishes_nothing(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("units.yaml", "decimals: 0", "decimals: '0'")
    folder.replace("cases.yaml", "kind: technology\n  order: 0", "order: 0\n  kind: technology")
    assert folder.load().change is None
    assert Change.objects.count() == 1


def test_changed_value_closes_the_old_row(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("observations.csv", "829000000,8.29亿", "831000000,8.31亿")
    loaded = folder.load()
    assert (loaded.changed, loaded.new) == ({OBSERVATIONS: 1}, {})
    assert loaded.change is not None
    assert loaded.change.release.kind == "revision"
    rows = Observation.objects.filter(series__key="acme.users", period="2018").order_by("seq_from")
    rows = rows.filter(source__slug="annual-report")
    assert [(row.value, row.seq_from, row.seq_to) for row in rows] == [
        (829000000, 1, 2),
        (831000000, 2, None),
    ]


def test_changed_definition_is_published_as_one_change(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("entities.yaml", "en: Bolt", "en: Bolt Ltd")
    assert folder.load().changed == {"entities.yaml": 1}
    assert Entity.objects.get(slug="bolt").name_en == "Bolt Ltd"
    assert Change.objects.count() == 2
    assert Observation.objects.count() == 11


def test_changed_rule_gets_a_new_version(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("rules.yaml", "output: acme.revenue-total", "output: bolt.revenue-total")
    folder.load()
    versions = RuleVersion.objects.filter(rule__key="revenue-total").order_by("number")
    assert [v.definition["output"] for v in versions] == [
        "acme.revenue-total",
        "bolt.revenue-total",
    ]
    assert Series.objects.get(key="bolt.revenue-total").derived_values.count() == 1


def test_changed_text_is_published_as_the_next_revision(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("acme.zh-hans.md", "做了什么", "做成了什么")
    assert folder.load().changed == {TEXTS: 1}
    live = Publication.objects.current().get(text__language="zh-hans")
    assert (live.revision.number, "做成了什么" in live.revision.body) == (2, True)


def test_row_removed_from_the_file_is_withdrawn_with_a_reason(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("observations.csv", "bolt.revenue,2018,531000000,5.31亿元,,,,,press,,,,\n", "")
    folder.replace("groups.yaml", "  - bolt.revenue\n", "")
    folder.replace("rules.yaml", "    bolt.revenue: bolt.revenue-rank\n", "")
    folder.replace("acme.en.md", ", bolt.revenue]", "]")
    loaded = folder.load()
    assert loaded.withdrawn == 1
    assert loaded.change is not None
    assert loaded.change.release.reason_en == "No longer in the shipped content"
    row = current("bolt.revenue", "2018", "press")
    assert (row.value, row.null_reason, row.stated) == (None, "withdrawn", "5.31亿元")
    assert folder.load().change is None


def test_other_records_removed_from_the_files_are_left_and_listed(folder: ContentFolder) -> None:
    folder.load()
    event = "- entity: acme-pay" + folder.read("events.yaml").partition("- entity: acme-pay")[2]
    folder.replace("events.yaml", event, "")
    (folder.path / "acme.en.md").unlink()
    loaded = folder.load()
    assert loaded.left == [("events.yaml", "acme-pay/launch"), ("texts", "acme.en.md")]
    assert loaded.change is None
    assert Event.objects.count() == 2
    assert Publication.objects.current().count() == 2
    assert folder.load().left == []


def test_edit_in_the_database_survives_a_later_load(folder: ContentFolder) -> None:
    folder.load()
    Entity.objects.filter(slug="bolt").update(name_en="Bolt (edited)")
    correct("acme.users", "2018", 828000000)
    folder.replace("units.yaml", "en: persons", "en: people")
    folder.load()
    assert Unit.objects.get(key="person").name_en == "people"
    assert Entity.objects.get(slug="bolt").name_en == "Bolt (edited)"
    assert current("acme.users", "2018").value == 828000000


def test_published_text_of_an_editor_survives_a_later_load(folder: ContentFolder) -> None:
    folder.load()
    text = CaseText.objects.get(language="en")
    revision = save_revision(text, title="Ours", standfirst="", body="Ours.\n", actor=None, now=NOW)
    publish_revision(revision, actor=None, now=NOW)
    folder.replace("acme.zh-hans.md", "做了什么", "做成了什么")
    folder.load()
    live = Publication.objects.current().get(text=text)
    assert live.revision == revision


def test_languages_loaded_together_follow_that_of_the_site(folder: ContentFolder) -> None:
    def follows() -> list[tuple[str, int, int]]:
        rows = Revision.objects.filter(source_revision__isnull=False).order_by("pk")
        return list(
            rows.values_list("text__language", "number", "source_revision__number").distinct()
        )

    folder.load()
    assert follows() == [("en", 1, 1)]
    folder.replace("acme.zh-hans.md", "做了什么", "做成了什么")
    folder.load()
    assert [row.text.language for row in Revision.objects.newest().lagging()] == ["en"]
    folder.replace("acme.zh-hans.md", "做成了什么", "做到了什么")
    folder.replace("acme.en.md", "What it did", "What it has done")
    folder.load()
    assert follows() == [("en", 1, 1), ("en", 2, 3)]
    assert not Revision.objects.newest().lagging().exists()


CONFLICTS = [
    ("entities.yaml", "en: Bolt", "en: Bolt Ltd", "entities.yaml:15: bolt"),
    ("observations.csv", "829000000,8.29亿", "831000000,8.31亿", "observations.csv:8: acme.users"),
    ("acme.en.md", "What it did", "What it has done", "acme.en.md:1: acme.en.md"),
]


@pytest.mark.parametrize(("name", "old", "new", "place"), CONFLICTS)
def test_change_on_both_sides_is_reported_and_touches_nothing(
    folder: ContentFolder, name: str, old: str, new: str, place: str
) -> None:
    folder.load()
    Entity.objects.filter(slug="bolt").update(name_en="Bolt (edited)")
    correct("acme.users", "2018", 828000000)
    save_revision(
        CaseText.objects.get(language="en"),
        title="A draft", standfirst="", body="Mine.\n", actor=None, now=NOW,
    )  # fmt: skip
    folder.replace("units.yaml", "en: persons", "en: people")
    folder.replace(name, old, new)
    before = (Change.objects.count(), set(ContentRecord.objects.values_list("key", "digest")))
    with pytest.raises(ConflictError) as caught:
        folder.load()
    (problem,) = caught.value.problems
    assert str(problem).startswith(place)
    assert "changed in the database and in the file" in problem.message
    assert "dump_content" in problem.message
    assert Unit.objects.get(key="person").name_en == "persons"
    after = (Change.objects.count(), set(ContentRecord.objects.values_list("key", "digest")))
    assert after == before


def test_same_change_on_both_sides_is_no_conflict(folder: ContentFolder) -> None:
    folder.load()
    Entity.objects.filter(slug="bolt").update(name_en="Bolt Ltd")
    folder.replace("entities.yaml", "en: Bolt", "en: Bolt Ltd")
    assert folder.load().change is None


def test_row_changed_in_the_database_and_removed_from_the_file_is_a_conflict(
    folder: ContentFolder,
) -> None:
    folder.load()
    correct("bolt.users", "undated", 2001, "press")
    text = folder.read("observations.csv")
    folder.write("observations.csv", "\n".join(text.split("\n")[:-2]) + "\n")
    with pytest.raises(
        ConflictError, match="was removed from the file and changed in the database"
    ):
        folder.load()


def test_record_made_in_the_database_before_the_first_load_is_a_conflict(
    folder: ContentFolder,
) -> None:
    Source.objects.create(slug="press", title_zh_hans="别的", title_en="Other", kind="news")
    with pytest.raises(ConflictError, match=r"sources\.yaml:13: press is in the database already"):
        folder.load()
    assert Entity.objects.count() == 0


def test_source_of_a_figure_replaced_moves_the_preference(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("observations.csv", "5.31亿元,,,,,press", "5.31亿元,,,,,annual-report")
    loaded = folder.load()
    assert (loaded.new, loaded.withdrawn) == ({OBSERVATIONS: 1}, 1)
    rows = Observation.objects.current().filter(series__key="bolt.revenue")
    found = {(row.source.slug, row.value, row.preferred) for row in rows}
    assert found == {("press", None, False), ("annual-report", 531000000, True)}
    assert rows.count() == 2


def test_preference_moved_in_the_file_moves_in_the_database(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("observations.csv", "press,,,no,", "press,,,,")
    folder.replace("observations.csv", "8.29亿,,,,,annual-report,1.2,2019-03-28,,",
                   "8.29亿,,,,,annual-report,1.2,2019-03-28,no,")  # fmt: skip
    folder.load()
    rows = Observation.objects.current().filter(series__key="acme.users", period="2018")
    found = sorted((row.source.slug, row.value, row.preferred) for row in rows)
    assert found == [("annual-report", 829000000, False), ("press", 830000000, True)]


def test_failure_while_publishing_leaves_nothing(folder: ContentFolder) -> None:
    """Two rules for one output are found only when the rules are put in force together."""
    folder.append(
        "rules.yaml",
        "revenue-total-2:\n  name:\n    zh-hans: 合计\n    en: Total\n  kind: sum\n"
        "  group: companies\n  output: acme.revenue-total\n",
    )
    with pytest.raises(ContentError, match=r"rules\.yaml:10: .*is made by two rules"):
        folder.load()
    assert (Change.objects.count(), Entity.objects.count()) == (0, 0)
    assert not ContentRecord.objects.exists()


def test_bad_folder_is_refused_before_the_database_is_touched(folder: ContentFolder) -> None:
    folder.replace("observations.csv", "4000,,", "4k,,")
    with pytest.raises(ContentError, match=r"observations\.csv:3: value '4k'"):
        folder.load()
    assert not Source.objects.exists()


def test_frequency_of_a_series_in_the_database_is_kept(folder: ContentFolder) -> None:
    folder.load()
    folder.replace("observations.csv", "acme-pay.users,2018-11,,,,,,not_reported,press,,,,\n", "")
    folder.replace("observations.csv", "acme-pay.users,2018-12", "acme-pay.users,2018-Q4")
    with pytest.raises(ContentError, match="is of frequency M in the database"):
        folder.load()


def test_comparison_takes_as_many_queries_for_many_rows(folder: ContentFolder) -> None:
    """A fixed number of queries for each kind, whatever the number of records."""
    folder.load()
    counts = []
    for extra in (0, 40):
        rows = "".join(f"zzz.users,{1950 + n},{n},,,,,,press,,,,\n" for n in range(extra))
        folder.append("observations.csv", rows)
        if extra:
            folder.append(
                "entities.yaml", "zzz:\n  name:\n    zh-hans: 又\n    en: Z\n  kind: market\n"
            )
            folder.load()
        content = read_content(read_folder(folder.path)).content
        with CaptureQueriesContext(connection) as captured:
            plan_load(content, {kind: {"gone": ""} for kind in KINDS})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_writing_takes_as_many_queries_for_many_rows(folder: ContentFolder) -> None:
    folder.load()
    counts = []
    for year, extra in ((1900, 1), (1950, 40)):
        rows = "".join(f"bolt.users,{year + n},{n},,,,,,press,,,,\n" for n in range(extra))
        folder.append("observations.csv", rows)
        with CaptureQueriesContext(connection) as captured:
            folder.load()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_release_published_meanwhile_makes_the_load_compare_again(
    folder: ContentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt finds the clock moved and is taken back; the second holds the lock."""
    folder.load()
    intruders = [lambda: correct("acme.users", "2018", 828000000)]

    def stage_and_be_overtaken(*args: object, **kwargs: object) -> None:
        stage_texts(*args, **kwargs)
        if intruders:
            intruders.pop()()

    monkeypatch.setattr("cases.services.content.applying.stage_texts", stage_and_be_overtaken)
    folder.replace(
        "observations.csv", "8.17亿,,,,,annual-report,1.2", "8.17亿,,,,,annual-report,1.3"
    )
    assert folder.load().changed == {OBSERVATIONS: 1}
    assert not intruders
    assert current("acme.mobile-users", "2018").locator == "1.3"
