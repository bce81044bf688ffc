"""Somebody else saves while one writes: the save is refused, compared, joined or repeated."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import CaseText
from cases.services.texts import save_revision
from tests.cases.admin.conftest import BODY
from tests.metrics.admin.forms import faults, shown
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db
THEIRS = BODY.replace("做了什么", "别人的小标题") + "\n别人的一段。\n"
MINE = "开头是我的。\n\n" + BODY


def page_of(text: CaseText) -> str:
    return reverse("admin:cases_casetext_change", args=[text.pk])


@pytest.fixture
def opened(author: Client, text: CaseText) -> dict[str, Any]:
    """My form as it was opened, with my words; Anna saved revision 2 since."""
    data = shown(author.get(page_of(text)))
    anna = User.objects.create_user("anna")
    save_revision(text, title="微众银行", standfirst="", body=THEIRS, actor=anna, now=NOW)
    return data | {"body": MINE}


def newest(text: CaseText) -> tuple[int, str]:
    revision = text.revisions.order_by("-number")[0]
    return revision.number, revision.body


def test_save_over_another_is_refused_with_who_and_what_differs(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    for _ in range(2):  # a second try changes nothing
        answer = author.post(page_of(text), opened | {"_save": "1"})
        assert "anna saved revision 2 at" in faults(answer)["__all__"]
        assert shown(answer)["body"] == MINE
        assert shown(answer)["seen"] == "1"
    page = answer.content.decode()
    assert "<ins>开头是我的。</ins>" in page
    assert "<del>别人的一段。</del>" in page
    assert "<ins>一家银行。</ins>" in page
    assert newest(text) == (2, THEIRS)


def test_mine_is_saved_as_the_newest_once_that_revision_was_seen(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    assert author.post(page_of(text), opened | {"_newest": "1"}).status_code == 200
    assert author.post(page_of(text), opened | {"_newest": "2"}).status_code == 302
    assert newest(text) == (3, MINE)


def test_revision_saved_after_the_comparison_is_compared_too(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    save_revision(text, title="三", standfirst="", body="三。\n", actor=None, now=NOW)
    answer = author.post(page_of(text), opened | {"_newest": "2"})
    assert "Somebody saved revision 3 at" in faults(answer)["__all__"]
    assert newest(text) == (3, "三。\n")


def test_both_are_joined_in_the_form_and_then_saved(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    answer = author.post(page_of(text), opened | {"_join": "2"})
    assert "with the changes of revision 2" in faults(answer)["__all__"]
    assert "both of you wrote" not in faults(answer)["__all__"]
    joined = "开头是我的。\n\n" + THEIRS
    fields = shown(answer)
    assert (fields["body"], fields["seen"], fields.get("standfirst")) == (joined, "2", None)
    assert newest(text) == (2, THEIRS)
    assert author.post(page_of(text), fields | {"_save": "1"}).status_code == 302
    assert newest(text) == (3, joined)


def test_place_where_both_wrote_is_counted(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    mine = BODY.replace("做了什么", "我的小标题")
    answer = author.post(page_of(text), opened | {"body": mine, "_join": "2"})
    assert "In 1 place both of you wrote" in faults(answer)["__all__"]
    assert "我的小标题" in shown(answer)["body"]


def test_fault_in_my_words_does_not_ask_to_choose_again(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    answer = author.post(page_of(text), opened | {"body": "{{ x }}", "_newest": "2"})
    assert set(faults(answer)) == {"body"}
    assert shown(answer)["seen"] == "2"


def test_same_words_are_no_conflict(author: Client, text: CaseText, opened: dict[str, Any]) -> None:
    same = opened | {"body": THEIRS, "standfirst": ""}
    assert author.post(page_of(text), same | {"_save": "1"}).status_code == 302
    assert newest(text) == (2, THEIRS)


def test_first_words_of_two_people_meet_too(author: Client, text: CaseText) -> None:
    new = CaseText.objects.create(case=text.case, language="en")
    opened = shown(author.get(page_of(new)))
    save_revision(new, title="T", standfirst="", body="Theirs.\n", actor=None, now=NOW)
    answer = author.post(page_of(new), opened | {"title": "T", "body": "Mine.\n", "_save": "1"})
    assert "Somebody saved revision 1" in faults(answer)["__all__"]


def test_words_sent_to_a_text_approved_meanwhile_stay_in_the_form(
    author: Client, text: CaseText
) -> None:
    opened = shown(author.get(page_of(text))) | {"body": MINE}
    CaseText.objects.update(state="approved")
    answer = author.post(page_of(text), opened | {"_save": "1"})
    assert "This text is approved" in faults(answer)["__all__"]
    assert shown(answer)["body"] == MINE
    assert newest(text)[0] == 1


def test_look_for_newer_words_is_light(
    author: Client, text: CaseText, opened: dict[str, Any]
) -> None:
    url = reverse("admin:cases_casetext_latest", args=[text.pk])
    answer = author.get(url, {"seen": "2"}).json()
    assert len(answer.pop("token")) == 64  # for the form, after a log-in in another window
    assert answer == {"number": 2, "message": ""}
    with CaptureQueriesContext(connection) as captured:
        told = author.get(url, {"seen": "1"}).json()
    assert "anna saved revision 2 at" in told["message"]
    assert len(captured) <= 7  # session, user, second factor, two of permissions, text, revision
    assert browser_of("nobody").get(url).status_code == 403
