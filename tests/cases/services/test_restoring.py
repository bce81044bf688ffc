"""An earlier revision made the newest draft: who may, what forbids it, what stays."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from cases.models import Case, CaseText, Draft, Publication, Revision
from cases.services.restoring import RestoreError, restore_revision
from cases.services.roles import ensure_roles
from cases.services.texts import TextLockedError, publish_revision, save_revision
from tests.metrics.admin.staff import make_staff
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
BODIES = ("一。\n", "二。\n", "三。\n")


@pytest.fixture
def author() -> User:
    ensure_roles()
    return make_staff("Author")


@pytest.fixture
def text() -> CaseText:
    """Three revisions, the first of them live."""
    text = CaseText.objects.create(case=Case.objects.create(slug="webank"), language="zh-hans")
    for number, body in enumerate(BODIES):
        title, standfirst = f"题{number}", f"导语{number}"
        save_revision(text, title=title, standfirst=standfirst, body=body, actor=None, now=NOW)
        if not number:
            publish_revision(text.revisions.get(), actor=None, now=NOW)
    return CaseText.objects.get(pk=text.pk)


def restore(text: CaseText, number: int, actor: User, seen: int = 3) -> Revision:
    with override("en"):
        return restore_revision(text, number, seen=seen, actor=actor, now=LATER)


def test_old_words_become_the_newest_draft(text: CaseText, author: User) -> None:
    revision = restore(text, 1, author)
    assert (revision.number, revision.title, revision.standfirst) == (4, "题0", "导语0")
    assert (revision.body, revision.note) == ("一。\n", "Restored from revision 1")
    assert (revision.created_by, revision.created_at) == (author, LATER)
    act = text.acts.get(revision=revision)
    assert (act.kind, act.actor, act.note) == ("saved", author, "Restored from revision 1")
    assert Publication.objects.current().get(text=text).revision.number == 1
    text.refresh_from_db()
    assert text.state == "draft"


def test_restoring_the_former_one_undoes_it(text: CaseText, author: User) -> None:
    restore(text, 1, author)
    assert restore(text, 3, author, seen=4).body == "三。\n"
    assert list(text.revisions.order_by("number").values_list("body", flat=True)) == [
        *BODIES, "一。\n", "三。\n",
    ]  # fmt: skip


def test_published_text_becomes_a_draft_and_readers_keep_theirs(
    text: CaseText, author: User
) -> None:
    publish_revision(text.revisions.get(number=3), actor=None, now=NOW)
    restore(text, 2, author)
    text.refresh_from_db()
    assert text.state == "draft"
    assert Publication.objects.current().get(text=text).revision.number == 3


def test_text_in_review_stays_there_as_after_any_save(text: CaseText, author: User) -> None:
    CaseText.objects.update(state="in-review")
    restore(text, 1, author)
    text.refresh_from_db()
    assert text.state == "in-review"


@pytest.mark.parametrize("state", ["approved", "scheduled"])
def test_locked_text_is_left_alone(text: CaseText, author: User, state: str) -> None:
    CaseText.objects.update(state=state)
    with pytest.raises(TextLockedError, match="Reopen it"):
        restore(text, 1, author)
    assert text.revisions.count() == 3


@pytest.mark.parametrize(
    ("number", "seen", "message"),
    [
        (7, 3, "There is no revision 7."),
        (1, 2, "Somebody saved revision 3 meanwhile"),
        (3, 3, "These are the words of revision 3, the latest, already."),
    ],
)
def test_nothing_is_restored_that_is_not_there_or_not_looked_at(
    text: CaseText, author: User, number: int, seen: int, message: str
) -> None:
    with pytest.raises(RestoreError, match=message):
        restore(text, number, author, seen)
    assert text.revisions.count() == 3


def test_unsaved_words_of_everybody_are_kept(text: CaseText, author: User) -> None:
    anna = User.objects.create_user("anna")
    for user in (author, anna):
        Draft.objects.create(text=text, author=user, body="Mine.", seen=3, saved_at=NOW)
    restore(text, 1, author)
    assert Draft.objects.filter(text=text, body="Mine.").count() == 2


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_who_may_write_may_restore(text: CaseText, role: str) -> None:
    ensure_roles()
    is_nobody = role == "nobody"
    user = User.objects.create_user(role, is_staff=True) if is_nobody else make_staff(role)
    if is_nobody:
        with pytest.raises(PermissionDenied):
            restore(text, 1, user)
        assert text.revisions.count() == 3
    else:
        assert restore(text, 1, user).number == 4
