"""Reporting an error: what the form is about, what is taken, and that nobody can flood us."""

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import CaseText, Drift
from cases.services import drift as queue
from metrics.models import Series
from tests.cases.conftest import publish_case, write
from tests.cases.views.reading import page, plain, words

pytestmark = pytest.mark.django_db
OF_FIGURE = "/en/report/?text=webank&series=webank.users&period=2018"


@pytest.fixture
def text(users: Series) -> CaseText:
    publish_case("webank")
    return CaseText.objects.get(case__slug="webank", language="en")


def test_record_of_a_figure_leads_to_the_form(client: Client, text: CaseText) -> None:
    links = re.findall(r'href="([^"]+/report/[^"]+)"', page(client, "/en/cases/webank/"))
    links = [link.replace("&amp;", "&") for link in links]
    assert OF_FIGURE in links
    assert "/en/report/?text=webank" in links
    shown = words(page(client, OF_FIGURE))
    assert "Title of webank: more" in shown
    assert "60 million" in shown
    assert "2018" in shown


def test_series_page_leads_to_the_form(client: Client, text: CaseText) -> None:
    assert 'href="/zh-hans/report/?series=webank.users"' in page(
        client, "/zh-hans/series/webank.users/"
    )
    assert "报告错误" in words(page(client, "/zh-hans/report/?series=webank.users"))


def test_report_lands_in_the_queue_with_its_sentence(client: Client, text: CaseText) -> None:
    answer = client.post(OF_FIGURE, {"words": "  It was <b>57</b> million. "}, follow=True)
    assert answer.redirect_chain == [("/en/report/sent/", 302)]
    assert "Your report is with the editors" in answer.content.decode()
    row = Drift.objects.get()
    assert (row.kind, row.state, row.report) == ("report", "open", "It was <b>57</b> million.")
    assert (row.text, row.period) == (text, "2018")
    assert row.series is not None
    assert row.series.key == "webank.users"
    assert "webank.users@2018" in row.source
    assert "60 million" in row.after


def test_null_byte_is_left_out(client: Client, text: CaseText) -> None:
    assert client.post(OF_FIGURE, {"words": "It was\0 57."}).status_code == 302
    assert Drift.objects.get().report == "It was 57."
    assert client.post(OF_FIGURE, {"words": "\0"}).status_code == 200


def test_report_on_the_page_of_a_series_is_of_no_text(client: Client, text: CaseText) -> None:
    client.post("/zh-hans/report/?series=webank.users", {"words": "不对。"})
    row = Drift.objects.get()
    assert (row.text, row.about, row.source) == (None, "webank.users", "")


@pytest.mark.parametrize(
    ("given", "said"), [({}, "Write what is wrong"), ({"words": "x" * 2001}, "at most 2000")]
)
def test_refusal_keeps_what_was_written(
    client: Client, text: CaseText, given: dict[str, str], said: str
) -> None:
    answer = client.post(OF_FIGURE, given)
    shown = answer.content.decode()
    assert said in shown
    assert given.get("words", "") in shown
    assert not Drift.objects.exists()


def test_flood_is_refused(client: Client, text: CaseText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_OPEN_REPORTS", 2)
    for _ in range(3):
        answer = client.post("/en/report/?series=webank.users", {"words": "Wrong."})
    assert "take no more for now" in plain(answer.content.decode())
    assert Drift.objects.count() == 2
    # What waits of one thing keeps nobody from reporting another.
    client.post("/en/report/?text=webank", {"words": "Wrong."})
    assert Drift.objects.count() == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?text=", 400),
        ("?text=webank&text=other", 400),
        ("?series=webank.users&period=2018-13", 400),
        ("?series=webank.users%00", 400),
        (f"?text={'x' * 201}", 400),
        ("?text=unknown", 404),
        ("?series=webank.unknown", 404),
        ("?text=webank&series=webank.unknown", 404),
    ],
)
def test_address_that_names_nothing_is_refused(
    client: Client, text: CaseText, query: str, status: int
) -> None:
    page(client, f"/en/report/{query}", status)
    assert client.post(f"/en/report/{query}", {"words": "Wrong."}).status_code == status
    assert not Drift.objects.exists()


def test_draft_cannot_be_reported(client: Client, users: Series) -> None:
    publish_case("webank", languages=("en",))
    write("webank", language="zh-hans")
    assert "Title of" not in words(page(client, "/zh-hans/report/?text=webank", 404))


def test_form_takes_only_posts_of_its_own(text: CaseText) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(OF_FIGURE, {"words": "Wrong."}).status_code == 403
    answer = stranger.get(OF_FIGURE)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_page_of_a_case_sets_no_cookie(client: Client, text: CaseText) -> None:
    assert not client.get("/en/cases/webank/").cookies


def test_queries(
    client: Client, text: CaseText, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        page(client, OF_FIGURE)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "period '2018-13' is not in the calendar: month must be in 1..12"),
        ("zh-hans", "时期 '2018-13' 在日历中不存在"),
    ],
)
def test_period_that_is_none_is_told_in_the_language_of_the_page(
    client: Client, text: CaseText, language: str, expected: str
) -> None:
    asked = f"/{language}/report/?series=webank.users&period=2018-13"
    assert expected in unescape(words(page(client, asked, 400)))
