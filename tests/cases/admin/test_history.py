"""The admin's history of a text: what became of each revision, two compared, one restored."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from cases.models import CaseText, Draft
from cases.services.texts import publish_revision, save_revision
from cases.services.workflow import take_step
from tests.cases.admin.conftest import BODY
from tests.cases.views.reading import plain
from tests.cases.views.test_queries import queries
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db
SECOND = BODY.replace("做了什么", "做成什么") + "\n又一段。\n"


def address(page: str, text: CaseText, **asked: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse(f'admin:cases_casetext_{page}', args=[text.pk])}?{query}"


def shown(browser: Client, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status
    return plain(answer.content.decode().partition('id="content"')[2])


def save(text: CaseText, body: str, **facts: Any) -> None:
    given = {"title": "微众银行", "standfirst": "一家银行。", "actor": None, "now": NOW}
    save_revision(text, body=body, **(given | facts))


@pytest.fixture
def drafted(text: CaseText) -> CaseText:
    """Revision 1 is live, 2 was handed in by Anna and sent back, 3 is the latest."""
    anna = User.objects.create_superuser("anna")
    save(text, SECOND, title="微众银行二", actor=anna, note="A second try")
    take_step(text, "submitted", actor=anna, now=NOW)
    take_step(text, "sent-back", actor=anna, now=NOW, note="Too long")
    save(text, "三。\n")
    return CaseText.objects.get(pk=text.pk)


def test_every_revision_is_told_with_what_became_of_it(author: Client, drafted: CaseText) -> None:
    told = shown(author, address("history", drafted))
    assert "Readers see revision 1; the latest is revision 3." in told
    third, _mark, rest = told.partition("Revision 2")
    second, _mark, first = rest.partition("Revision 1")
    assert "Revision 3 the latest" in third
    assert "微众银行二" in second
    assert "anna · A second try" in second
    assert "handed in for review · anna" in second
    assert "sent back · anna" in second
    assert "Too long" in second
    assert "readers see it" in first
    assert "published · —" in first
    assert "Change 2 · 微众银行 · new" in first
    page = author.get(address("change", drafted)).content.decode()
    assert f'href="{reverse("admin:cases_casetext_history", args=[drafted.pk])}"' in page


def test_text_without_words_has_nothing_to_show(author: Client, text: CaseText) -> None:
    new = CaseText.objects.create(case=text.case, language="en")
    assert "Nothing is written yet." in shown(author, address("history", new))
    assert author.get(address("compare", new), follow=True).status_code == 404


def test_any_two_are_compared_word_by_word(author: Client, drafted: CaseText) -> None:
    told = shown(author, address("compare", drafted, **{"from": 1, "to": 2}))
    assert "Title 微众银行 [added: 二 ]" in told
    assert "## 做 [removed: 了 ] [added: 成 ] 什么" in told
    assert "A new paragraph [added: 又一段。 ]" in told
    assert "… 1 paragraph is the same …" in told
    back = shown(author, address("compare", drafted, **{"from": 2, "to": 1}))
    assert "A paragraph that is gone [removed: 又一段。 ]" in back
    same = shown(author, address("compare", drafted, **{"from": 2, "to": 2}))
    assert "The words are the same." in same


def test_live_and_latest_are_compared_unless_others_are_asked_for(
    author: Client, drafted: CaseText
) -> None:
    usual = author.get(address("compare", drafted)).context["sides"]
    assert (usual.before.number, usual.after.number) == (1, 3)
    publish_revision(drafted.revisions.get(number=3), actor=None, now=NOW)
    usual = author.get(address("compare", drafted)).context["sides"]
    assert (usual.before.number, usual.after.number) == (2, 3)


@pytest.mark.parametrize(
    ("asked", "status"), [("x", 400), ("-1", 400), ("9" * 12, 400), ("9", 404)]
)
def test_revision_that_is_none_is_refused(
    author: Client, drafted: CaseText, asked: str, status: int
) -> None:
    answer = author.get(address("compare", drafted, to=asked), follow=True)
    assert answer.status_code == status


def test_revision_is_restored_after_a_look_and_the_former_one_again(
    author: Client, drafted: CaseText
) -> None:
    page = author.get(address("compare", drafted, **{"from": 3, "to": 1}))
    assert "Restore revision 1" in page.content.decode()
    assert "Restore revision 3" not in page.content.decode()
    url = reverse("admin:cases_casetext_restore", args=[drafted.pk])
    answer = author.post(url, {"number": 1, "seen": 3}, follow=True)
    assert "Revision 1 is restored as revision 4, a draft." in answer.content.decode()
    assert drafted.revisions.get(number=4).body == BODY
    author.post(url, {"number": 3, "seen": 4})
    assert drafted.revisions.get(number=5).body == "三。\n"


def test_refusal_is_told_and_nothing_saved(author: Client, drafted: CaseText) -> None:
    url = reverse("admin:cases_casetext_restore", args=[drafted.pk])
    answer = author.post(url, {"number": 1, "seen": 2}, follow=True)
    assert "Somebody saved revision 3 meanwhile" in answer.content.decode()
    CaseText.objects.update(state="approved")
    assert "Reopen it" in shown(author, address("compare", drafted))
    answer = author.post(url, {"number": 1, "seen": 3}, follow=True)
    assert "This text is approved." in answer.content.decode()
    assert author.post(url, {"number": "x"}).status_code == 400
    assert author.get(url).status_code == 405
    assert drafted.revisions.count() == 3


def test_unsaved_words_are_named_before_and_after(author: Client, drafted: CaseText) -> None:
    mine = User.objects.get(username="author")
    anna = User.objects.get(username="anna")
    for user in (mine, anna):
        Draft.objects.create(text=drafted, author=user, body="Mine.", seen=3, saved_at=NOW)
    told = shown(author, address("compare", drafted))
    assert "You have unsaved words of" in told
    assert "anna has unsaved words of" in told
    url = reverse("admin:cases_casetext_restore", args=[drafted.pk])
    answer = author.post(url, {"number": 1, "seen": 3}, follow=True).content.decode()
    assert "Your unsaved words are kept" in answer
    assert "Anna has unsaved words on this text; they are kept." in answer
    assert Draft.objects.count() == 2


def test_words_that_could_not_be_shown_now_are_restored_with_a_warning(
    author: Client, text: CaseText
) -> None:
    save(text, "{{ gone.users@2017 }}\n")
    save(text, "三。\n")
    url = reverse("admin:cases_casetext_restore", args=[text.pk])
    answer = author.post(url, {"number": 2, "seen": 3}, follow=True).content.decode()
    assert "1 place in it could not be shown to readers now" in answer


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_roles_read_and_restore_and_nobody_does(drafted: CaseText, role: str) -> None:
    browser = browser_of(role)
    expected = 403 if role == "nobody" else 200
    for page in ("history", "compare"):
        assert browser.get(address(page, drafted)).status_code == expected
    url = reverse("admin:cases_casetext_restore", args=[drafted.pk])
    answer = browser.post(url, {"number": 1, "seen": 3})
    assert answer.status_code == (403 if role == "nobody" else 302)
    assert drafted.revisions.count() == (3 if role == "nobody" else 4)


@pytest.mark.usefixtures("roles")
def test_who_only_reads_is_offered_no_restoring(drafted: CaseText) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_casetext"))
    browser = log_in(User.objects.get(pk=user.pk))
    assert "Restore" not in shown(browser, address("history", drafted))
    assert "Restore" not in shown(browser, address("compare", drafted))
    url = reverse("admin:cases_casetext_restore", args=[drafted.pk])
    assert browser.post(url, {"number": 1, "seen": 3}).status_code == 403
    assert Client().post(url, {"number": 1, "seen": 3}).status_code == 302
    assert drafted.revisions.count() == 3


def test_long_history_is_paged_at_the_same_cost(author: Client, drafted: CaseText) -> None:
    one = queries(author, address("history", drafted))
    for number in range(45):
        save(drafted, f"{number}。\n", actor=User.objects.get(username="anna"))
    assert queries(author, address("history", drafted)) == one
    page = author.get(address("history", drafted, p=2)).content.decode()
    assert page.count('class="revision"') + page.count("revision--live") == 8
