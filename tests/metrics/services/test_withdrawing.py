"""Withdrawing a release: the values before it stand again, or the reason why they cannot."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import translation

from metrics.models import Change, DerivedValue, Observation, Release, Rule, Series
from metrics.selectors.values import evaluate
from metrics.selectors.written_rows import Written, rows_written_by
from metrics.services.preferences import prefer_source
from metrics.services.publishing import publish_definitions
from metrics.services.redefinitions import redefine
from metrics.services.verification import verify_derived
from metrics.services.withdrawing import WithdrawalError, withdraw_release, withdrawal_blocks
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish
from tests.metrics.services.imports.conftest import imported, make_layout, private_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
__all__ = ["private_files"]
REASON = {"en": "published by mistake"}


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def users() -> Series:
    return make_series("webank.users")


def current() -> dict[tuple[str, str, str], tuple[Decimal | None, bool]]:
    """Value and preference by series, period and source."""
    rows = Observation.objects.current().select_related("series", "source")
    return {
        (row.series.key, row.period, row.source.slug): (row.value, row.preferred) for row in rows
    }


def withdraw(change: Change) -> Change:
    assert change.release is not None
    return withdraw_release(change.release, reason=REASON, actor=None, now=NOW)


def test_values_before_stand_again_and_what_came_first_is_withdrawn(users: Series) -> None:
    publish((users, "2017", "100"))
    before = current()
    change = publish((users, "2017", "110"), (users, "2018", "200"), kind="correction")
    back = withdraw(change)
    assert current() == before | {("webank.users", "2018", "report-2019"): (None, True)}
    assert back.kind == "withdrawal"
    assert back.release is not None
    assert back.release.withdraws == change.release
    assert (back.summary["closed"], back.summary["inserted"]) == (2, 2)
    seen = evaluate([(users.pk, "2018")], change.seq)[users.pk, "2018"]
    assert seen is not None
    assert seen.figure.value == Decimal(200)


def test_preference_that_a_rival_took_goes_back(users: Series) -> None:
    publish((users, "2017", "100"))
    change = publish((users, "2017", "90"), source=SourceFactory(slug="rival"))
    withdraw(change)
    assert current() == {
        ("webank.users", "2017", "report-2019"): (Decimal(100), True),
        ("webank.users", "2017", "rival"): (None, False),
    }


def test_withdrawal_can_be_withdrawn(users: Series) -> None:
    publish((users, "2017", "100"))
    change = publish(
        (users, "2017", "90"), (users, "2018", "1"), source=SourceFactory(slug="rival")
    )
    after = current()
    withdraw(withdraw(change))
    assert current() == after


def test_derived_values_follow(users: Series) -> None:
    total = make_series("acme.users")
    make_series("webank.ratio", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": "webank.users", "denominator": "acme.users"}
    definition = {"output": "webank.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})
    publish((users, "2018", "100"), (total, "2018", "50"))
    change = publish((users, "2018", "150"))
    assert DerivedValue.objects.get(period="2018").value == Decimal(3)
    withdraw(change)
    assert DerivedValue.objects.get(period="2018").value == Decimal(2)
    assert not verify_derived().differences


def test_imported_file_is_undone_with_its_release() -> None:
    make_series("acme.revenue", nature="flow")
    batch = imported(make_layout(), "entity,period,value\nacme,2018,10\n")
    assert batch.release is not None
    back = withdraw(batch.release.change)
    batch.refresh_from_db()
    assert (batch.state, batch.undo_release) == ("undone", back.release)
    assert current() == {("acme.revenue", "2018", "report-2019"): (None, True)}


def blocks_of(change: Change) -> str:
    assert change.release is not None
    return " ".join(withdrawal_blocks(change.release))


@pytest.mark.parametrize("source", ["report-2019", "rival"])
def test_slot_that_a_later_release_built_upon_refuses(users: Series, source: str) -> None:
    change = publish((users, "2017", "100"), (users, "2018", "200"))
    publish((users, "2018", "210"), source=SourceFactory(slug=source))
    before = current()
    assert blocks_of(change) == "These values were changed since: webank.users 2018."
    with pytest.raises(WithdrawalError, match=r"webank\.users 2018"):
        withdraw(change)
    assert current() == before
    assert not Release.objects.filter(kind="withdrawal").exists()


def test_release_is_withdrawn_once(users: Series) -> None:
    change = publish((users, "2017", "100"))
    withdraw(change)
    assert "withdrawn by “Withdrawn: Release” already" in blocks_of(change)
    with pytest.raises(WithdrawalError):
        withdraw(change)


def test_decision_on_sources_refuses(users: Series) -> None:
    change = publish((users, "2017", "100"))
    decided = prefer_source(users, SourceFactory(), reason=REASON, actor=None, now=NOW)
    assert "decided which source speaks for some of its values" in blocks_of(change)
    assert "decide anew instead" in blocks_of(decided)


def test_redefinition_is_taken_back_elsewhere(users: Series) -> None:
    change = redefine(
        users.indicator, since="2018", definition={"zh-hans": "新", "en": "New"}, comparable={},
        reason=REASON, actor=None, now=NOW,
    )  # fmt: skip
    assert "on the page of the indicator" in blocks_of(change)


def test_only_what_is_published_is_withdrawn(users: Series) -> None:
    release = make_release()
    assert withdrawal_blocks(release) == ["Only a published release can be withdrawn."]
    with pytest.raises(WithdrawalError):
        withdraw_release(release, reason=REASON, actor=None, now=NOW)


def test_reason_and_right_are_asked_for(users: Series) -> None:
    release = publish((users, "2017", "100")).release
    assert release is not None
    with pytest.raises(WithdrawalError, match="Give a reason"):
        withdraw_release(release, reason={"en": " "}, actor=None, now=NOW)
    author = User.objects.create_user("author")
    with pytest.raises(PermissionDenied):
        withdraw_release(release, reason=REASON, actor=author, now=NOW)


def test_rows_of_each_change_are_found(users: Series) -> None:
    for count in (3, 0, 1, 5, 0):
        publish(*((users, str(2000 + n), str(100 * count + n + 1)) for n in range(count)))
    for seq in range(8):
        ids = set(Observation.objects.filter(seq_from=seq).values_list("pk", flat=True))
        found = rows_written_by(seq)
        rows = Observation.objects.filter(pk__gt=found.after, pk__lte=found.until)
        assert set(rows.values_list("pk", flat=True)) == ids


def test_no_rows_are_found_where_there_are_none() -> None:
    assert rows_written_by(1) == Written(0, 0)
