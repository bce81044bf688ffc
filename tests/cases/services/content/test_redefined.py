"""Redefinitions listed in the content files: read, put in force, taken back, dumped."""

from pathlib import Path

import pytest

from cases.services.content.folder import read_folder
from cases.services.content.problems import ConflictError, ContentError
from cases.services.content.reading import read_content
from cases.services.content.record import INDICATORS
from metrics.models import Change, Indicator, Redefinition, Series
from metrics.selectors.breaks import breaks_of
from metrics.services.redefinitions import redefine
from tests.cases.services.content.conftest import NOW, ContentFolder

pytestmark = pytest.mark.django_db

DEFINITION = "    en: People registered at the end of the period.\n"
ENTRY = """  - since: 2018
    before:
      zh-hans: 期末活跃用户数。
      en: People active at the end of the period.
"""
LISTED = f"{DEFINITION}  redefined:\n{ENTRY}"
COMPARABLE = "    comparable:\n      en: The company restated what came before.\n"


def listed(folder: ContentFolder, entries: str = ENTRY) -> None:
    folder.replace(INDICATORS, DEFINITION, f"{DEFINITION}  redefined:\n{entries}")


def problem_of(folder: ContentFolder) -> str:
    with pytest.raises(ContentError) as caught:
        read_content(read_folder(folder.path))
    (problem,) = caught.value.problems
    return str(problem)


def users() -> Series:
    return Series.objects.get(key="acme.users")


def test_listed_redefinition_is_in_force_and_breaks_what_is_compared(folder: ContentFolder) -> None:
    listed(folder)
    change = folder.load().change
    row = Redefinition.objects.get()
    assert (row.version, row.since, row.seq_from, row.is_break) == (2, "2018", change.seq, True)
    assert row.before_en == "People active at the end of the period."
    assert Indicator.objects.get(key="users").version == 2
    assert breaks_of([users().pk])
    assert change.release.kind == "new"


def test_redefinition_added_later_is_a_release_of_its_kind_and_leaves_the_past(
    folder: ContentFolder,
) -> None:
    first = folder.load().change
    listed(folder)
    change = folder.load().change
    assert change.release.kind == "redefinition"
    assert breaks_of([users().pk])
    assert not breaks_of([users().pk], first.seq)
    assert folder.load().change is None


def test_reason_to_compare_takes_the_place_of_the_entry(folder: ContentFolder) -> None:
    listed(folder)
    first = folder.load().change
    folder.replace(INDICATORS, ENTRY, ENTRY + COMPARABLE)
    second = folder.load().change
    before, now = Redefinition.objects.order_by("seq_from")
    assert (before.seq_from, before.seq_to) == (first.seq, second.seq)
    assert (now.seq_from, now.seq_to, now.is_break) == (second.seq, None, False)
    assert not breaks_of([users().pk])
    assert breaks_of([users().pk], first.seq)


def test_entry_taken_out_is_taken_back(folder: ContentFolder) -> None:
    listed(folder)
    folder.load()
    folder.replace(INDICATORS, LISTED, DEFINITION)
    change = folder.load().change
    assert change.release.kind == "redefinition"
    assert Redefinition.objects.get().seq_to == change.seq
    assert Indicator.objects.get(key="users").version == 1
    assert not breaks_of([users().pk])


def test_change_of_another_indicator_leaves_redefinitions_alone(folder: ContentFolder) -> None:
    listed(folder)
    first = folder.load().change
    folder.replace(INDICATORS, "en: Revenue of the period.", "en: Revenue of the whole period.")
    assert folder.load().change.release.kind == "revision"
    assert Redefinition.objects.get().seq_from == first.seq


def test_redefinition_of_the_admin_is_dumped_as_it_is_loaded(
    folder: ContentFolder, tmp_path: Path
) -> None:
    folder.load()
    redefine(
        Indicator.objects.get(key="users"),
        since="2018",
        definition={"zh-hans": "期末用户数。", "en": "People with an account."},
        comparable={"en": "The company restated what came before."},
        reason={"en": "Asked."},
        actor=None,
        now=NOW,
    )
    dumped = folder.dumped(tmp_path / "dumped")[INDICATORS].decode()
    entry = dumped.partition("  redefined:\n")[2]
    assert entry.startswith("  - since: '2018'\n    before:\n      zh-hans: 期末用户数。\n")
    assert "      en: The company restated what came before.\n" in entry
    folder.write(INDICATORS, dumped)
    assert folder.load().change is None
    assert Change.objects.filter(kind="redefinition").count() == 1


def test_redefinition_of_the_admin_stands_against_a_change_of_the_file(
    folder: ContentFolder,
) -> None:
    folder.load()
    redefine(
        Indicator.objects.get(key="users"),
        since="2018",
        definition={"zh-hans": "期末用户数。", "en": "People with an account."},
        comparable={},
        reason={"en": "Asked."},
        actor=None,
        now=NOW,
    )
    listed(folder)
    with pytest.raises(ConflictError, match="users is changed in the database and in the file"):
        folder.load()


FAULTS = [
    ("2018", "2017/2018", 56, "Expected one period, such as 2018, 2018-Q3 or 2018-07-01."),
    ("2018", "undated", 56, "Expected one period, such as 2018, 2018-Q3 or 2018-07-01."),
    ("2018", "lately", 56, "'since' of an entry of 'redefined' of indicator users: "),
    ("    before:", "    was:", 57, "unknown key 'was' in an entry of 'redefined'"),
    ("      en: People active", "      fr: Gens", 59, "unknown key 'fr'"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), FAULTS)
def test_fault_of_an_entry_is_told_with_its_line(
    folder: ContentFolder, old: str, new: str, line: int, message: str
) -> None:
    listed(folder, ENTRY.replace(old, new, 1))
    problem = problem_of(folder)
    assert problem.startswith(f"{INDICATORS}:{line}: ")
    assert message in problem


def test_entries_follow_one_another_in_time(folder: ContentFolder) -> None:
    listed(folder, ENTRY + ENTRY.replace("2018", "2017"))
    problem = problem_of(folder)
    assert problem.startswith(f"{INDICATORS}:60: expected 'since' of an entry of 'redefined'")
    assert problem.endswith("to be after 2018, not '2017'")


def test_unit_under_stated_values_is_no_edit(folder: ContentFolder) -> None:
    folder.load()
    text = folder.read(INDICATORS)
    folder.write(INDICATORS, text.replace("unit: person", "unit: CNY"))
    with pytest.raises(ContentError) as caught:
        folder.load()
    parts, users = caught.value.problems
    assert str(parts).startswith(f"{INDICATORS}:19: values of mobile-users are stated in person")
    assert users.message == (
        "values of users are stated in person, not CNY; "
        "expected person here, or another indicator for the new unit"
    )
    assert Indicator.objects.get(key="users").unit.key == "person"
