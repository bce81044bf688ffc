"""Releases in the admin: read, and decided on by a publisher."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from metrics.models import Observation, Release
from tests.metrics.admin.forms import fill_in, said
from tests.metrics.factories import publish

pytestmark = pytest.mark.django_db

LIST = "/admin/metrics/release/"


@pytest.fixture
def waiting(author: Client, row: Observation) -> Release:
    """A correction to 70 million that an author left for approval."""
    url = reverse("admin:metrics_observation_change", args=[row.pk])
    fill_in(author, url, stated="7,000万", reason_en="misread")
    return Release.objects.get(state="draft")


def page_of(release: Release) -> str:
    return reverse("admin:metrics_release_change", args=[release.pk])


def value(row: Observation) -> Decimal | None:
    found = Observation.objects.current().get(series=row.series, period=row.period)
    return found.value


def test_release_page_shows_what_it_holds_and_the_reason(
    publisher: Client, waiting: Release
) -> None:
    page = publisher.get(page_of(waiting)).content.decode()
    assert all(text in page for text in ("7,000万", "webank.users", "misread", "2017"))
    assert all(f'name="{button}"' in page for button in ("_publish", "_reject"))


def test_publisher_publishes_from_the_release_page(
    publisher: Client, waiting: Release, row: Observation
) -> None:
    answer = publisher.post(page_of(waiting), {"_publish": "1"})
    assert "is published as change 2." in said(answer)
    assert value(row) == Decimal(70000000)
    page = publisher.get(answer.headers["Location"]).content.decode()
    assert 'name="_publish"' not in page


def test_publisher_rejects_from_the_release_page(
    publisher: Client, waiting: Release, row: Observation
) -> None:
    answer = publisher.post(page_of(waiting), {"_reject": "1"})
    assert "is rejected." in said(answer)
    waiting.refresh_from_db()
    assert waiting.state == "rejected"
    assert value(row) == Decimal(60000000)


@pytest.mark.parametrize(
    ("action", "state"), [("publish_selected", "published"), ("reject_selected", "rejected")]
)
def test_publisher_decides_by_action(
    publisher: Client, waiting: Release, action: str, state: str
) -> None:
    publisher.post(LIST, {"action": action, "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.state == state


@pytest.mark.parametrize("button", ["_publish", "_reject"])
def test_release_decided_already_says_so(
    publisher: Client, waiting: Release, row: Observation, button: str
) -> None:
    publisher.post(page_of(waiting), {"_reject": "1"})
    answer = publisher.post(page_of(waiting), {button: "1"})
    assert "was already decided" in said(answer)
    assert value(row) == Decimal(60000000)


def test_action_on_a_decided_and_an_open_release_decides_the_open_one(
    publisher: Client, waiting: Release, row: Observation
) -> None:
    decided = row.release
    answer = publisher.post(
        LIST, {"action": "publish_selected", "_selected_action": [decided.pk, waiting.pk]}
    )
    assert "was already decided" in said(answer)
    assert "is published as change 2." in said(answer)


def test_author_reads_the_release_and_decides_nothing(author: Client, waiting: Release) -> None:
    page = author.get(page_of(waiting)).content.decode()
    assert 'name="_publish"' not in page
    assert author.post(page_of(waiting), {"_publish": "1"}).status_code == 403
    assert "publish_selected" not in author.get(LIST).content.decode()
    author.post(LIST, {"action": "publish_selected", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.state == "draft"


def test_post_without_a_button_decides_nothing(publisher: Client, waiting: Release) -> None:
    publisher.post(page_of(waiting), {})
    waiting.refresh_from_db()
    assert waiting.state == "draft"


def test_unknown_release_cannot_be_decided(publisher: Client) -> None:
    assert publisher.post(f"{LIST}999/change/", {"_publish": "1"}).status_code == 403


def test_waiting_releases_are_found_by_filter_and_search(
    publisher: Client, waiting: Release
) -> None:
    found = publisher.get(LIST, {"state__exact": "draft"}).context["cl"].result_list
    assert list(found) == [waiting]
    assert publisher.get(LIST, {"q": "misread"}).context["cl"].result_count == 1


def test_release_over_a_newer_value_is_shown_and_not_published_by_mistake(
    publisher: Client, waiting: Release, row: Observation
) -> None:
    publish((row.series, "2017", "6,500万"))
    page = publisher.get(page_of(waiting)).content.decode()
    assert "Changed since this was proposed:" in page
    assert "6,500万" in page
    assert 'name="_publish"' not in page
    answer = publisher.post(page_of(waiting), {"_publish": "1"})
    assert "were changed since it was proposed: webank.users 2017." in said(answer)
    assert value(row) == Decimal(65000000)


def test_publisher_who_has_compared_publishes_over_a_newer_value(
    publisher: Client, waiting: Release, row: Observation
) -> None:
    publish((row.series, "2017", "6,500万"))
    answer = publisher.post(page_of(waiting), {"_publish_anyway": "1"})
    assert "is published as change 3." in said(answer)
    assert value(row) == Decimal(70000000)
