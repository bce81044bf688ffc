"""What an author, an editor and a publisher may do in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CaseText
from metrics.models import Observation, Release
from tests.metrics.admin.forms import fill_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text")]

LISTS = [
    "metrics/source", "metrics/unit", "metrics/entity", "metrics/indicator", "metrics/series",
    "metrics/group", "metrics/rule", "metrics/event", "metrics/observation", "metrics/release",
    "metrics/change", "metrics/derivedvalue", "metrics/seriessummary", "metrics/refreshrun",
    "metrics/staleseries", "metrics/ruleversion", "cases/case", "cases/casetext",
    "cases/revision", "cases/publication",
]  # fmt: skip


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Client:
    found: Client = request.getfixturevalue(request.param)
    return found


def status(browser: Client, path: str) -> int:
    return int(browser.get(f"/admin/{path}").status_code)


@pytest.mark.parametrize("browser", ["author", "editor", "publisher"], indirect=True)
def test_every_role_reads_every_list(browser: Client) -> None:
    assert {path: status(browser, f"{path}/") for path in LISTS} == dict.fromkeys(LISTS, 200)


@pytest.mark.parametrize(
    ("browser", "path", "expected"),
    [
        ("author", "cases/casetext/add/", 200),
        ("author", "metrics/observation/add/", 403),
        ("author", "metrics/source/add/", 403),
        ("author", "cases/case/add/", 403),
        ("editor", "cases/casetext/add/", 200),
        ("editor", "metrics/observation/add/", 200),
        ("editor", "metrics/source/add/", 403),
        ("publisher", "metrics/observation/add/", 200),
        ("publisher", "metrics/source/add/", 200),
        ("publisher", "metrics/group/add/", 200),
        ("publisher", "metrics/rule/add/", 200),
        ("publisher", "cases/case/add/", 200),
        ("publisher", "auth/user/add/", 403),
    ],
    indirect=["browser"],
)
def test_role_opens_what_it_may_add(browser: Client, path: str, expected: int) -> None:
    assert status(browser, path) == expected


@pytest.mark.parametrize(
    ("browser", "state"), [("editor", "draft"), ("publisher", "published")], indirect=["browser"]
)
def test_value_corrected_by_a_role_goes_live_or_waits(
    browser: Client, row: Observation, state: str
) -> None:
    url = reverse("admin:metrics_observation_change", args=[row.pk])
    fill_in(browser, url, stated="7,000万", reason_en="misread")
    assert Release.objects.get(kind="correction").state == state


def test_author_reads_a_value_and_changes_nothing(author: Client, row: Observation) -> None:
    url = reverse("admin:metrics_observation_change", args=[row.pk])
    assert author.get(url).status_code == 200
    assert author.post(url, {"stated": "1"}).status_code == 403
    withdraw = reverse("admin:metrics_observation_withdraw", args=[row.pk])
    assert author.get(withdraw).status_code == 403


@pytest.mark.parametrize("browser", ["author", "editor", "publisher"], indirect=True)
def test_no_role_rewrites_a_revision(browser: Client, text: CaseText) -> None:
    revision = text.revisions.get()
    url = reverse("admin:cases_revision_change", args=[revision.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"body": "x"}).status_code == 403


def test_anonymous_reader_is_sent_to_log_in(client: Client) -> None:
    answer = client.get("/admin/metrics/observation/")
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]
