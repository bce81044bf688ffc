"""A publisher gives a release a time in the admin, and takes it back."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import CaseText
from cases.services.composing import add_text
from metrics.models import Release
from metrics.services.scheduling import publish_due
from tests.cases.admin.test_composing import approved, compose, html_of, page_of
from tests.metrics.admin.forms import said
from tests.metrics.admin.staff import browser_of, log_in

pytestmark = pytest.mark.django_db
__all__ = ["approved"]
AT = datetime(2040, 5, 1, 9, 30)  # noqa: DTZ001  as a browser sends it


@pytest.fixture
def release(editor: Client, approved: CaseText) -> Release:
    release = compose(editor)
    add_text(release, approved, actor=None)
    return release


def schedule_page(release: Release) -> str:
    return reverse("admin:metrics_release_schedule", args=[release.pk])


def schedule(browser: Client, release: Release, at: datetime = AT) -> None:
    answer = browser.post(schedule_page(release), {"at": at.isoformat(timespec="minutes")})
    assert answer.status_code == 302
    release.refresh_from_db()


def test_publisher_schedules_and_takes_it_back(
    publisher: Client, release: Release, approved: CaseText
) -> None:
    assert "Asia/Shanghai" in publisher.get(schedule_page(release)).content.decode()
    schedule(publisher, release)
    assert release.scheduled_at == timezone.make_aware(AT)
    approved.refresh_from_db()
    assert approved.state == "scheduled"
    assert "2040-05-01T09:30" in publisher.get(schedule_page(release)).content.decode()
    html = html_of(publisher, release)
    assert 'name="_unschedule"' in html
    assert 'name="_take_out"' not in html
    answer = publisher.post(page_of(release), {"_unschedule": "1"})
    assert "is off the schedule and waits" in said(answer)
    approved.refresh_from_db()
    assert approved.state == "approved"
    answer = publisher.post(page_of(release), {"_unschedule": "1"})
    assert "is not scheduled" in said(answer)


@pytest.mark.parametrize("at", ["2001-01-01T00:00", "soon", ""])
def test_wrong_time_is_refused_in_the_form(publisher: Client, release: Release, at: str) -> None:
    page = publisher.post(schedule_page(release), {"at": at})
    assert page.status_code == 200
    assert page.context["form"].errors
    release.refresh_from_db()
    assert release.state == "draft"


def test_failed_release_is_told_on_its_page_and_the_dashboard(
    publisher: Client, release: Release, approved: CaseText
) -> None:
    schedule(publisher, release)
    CaseText.objects.filter(pk=approved.pk).update(state="draft")
    publish_due(timezone.make_aware(AT) + timedelta(minutes=1))
    assert "is not approved" in html_of(publisher, release)
    assert "not published: “big-data (en) #1” is not approved." in (
        publisher.get("/admin/").content.decode()
    )


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor"])
def test_only_publishers_schedule(role: str, publisher: Client, release: Release) -> None:
    browser = log_in(User.objects.get(username="editor")) if role == "Editor" else browser_of(role)
    assert browser.get(schedule_page(release)).status_code == 403
    assert browser.post(schedule_page(release), {"at": "2040-05-01T09:30"}).status_code == 403
    schedule(publisher, release)
    assert browser.post(page_of(release), {"_unschedule": "1"}).status_code == 403
    release.refresh_from_db()
    assert release.state == "scheduled"
