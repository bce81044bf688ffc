"""What a translation follows: said by a save or afterwards, carried on, restored, refused."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from cases.models import Case, CaseText, Publication, Revision
from cases.services.following import FollowError, follow
from cases.services.restoring import restore_revision
from cases.services.roles import ensure_roles
from cases.services.texts import publish_revision, save_revision
from tests.metrics.admin.staff import make_staff
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def author() -> User:
    ensure_roles()
    return make_staff("Author")


@pytest.fixture
def chinese() -> CaseText:
    case = Case.objects.create(slug="webank")
    text = CaseText.objects.create(case=case, language="zh-hans")
    save(text, "一。\n")
    return text


@pytest.fixture
def english_text(chinese: CaseText) -> CaseText:
    """It follows revision 1 of the Chinese text."""
    text = CaseText.objects.create(case=chinese.case, language="en")
    save(text, "One.\n", source=chinese.revisions.get())
    return text


def save(text: CaseText, body: str, **facts: Any) -> Revision:
    given = {"title": "T", "standfirst": "", "actor": None, "now": NOW}
    return save_revision(text, body=body, **(given | facts))


def followed(text: CaseText) -> int | None:
    latest = text.revisions.order_by("-number")[0]
    return latest.source_revision.number if latest.source_revision else None


def lagging() -> list[str]:
    return [str(row.text) for row in Revision.objects.newest().lagging()]


def test_save_follows_what_the_one_before_followed(
    chinese: CaseText, english_text: CaseText
) -> None:
    assert (followed(chinese), followed(english_text)) == (None, 1)
    newer = save(chinese, "二。\n")
    save(english_text, "Two.\n")
    assert followed(english_text) == 1
    save(english_text, "Three.\n", source=newer)
    assert followed(english_text) == 2


def test_translation_lags_once_its_source_is_saved_anew(
    chinese: CaseText, english_text: CaseText, author: User
) -> None:
    assert lagging() == []
    save(english_text, "One more.\n")
    assert lagging() == []  # and the source does not lag behind its translation
    newer = save(chinese, "二。\n")
    assert lagging() == ["webank (en)"]
    assert follow(english_text, newer, actor=author, now=NOW)
    assert lagging() == []


def test_what_was_said_is_in_the_log_and_the_words_stay(
    chinese: CaseText, english_text: CaseText, author: User
) -> None:
    newer = save(chinese, "二。\n")
    CaseText.objects.update(state="approved")
    assert follow(english_text, newer, actor=author, now=NOW)
    assert not follow(english_text, newer, actor=author, now=NOW)
    assert english_text.revisions.count() == 1
    act = english_text.acts.get(kind="followed")
    assert (act.note, act.actor) == ("webank (zh-hans) #2", author)
    assert follow(english_text, None, actor=author, now=NOW)
    assert followed(english_text) is None
    english_text.refresh_from_db()
    assert english_text.state == "approved"


def test_restored_words_follow_what_they_followed(
    chinese: CaseText, english_text: CaseText, author: User
) -> None:
    save(english_text, "Two.\n", source=save(chinese, "二。\n"))
    restore_revision(english_text, 1, seen=2, actor=author, now=NOW)
    assert followed(english_text) == 1
    assert lagging() == ["webank (en)"]


def test_two_texts_do_not_follow_each_other(
    chinese: CaseText, english_text: CaseText, author: User
) -> None:
    with pytest.raises(FollowError, match="The text in English follows this one"):
        follow(chinese, english_text.revisions.get(), actor=author, now=NOW)


def test_other_cases_and_own_words_are_not_followed(
    chinese: CaseText, english_text: CaseText, author: User
) -> None:
    case = Case.objects.create(slug="other")
    foreign = save(CaseText.objects.create(case=case, language="zh-hans"), "x\n")
    for source in (foreign, english_text.revisions.get()):
        with pytest.raises(FollowError, match="of its own case"):
            follow(english_text, source, actor=author, now=NOW)
    empty = CaseText.objects.create(case=case, language="en")
    with pytest.raises(FollowError, match="Nothing is written"):
        follow(empty, foreign, actor=author, now=NOW)


def test_who_may_not_write_says_nothing(chinese: CaseText, english_text: CaseText) -> None:
    nobody = User.objects.create_user("nobody", is_staff=True)
    with pytest.raises(PermissionDenied):
        follow(english_text, None, actor=nobody, now=NOW)
    assert followed(english_text) == 1


def test_each_language_goes_to_its_readers_by_itself(
    chinese: CaseText, english_text: CaseText
) -> None:
    publish_revision(english_text.revisions.get(), actor=None, now=NOW)
    live = Publication.objects.current()
    assert [row.text for row in live] == [english_text]
    chinese.refresh_from_db()
    assert chinese.state == "draft"
    publish_revision(chinese.revisions.get(), actor=None, now=NOW)
    publish_revision(save(chinese, "二。\n"), actor=None, now=NOW)
    assert {(row.text.language, row.revision.number) for row in live.all()} == {
        ("en", 1),
        ("zh-hans", 2),
    }
