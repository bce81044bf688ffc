"""Composing a release: what it holds is put in and taken out, and goes live together."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import translation

from metrics.models import ImportBatch, Observation, Release, Series
from metrics.parts import blocks_of, change_part, parts_of
from metrics.services import composing
from metrics.services.composing import CompositionError, add_import, add_value
from metrics.services.corrections import reject_release, save_observation
from metrics.services.gathering import gather
from metrics.services.imports.publishing import (
    ReleaseScheduledError,
    discard_import,
    take_back,
)
from metrics.services.publishing import publish_release
from metrics.services.staging import StagingError
from tests.metrics.factories import NOW, SourceFactory, make_series, publish
from tests.metrics.services.imports.conftest import checked, make_layout, private_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
__all__ = ["private_files"]
Compose = Callable[..., Release]


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "100"))
    return series


@pytest.fixture
def compose() -> Compose:
    """An open release that holds nothing."""

    def make(kind: str = "new", **texts: Any) -> Release:
        words = {"zh-hans": "发布", "en": "A release"}
        return composing.compose_release(
            title=words, reason=texts.get("reason", {}), kind=kind, actor=None, now=NOW
        )

    return make


def left_by_author(series: Series, *, period: str = "2017", kind: str = "correction") -> Release:
    """A value that waits in a release of its own."""
    return save_observation(
        series=series, period=period, source=SourceFactory(), kind=kind, reason={"en": "misread"},
        actor=User.objects.get_or_create(username="author")[0], now=NOW, stated="110",
    ).release  # fmt: skip


def file_of(series_key: str = "acme.revenue") -> ImportBatch:
    make_series(series_key, nature="flow")
    return checked(make_layout(), "entity,period,value\nacme,2018,10\n")


def values() -> dict[str, str]:
    rows = Observation.objects.current().preferred().select_related("series")
    return {f"{row.series.key} {row.period}": str(row.value) for row in rows}


def test_value_file_and_waiting_release_go_live_together(series: Series, compose: Compose) -> None:
    release = compose("correction")
    gather(release, left_by_author(series), actor=None)
    add_import(release, file_of(), actor=None)
    add_value(
        release, series=series, period="2018", source=SourceFactory(), stated="200", actor=None
    )
    assert values() == {"webank.users 2017": "100"}
    change = publish_release(release, actor=None, now=NOW)
    assert values() == {
        "acme.revenue 2018": "10",
        "webank.users 2017": "110",
        "webank.users 2018": "200",
    }
    seqs = set(Observation.objects.current().values_list("seq_from", flat=True))
    assert seqs == {change.seq}


def test_what_is_taken_out_does_not_go_live(series: Series, compose: Compose) -> None:
    release, batch = compose(), file_of()
    add_import(release, batch, actor=None)
    row = add_value(
        release, series=series, period="2018", source=SourceFactory(), stated="200", actor=None
    )
    composing.take_import_out(release, batch, actor=None)
    own = composing.take_value_out(release, row, actor=None, now=NOW)
    assert blocks_of(release) == ("It holds nothing.",)
    batch.refresh_from_db()
    assert (batch.state, batch.release_id) == ("staged", None)
    publish_release(own, actor=None, now=NOW)
    assert values()["webank.users 2018"] == "200"
    assert (own.title_en, own.kind) == ("Webank · Users 2018", "new")


def test_gathered_release_is_closed_and_told(series: Series, compose: Compose) -> None:
    release, other = compose("correction"), left_by_author(series)
    gather(release, other, actor=None)
    other.refresh_from_db()
    assert (other.state, other.gathered_into_id) == ("gathered", release.pk)
    release.refresh_from_db()
    assert release.reason_en == "misread"
    assert release.proposed_seq == other.proposed_seq
    user = User.objects.create_superuser("root")
    told = {part.part.key: part.held for part in parts_of(release, user)}
    assert [item.label for item in told["releases"].items] == [str(other)]
    assert [item.label for item in told["values"].items] == ["webank.users 2017: 110"]


@pytest.mark.parametrize(("kind", "into"), [("correction", "new"), ("revision", "correction")])
def test_release_of_another_kind_is_not_gathered(
    series: Series, compose: Compose, kind: str, into: str
) -> None:
    with pytest.raises(CompositionError, match="of the kind"):
        gather(compose(into), left_by_author(series, kind=kind), actor=None)


def test_same_slot_is_not_held_twice(series: Series, compose: Compose) -> None:
    release = compose("correction")
    gather(release, left_by_author(series), actor=None)
    with pytest.raises(CompositionError, match=r"webank\.users 2017"):
        gather(release, left_by_author(series), actor=None)
    with pytest.raises(CompositionError, match="already"):
        add_value(
            release, series=series, period="2017", source=SourceFactory(), stated="1", actor=None
        )


def test_wrong_value_names_its_field(series: Series, compose: Compose) -> None:
    with pytest.raises(StagingError) as error:
        add_value(
            compose(), series=series, period="2017-13", source=SourceFactory(), actor=None,
            stated="1",
        )  # fmt: skip
    assert error.value.field == "period"


def test_file_is_in_one_release_only_and_only_once_checked(compose: Compose) -> None:
    batch = file_of()
    add_import(compose(), batch, actor=None)
    with pytest.raises(CompositionError, match="in a release already"):
        add_import(compose(), batch, actor=None)
    ImportBatch.objects.filter(pk=batch.pk).update(release=None, state="invalid")
    with pytest.raises(CompositionError, match="checked"):
        add_import(compose(), batch, actor=None)


@pytest.mark.parametrize("leave", [take_back, discard_import])
def test_file_that_leaves_takes_nothing_else_with_it(
    series: Series, compose: Compose, leave: Any
) -> None:
    release, batch = compose(), file_of()
    add_import(release, batch, actor=None)
    add_value(
        release, series=series, period="2018", source=SourceFactory(), stated="200", actor=None
    )
    leave(batch, actor=None)
    release.refresh_from_db()
    assert release.state == "draft"
    batch.refresh_from_db()
    assert batch.release_id is None


@pytest.mark.parametrize("leave", [take_back, discard_import])
def test_file_of_a_scheduled_release_stays(compose: Compose, leave: Any) -> None:
    release, batch = compose(), file_of()
    add_import(release, batch, actor=None)
    Release.objects.filter(pk=release.pk).update(state="scheduled", scheduled_at=NOW)
    with pytest.raises(ReleaseScheduledError, match="off the schedule"):
        leave(batch, actor=None)


@pytest.mark.parametrize("state", ["scheduled", "published", "rejected"])
def test_only_what_waits_is_composed(series: Series, compose: Compose, state: str) -> None:
    release = compose()
    Release.objects.filter(pk=release.pk).update(state=state, scheduled_at=NOW)
    with pytest.raises(CompositionError):
        gather(release, left_by_author(series, kind="new"), actor=None)
    with pytest.raises(CompositionError):
        gather(compose(), release, actor=None)
    words = {"zh-hans": "新", "en": "New"}
    with pytest.raises(CompositionError):
        composing.describe_release(release, title=words, reason=words, kind="new", actor=None)


def test_blocks_are_told_in_words(series: Series, compose: Compose) -> None:
    release = compose("correction")
    gather(release, left_by_author(series), actor=None)
    release.refresh_from_db()
    assert blocks_of(release) == ()
    publish((series, "2017", "120"))
    assert blocks_of(release) == ("Changed since this was proposed: webank.users 2017.",)


def test_edited_slot_of_a_file_blocks(compose: Compose) -> None:
    release, batch = compose(), file_of()
    add_import(release, batch, actor=None)
    publish((make_series("acme.revenue"), "2018", "11"))
    assert blocks_of(release) == (
        f"Edited since {batch.file_name} was compared: acme.revenue 2018.",
    )


def test_words_and_kind_change(compose: Compose) -> None:
    release = compose()
    title, reason = {"zh-hans": "新", "en": "New"}, {"zh-hans": "", "en": "why"}
    composing.describe_release(release, title=title, reason=reason, kind="revision", actor=None)
    release.refresh_from_db()
    assert (release.title_en, release.reason_en, release.kind) == ("New", "why", "revision")
    assert release.composition == 1
    with pytest.raises(CompositionError, match="keeps it"):
        composing.describe_release(
            release, title=title, reason=reason, kind="withdrawal", actor=None
        )


def test_what_is_gone_or_unknown_is_told(compose: Compose) -> None:
    user = User.objects.create_superuser("root")
    for key, item in (("imports", 99), ("values", 1), ("nothing", 1)):
        with pytest.raises(CompositionError):
            change_part(compose(), key, item, add=False, actor=user, now=NOW)


def test_reader_composes_nothing(series: Series, compose: Compose) -> None:
    reader = User.objects.create_user("reader")
    with pytest.raises(PermissionDenied):
        composing.compose_release(title={}, reason={}, kind="new", actor=reader, now=NOW)
    with pytest.raises(PermissionDenied):
        gather(compose(), left_by_author(series, kind="new"), actor=reader)


def test_rejected_release_keeps_what_it_gathered(series: Series, compose: Compose) -> None:
    release, other = compose("correction"), left_by_author(series)
    gather(release, other, actor=None)
    reject_release(release, actor=User.objects.create_superuser("root"), now=NOW)
    assert release.staged.count() == 1
    assert values() == {"webank.users 2017": "100"}
