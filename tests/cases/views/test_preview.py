"""The page of a text before readers have it: what it shows, in which frame, and to whom."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import CaseText, PageSnapshot, Revision
from cases.services.texts import save_revision
from metrics.models import Series
from tests.cases.conftest import publish_case, write
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
URL = "/en/preview/webank/"


@pytest.fixture
def author() -> Client:
    return browser_of("Author")


@pytest.fixture
def text(users: Series) -> CaseText:
    """An English text with a live revision and a later draft."""
    publish_case("webank")
    text = CaseText.objects.get(case__slug="webank", language="en")
    save_revision(text, title="Draft", standfirst="", body="Later.\n", actor=None, now=NOW)
    return text


def shown(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_saved_words_are_shown_in_the_page_of_readers(author: Client, text: CaseText) -> None:
    page = shown(author.get(URL))
    assert "<h1>Draft</h1>" in page
    assert "Preview of the words saved last" in page
    assert 'class="site-header"' in page
    assert "Later." not in Client().get("/en/cases/webank/").content.decode()


def test_posted_words_are_shown_and_nothing_is_stored(author: Client, text: CaseText) -> None:
    count = Revision.objects.count()
    words = {"title": "Mine", "standfirst": "S", "body": "Over {{ webank.users@2018 }}.\r\n"}
    page = shown(author.post(URL, words))
    assert "<h1>Mine</h1>" in page
    assert "Preview of unsaved words" in page
    assert "60 million" in page
    assert 'href="/en/series/webank.users/#2018"' in page
    assert Revision.objects.count() == count
    assert not PageSnapshot.objects.filter(path=URL).exists()


def test_page_in_a_frame_comes_without_scripts(author: Client, text: CaseText) -> None:
    assert "<script" in shown(author.get(URL))
    assert "<script" not in shown(author.get(URL, headers={"sec-fetch-dest": "iframe"}))


def test_exhibits_are_drawn_and_faults_shown_as_typed(author: Client, text: CaseText) -> None:
    chart = "```chart\ntype: column\ntitle: Users\nseries: [webank.users]\n```\n"
    page = shown(author.post(URL, {"title": "T", "body": f"{chart}\nBad {{{{ x }}}}.\n"}))
    assert "<svg" in page
    assert "figure--broken" in page
    assert shown(author.post(URL, {}))


def test_each_language_shows_its_own_text(author: Client, text: CaseText) -> None:
    assert "<h1>Title of webank: more</h1>" in shown(author.get("/zh-hans/preview/webank/"))
    assert author.get("/en/preview/nothing/").status_code == 404


def test_draft_that_was_never_published_is_shown(author: Client, users: Series) -> None:
    write("new", kind="technology")
    assert "Title of new" in shown(author.get("/en/preview/new/"))
    assert author.get("/zh-hans/preview/new/").status_code == 404
    CaseText.objects.create(case=CaseText.objects.get().case, language="zh-hans")
    assert author.get("/zh-hans/preview/new/").status_code == 404


def test_only_this_site_may_frame_it_and_nobody_keeps_it(author: Client, text: CaseText) -> None:
    for answer in (author.get(URL), author.post(URL, {"title": "T", "body": "B"})):
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
    assert "frame-ancestors 'none'" in Client().get("/en/cases/webank/")["Content-Security-Policy"]


@pytest.mark.parametrize("role", ["Author", "Editor", "Publisher"])
def test_roles_that_write_may_preview(text: CaseText, role: str) -> None:
    browser = browser_of(role)
    assert browser.get(URL).status_code == 200
    assert browser.post(URL, {"title": "T", "body": "B"}).status_code == 200


def test_nobody_else_gets_a_draft(text: CaseText) -> None:
    reader = User.objects.create_user("reader")
    reader.user_permissions.set(Permission.objects.filter(content_type__app_label="cases"))
    retired = User.objects.create_user("retired", is_staff=True, is_superuser=True)
    browsers = [Client(), log_in(reader), browser_of("nobody"), log_in(retired)]
    User.objects.filter(pk=retired.pk).update(is_active=False)
    for browser in browsers:
        for url in (URL, "/zh-hans/preview/webank/", "/en/preview/nothing/"):
            for answer in (browser.get(url), browser.post(url, {"body": "B"})):
                assert answer.status_code == 403
                assert "Later." not in answer.content.decode()


def test_who_only_reads_drafts_sees_saved_words_only(text: CaseText) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    for name in ("view_casetext", "view_case"):
        reader.user_permissions.add(Permission.objects.get(codename=name))
    browser = log_in(User.objects.get(pk=reader.pk))
    assert browser.get(URL).status_code == 200
    assert browser.post(URL, {"body": "B"}).status_code == 403


def test_words_are_taken_from_this_site_only(text: CaseText) -> None:
    browser_of("Author")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="author"))
    assert strict.post(URL, {"body": "B"}).status_code == 403


def test_more_figures_cost_no_more_queries(author: Client, text: CaseText) -> None:
    def cost(count: int) -> int:
        body = " ".join(f"{{{{ e-{n}.users@2018 }}}}" for n in range(count))
        with CaptureQueriesContext(connection) as captured:
            shown(author.post(URL, {"title": "T", "body": body}))
        return len(captured)

    publish(*((make_series(f"e-{number}.users"), "2018", "1,000万") for number in range(20)))
    assert cost(20) == cost(1)
    assert cost(20) <= 25


def test_what_cannot_be_read_says_so_in_the_language_of_the_page(
    author: Client, text: CaseText
) -> None:
    body = "Now {{ webank.users }}.\n\n```pie\n```\n"
    save_revision(text, title="Draft", standfirst="", body=body, actor=None, now=NOW)
    page = shown(author.get(URL))
    assert 'title="expected a period such as 2018,' in page
    chinese = CaseText.objects.get(case__slug="webank", language="zh-hans")
    save_revision(chinese, title="稿", standfirst="", body=body, actor=None, now=NOW)
    page = shown(author.get(URL.replace("/en/", "/zh-hans/")))
    assert 'title="@ 之后应为时期，如 2018、' in page
    assert "没有 'pie' 这种图表；" in unescape(page)
