"""The page of a review, in the browsers of each role."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.models import CaseText, Comment, Publication
from cases.services.comments import add_comment
from cases.services.texts import save_revision
from metrics.models import Release
from tests.metrics.admin.forms import fill_in, said
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db

QUERIES = 26


def page_of(text: CaseText) -> str:
    return reverse("admin:cases_casetext_review", args=[text.pk])


def write_page(text: CaseText) -> str:
    return reverse("admin:cases_casetext_change", args=[text.pk])


def act(browser: Client, text: CaseText, **data: object) -> str:
    """Press a button of the page; what is said afterwards."""
    latest = text.revisions.order_by("-number").first()
    seen = {"seen": latest.number if latest else ""}
    answer = browser.post(page_of(text), seen | data)
    assert answer.status_code == 302
    return said(answer)


def html_of(browser: Client, text: CaseText) -> str:
    answer = browser.get(page_of(text))
    assert answer.status_code == 200
    return answer.content.decode()


def test_author_editor_and_publisher_bring_a_text_to_readers(
    author: Client, editor: Client, publisher: Client, text: CaseText, client: Client
) -> None:
    answer = fill_in(author, write_page(text), body="新的：{{ webank.users@2017 }}。", _review="1")
    assert answer.url == page_of(text)
    assert "in review" in act(author, text, step="submitted")
    assert "Approve" in html_of(editor, text)
    assert "approved" in act(editor, text, step="approved")
    assert "新的：" not in client.get("/zh-hans/cases/webank/").content.decode()
    assert "Published as change" in act(publisher, text, step="published")
    assert "新的：" in client.get("/zh-hans/cases/webank/").content.decode()
    assert Publication.objects.current().get(text=text).revision.number == 2


def test_readers_are_told_a_reason_and_no_note_among_colleagues(
    author: Client, editor: Client, publisher: Client, text: CaseText, client: Client
) -> None:
    for body, reason in (("一。", ""), ("二。", "A name was wrong.")):
        fill_in(author, write_page(text), body=body, note="As our lawyer asked.", _review="1")
        act(author, text, step="submitted")
        act(editor, text, step="approved")
        assert "Why, for readers" in html_of(publisher, text)
        act(publisher, text, step="published", note=reason)
    told = client.get("/zh-hans/cases/webank/history/").content.decode()
    assert "A name was wrong." in told
    assert "lawyer" not in told
    assert not Release.objects.filter(reason_en__contains="lawyer").exists()


def test_null_byte_is_left_out(editor: Client, text: CaseText) -> None:
    save_revision(text, title="题", standfirst="", body="新。\n", actor=None, now=NOW)
    act(editor, text, comment="Is it\0 so?", line="1")
    comment = Comment.objects.get()
    assert comment.words == "Is it so?"
    act(editor, text, settle=str(comment.pk))
    act(editor, text, step="submitted")
    act(editor, text, step="sent-back", note="Not\0 yet.")
    assert text.acts.get(kind="sent-back").note == "Not yet."


def test_page_shows_figures_as_readers_see_them_and_exhibits_as_source(
    editor: Client, text: CaseText
) -> None:
    body = "用户{{ webank.users@2017 }}。\n\n```callout\ntitle: 注\ntext: 一句。\n```\n"
    save_revision(text, title="题", standfirst="", body=body, actor=None, now=NOW)
    html = html_of(editor, text)
    assert "6,000万" in html
    assert "```callout" in html


def test_own_text_is_not_offered_for_approval(editor: Client, text: CaseText) -> None:
    fill_in(editor, write_page(text), body="新。")
    act(editor, text, step="submitted")
    html = html_of(editor, text)
    assert "You saved it last" in html
    assert 'value="approved"' not in html
    assert "You saved it last" in act(editor, text, step="approved")
    text.refresh_from_db()
    assert text.state == "in-review"


def test_approved_text_is_shown_locked_and_not_saved(
    author: Client, editor: Client, text: CaseText
) -> None:
    fill_in(author, write_page(text), body="新。")
    act(author, text, step="submitted")
    act(editor, text, step="approved")
    page = author.get(write_page(text))
    html = page.content.decode()
    assert "approved and locked" in html
    assert 'name="_save"' not in html
    data = {"title": "偷", "standfirst": "", "body": "偷。", "seen": "2"}
    answer = author.post(write_page(text), data)
    assert "Reopen it" in answer.content.decode()
    assert text.revisions.count() == 2


def test_comment_stands_at_its_paragraph_and_follows_a_rewrite(
    editor: Client, author: Client, text: CaseText
) -> None:
    first = "第一段说了一件事。\n\n第二段说银行做了什么。\n"
    save_revision(text, title="题", standfirst="", body=first, actor=None, now=NOW)
    assert "stands beside" in act(editor, text, comment="哪一家？", line="3")
    html = html_of(author, text)
    assert html.index('id="line-3"') < html.index("哪一家？")
    moved = "新的开头。\n\n第一段说了一件事。\n\n第二段说微众银行做了什么。\n"
    save_revision(text, title="题", standfirst="", body=moved, actor=None, now=NOW)
    html = html_of(author, text)
    assert html.index('id="line-5"') < html.index("哪一家？") < html.index("Comments on the whole")
    assert "rewritten since" in html
    save_revision(text, title="题", standfirst="", body="全新。\n", actor=None, now=NOW)
    html = html_of(author, text)
    assert html.index("Comments on the whole") < html.index("哪一家？")
    comment = Comment.objects.get()
    assert "is settled" in act(author, text, settle=comment.pk)
    assert "settled by author" in html_of(author, text)


def test_act_on_words_that_changed_meanwhile_is_refused(
    editor: Client, author: Client, text: CaseText
) -> None:
    fill_in(author, write_page(text), body="新。")
    act(author, text, step="submitted")
    stale = {"seen": 2, "step": "approved"}
    fill_in(author, write_page(text), body="又新。")
    answer = editor.post(page_of(text), stale)
    assert "Somebody saved revision 3 meanwhile" in said(answer)
    text.refresh_from_db()
    assert text.state == "in-review"


def test_comment_is_shown_as_text(editor: Client, text: CaseText) -> None:
    act(editor, text, comment="<script>alert(1)</script>", line="1")
    assert "<script>alert" not in html_of(editor, text)


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_review_is_for_who_may_see_texts(role: str, text: CaseText) -> None:
    status = browser_of(role).get(page_of(text)).status_code
    assert status == (403 if role == "nobody" else 200)


def test_readers_are_sent_to_the_log_in(client: Client, text: CaseText) -> None:
    assert client.get(page_of(text)).status_code == 302
    assert client.post(page_of(text), {"comment": "x", "seen": 1}).status_code == 302
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "data", [{"step": "deleted"}, {"settle": "99999"}, {"settle": "x"}, {"nothing": "1"}]
)
def test_unknown_act_is_a_bad_request(editor: Client, text: CaseText, data: dict[str, str]) -> None:
    assert editor.post(page_of(text), {"seen": 1} | data).status_code == 400


def test_page_costs_the_same_with_many_comments(
    admin: Client, text: CaseText, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin.get(page_of(text))
    revision = text.revisions.get()
    user = admin.get(page_of(text)).wsgi_request.user
    add_comment(revision, words="一", line=1, actor=user, now=NOW)
    with django_assert_num_queries(QUERIES):
        admin.get(page_of(text))
    for number in range(19):
        add_comment(revision, words=str(number), line=1, actor=user, now=NOW)
    with django_assert_num_queries(QUERIES):
        admin.get(page_of(text))
