"""A value left for approval never overwrites a newer one unseen."""

import pytest
from django.contrib.auth.models import User

from metrics.models import Change, Observation, Release, Series
from metrics.services.corrections import Saved, save_observation
from metrics.services.preferences import prefer_source
from metrics.services.proposals import StaleProposalError, changed_since_proposed
from metrics.services.publishing import publish_release
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "100"), (series, "2018", "200"))
    return series


def propose(series: Series, stated: str = "110", period: str = "2017") -> Saved:
    return save_observation(
        series=series,
        period=period,
        source=SourceFactory(),
        kind="correction",
        reason={"en": "misread"},
        actor=User.objects.get_or_create(username="author")[0],
        now=NOW,
        stated=stated,
    )


def now_stated(series: Series) -> str:
    return Observation.objects.current().preferred().get(series=series, period="2017").stated


def test_proposal_over_an_unchanged_value_is_published(series: Series) -> None:
    release = propose(series).release
    publish((series, "2018", "210"))
    assert changed_since_proposed(release) == []
    publish_release(release, actor=None, now=NOW)
    assert now_stated(series) == "110"


@pytest.mark.parametrize("rival", ["report-2019", "rival"])
def test_proposal_over_a_newer_value_is_refused_with_the_slot(series: Series, rival: str) -> None:
    release = propose(series).release
    publish((series, "2017", "120"), source=SourceFactory(slug=rival))
    before = Change.objects.latest_seq()
    with pytest.raises(StaleProposalError) as error:
        publish_release(release, actor=None, now=NOW)
    assert error.value.slots == [("webank.users", "2017")]
    assert (now_stated(series), Change.objects.latest_seq()) == ("120", before)
    release.refresh_from_db()
    assert release.state == Release.State.DRAFT


def test_proposal_is_published_despite_a_newer_value_where_that_is_said(series: Series) -> None:
    release = propose(series).release
    publish((series, "2017", "120"))
    publish_release(release, actor=None, now=NOW, despite_changes=True)
    assert now_stated(series) == "110"


def test_proposal_for_an_empty_slot_that_was_filled_is_refused(series: Series) -> None:
    release = propose(series, period="2019").release
    publish((series, "2019", "300"))
    with pytest.raises(StaleProposalError):
        publish_release(release, actor=None, now=NOW)


def test_row_of_a_rival_beside_the_value_makes_nothing_stale(series: Series) -> None:
    prefer_source(series, SourceFactory(), reason={"en": "audited"}, actor=None, now=NOW)
    release = propose(series).release
    publish((series, "2017", "120"), source=SourceFactory(slug="rival"))
    assert changed_since_proposed(release) == []


def test_change_of_preference_since_is_told(series: Series) -> None:
    rival = SourceFactory(slug="rival")
    publish((series, "2017", "120"), source=rival)
    release = propose(series).release
    prefer_source(series, SourceFactory(), reason={"en": "audited"}, actor=None, now=NOW)
    assert changed_since_proposed(release) == [("webank.users", "2017")]


def test_what_is_saved_by_a_publisher_has_nothing_to_wait_for(series: Series) -> None:
    publisher = User.objects.create_superuser("publisher")
    saved = save_observation(
        series=series, period="2017", source=SourceFactory(), kind="correction",
        reason={"en": "misread"}, actor=publisher, now=NOW, stated="110",
    )  # fmt: skip
    assert saved.change is not None
    assert saved.release.proposed_seq is None
