"""A publisher withdraws a release on a page that tells what goes back, or what keeps it."""

import pytest
from django.test import Client
from django.urls import reverse

from metrics.models import Observation, Release
from tests.cases.admin.test_composing import html_of
from tests.metrics.admin.forms import said
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(row: Observation) -> Release:
    found = publish((row.series, "2017", "7,000万"), kind="correction").release
    assert found is not None
    return found


def withdraw_page(release: Release) -> str:
    return reverse("admin:metrics_release_withdraw", args=[release.pk])


def test_publisher_withdraws(publisher: Client, release: Release) -> None:
    assert withdraw_page(release) in html_of(publisher, release)
    assert "stand again as before" in publisher.get(withdraw_page(release)).content.decode()
    answer = publisher.post(withdraw_page(release), {"reason_en": "by mistake"})
    assert "is withdrawn as change 3" in said(answer)
    assert Observation.objects.current().get().stated == "超过6,000万"
    assert "Withdrawn: Release" in html_of(publisher, release)
    page = publisher.get(withdraw_page(release)).content.decode()
    assert "It cannot be withdrawn" in page
    assert "already" in page


def test_reason_is_asked_for(publisher: Client, release: Release) -> None:
    page = publisher.post(withdraw_page(release), {})
    assert "Give a reason in at least one language." in page.content.decode()
    assert Observation.objects.current().get().stated == "7,000万"


def test_release_that_others_built_upon_tells_what(
    publisher: Client, release: Release, row: Observation
) -> None:
    publish((row.series, "2017", "7,100万"))
    page = publisher.post(withdraw_page(release), {"reason_en": "by mistake"})
    assert "These values were changed since: webank.users 2017." in page.content.decode()
    assert Observation.objects.current().get().stated == "7,100万"


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor"])
def test_only_publishers_withdraw(role: str, release: Release) -> None:
    browser = browser_of(role)
    assert browser.get(withdraw_page(release)).status_code == 403
    assert browser.post(withdraw_page(release), {"reason_en": "x"}).status_code == 403
    assert Observation.objects.current().get().stated == "7,000万"
