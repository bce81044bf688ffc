"""A text's way: who may move it, what blocks it, what is logged, what stays locked."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cases.models import Case, CaseText, Comment, Publication, Revision, TextAct
from cases.selectors.checklist import checklist
from cases.services.comments import CommentError, add_comment, settle_comment
from cases.services.roles import ensure_roles
from cases.services.texts import (
    NotApprovedError,
    TextLockedError,
    UnsettledError,
    publish_revision,
    save_revision,
    stage_text,
)
from cases.services.workflow import STEPS, StepError, offers, take_step
from metrics.models import Change, Release
from metrics.services.publishing import publish_release
from tests.metrics.admin.staff import make_staff
from tests.metrics.factories import NOW, make_release, make_series, publish

pytestmark = pytest.mark.django_db
ON_THE_WAY = ("submitted", "approved", "published")


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def staff() -> dict[str, User]:
    ensure_roles()
    roles = {role.lower(): make_staff(role) for role in ("Author", "Editor", "Publisher")}
    return roles | {"nobody": User.objects.create_user("nobody", is_staff=True)}


@pytest.fixture
def text() -> CaseText:
    case = Case.objects.create(slug="webank")
    return CaseText.objects.create(case=case, language="zh-hans")


def write(text: CaseText, actor: User | None, body: str = "一段。\n") -> Revision:
    return save_revision(text, title="题", standfirst="导语。", body=body, actor=actor, now=NOW)


def step(text: CaseText, kind: str, actor: User, note: str = "") -> Release | None:
    return take_step(text, kind, actor=actor, now=NOW, note=note)


def approve(text: CaseText, staff: dict[str, User]) -> None:
    write(text, staff["author"])
    step(text, "submitted", staff["author"])
    step(text, "approved", staff["editor"])
    text.refresh_from_db()


def test_text_goes_from_draft_to_its_readers(text: CaseText, staff: dict[str, User]) -> None:
    revision = write(text, staff["author"])
    for kind, who, state in [
        ("submitted", "author", "in-review"),
        ("approved", "editor", "approved"),
        ("published", "publisher", "published"),
    ]:
        step(text, kind, staff[who])
        text.refresh_from_db()
        assert text.state == state
    assert Publication.objects.current().get(text=text).revision == revision
    acts = list(text.acts.order_by("id").values_list("kind", "actor__username"))
    assert acts == [
        ("saved", "author"),
        ("submitted", "author"),
        ("approved", "editor"),
        ("published", "publisher"),
    ]


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("role", ["nobody", "author", "editor", "publisher"])
def test_step_takes_its_right(text: CaseText, staff: dict[str, User], kind: str, role: str) -> None:
    may = {
        "nobody": set(),
        "author": {"submitted", "taken-back", "reopened"},
        "editor": {"submitted", "taken-back", "reopened", "sent-back", "approved"},
        "publisher": set(STEPS),
    }
    write(text, None, "有5家。\n" if kind == "overridden" else "一段。\n")
    CaseText.objects.filter(pk=text.pk).update(state=STEPS[kind].states[0])
    if kind == "archived":
        publish_revision(text.revisions.get(), actor=None, now=NOW)
    if kind in may[role]:
        step(text, kind, staff[role], "so.")
        assert text.acts.filter(kind=kind, actor=staff[role]).exists()
    else:
        with pytest.raises(PermissionDenied):
            step(text, kind, staff[role], "so.")
        assert not text.acts.filter(kind=kind, actor=staff[role]).exists()


@pytest.mark.parametrize("kind", ["submitted", "taken-back", "sent-back", "approved", "reopened"])
@pytest.mark.parametrize("state", CaseText.State.values)
def test_step_is_taken_from_its_states_only(
    text: CaseText, staff: dict[str, User], kind: str, state: str
) -> None:
    write(text, None)
    CaseText.objects.filter(pk=text.pk).update(state=state)
    if state in STEPS[kind].states:
        step(text, kind, staff["publisher"], "so.")
        text.refresh_from_db()
        assert text.state == STEPS[kind].to
    else:
        with pytest.raises(StepError, match="in the state"):
            step(text, kind, staff["publisher"], "so.")
        text.refresh_from_db()
        assert text.state == state


def test_nobody_approves_what_they_saved_last(text: CaseText, staff: dict[str, User]) -> None:
    write(text, staff["author"])
    step(text, "submitted", staff["author"])
    write(text, staff["editor"], "改过。\n")
    with pytest.raises(StepError, match="You saved it last"):
        step(text, "approved", staff["editor"])
    step(text, "approved", staff["publisher"])


def test_words_saved_as_somebody_looked_are_not_approved(
    text: CaseText, staff: dict[str, User]
) -> None:
    write(text, staff["author"])
    step(text, "submitted", staff["author"])
    write(text, staff["author"], "改过。\n")
    with pytest.raises(StepError, match="Somebody saved revision 2 meanwhile"):
        take_step(text, "approved", actor=staff["editor"], now=NOW, seen=1)
    take_step(text, "approved", actor=staff["editor"], now=NOW, seen=2)


@pytest.mark.parametrize("kind", ["published", "archived"])
def test_publishing_lock_is_taken_before_that_of_the_text(
    text: CaseText, staff: dict[str, User], kind: str
) -> None:
    """A release with the text locks both in this order; in the other each waits for the other."""
    approve(text, staff)
    if kind == "archived":
        publish_revision(text.revisions.get(), actor=None, now=NOW)
    with CaptureQueriesContext(connection) as captured:
        step(text, kind, staff["publisher"], "so.")
    asked = [query["sql"] for query in captured]
    locks = [sql for sql in asked if "advisory" in sql or "FOR UPDATE" in sql]
    assert "pg_advisory_xact_lock" in locks[0]
    assert "cases_casetext" in locks[1]


def test_save_in_review_stays_in_review(text: CaseText, staff: dict[str, User]) -> None:
    write(text, staff["author"])
    step(text, "submitted", staff["author"])
    write(text, staff["editor"], "改过。\n")
    text.refresh_from_db()
    assert text.state == "in-review"


def test_save_of_a_published_text_makes_it_a_draft(text: CaseText, staff: dict[str, User]) -> None:
    publish_revision(write(text, None), actor=None, now=NOW)
    write(text, staff["author"], "新。\n")
    text.refresh_from_db()
    assert text.state == "draft"
    assert Publication.objects.current().get(text=text).revision.number == 1


def test_approved_text_is_locked_until_it_is_reopened(
    text: CaseText, staff: dict[str, User]
) -> None:
    approve(text, staff)
    with pytest.raises(TextLockedError):
        write(text, staff["author"], "偷偷改。\n")
    with pytest.raises(StepError, match="Say why"):
        step(text, "reopened", staff["author"])
    step(text, "reopened", staff["author"], "a slip")
    assert write(text, staff["author"], "改。\n").number == 2


def test_text_in_an_open_release_is_not_reopened(text: CaseText, staff: dict[str, User]) -> None:
    approve(text, staff)
    release = make_release("new")
    stage_text(release, text.revisions.get())
    with pytest.raises(StepError, match="take it out there first"):
        step(text, "reopened", staff["author"], "a slip")


def test_release_of_unapproved_words_is_refused_whole(
    text: CaseText, staff: dict[str, User]
) -> None:
    release = make_release("new")
    release.created_by = staff["publisher"]
    release.save()
    stage_text(release, write(text, staff["author"]))
    seq = Change.objects.latest_seq()
    with pytest.raises(NotApprovedError, match="is not approved"):
        publish_release(release, actor=staff["publisher"], now=NOW)
    assert Change.objects.latest_seq() == seq
    assert not Publication.objects.exists()


def test_older_words_are_not_published_for_the_approved_ones(
    text: CaseText, staff: dict[str, User]
) -> None:
    old = write(text, staff["author"], "旧。\n")
    approve(text, staff)
    release = make_release("new")
    release.created_by = staff["publisher"]
    release.save()
    stage_text(release, old)
    with pytest.raises(NotApprovedError):
        publish_release(release, actor=staff["publisher"], now=NOW)


@pytest.mark.parametrize("kind", ON_THE_WAY)
def test_text_that_a_reader_could_not_be_shown_moves_no_further(
    text: CaseText, staff: dict[str, User], kind: str
) -> None:
    write(text, staff["author"], "用户{{ webank.users@2017 }}。\n")
    CaseText.objects.filter(pk=text.pk).update(state=STEPS[kind].states[0])
    with pytest.raises(StepError, match=r"webank\.users"):
        step(text, kind, staff["publisher"])


def test_words_that_readers_see_are_not_handed_in_again(
    text: CaseText, staff: dict[str, User]
) -> None:
    publish_revision(write(text, None), actor=None, now=NOW)
    CaseText.objects.filter(pk=text.pk).update(state="draft")
    with pytest.raises(StepError, match="Readers see these words already"):
        step(text, "submitted", staff["author"])


def test_open_comment_blocks_approval_until_it_is_settled(
    text: CaseText, staff: dict[str, User]
) -> None:
    revision = write(text, staff["author"])
    step(text, "submitted", staff["author"])
    comment = add_comment(revision, words="为什么？", line=1, actor=staff["editor"], now=NOW)
    with pytest.raises(StepError, match="1 comment is open"):
        step(text, "approved", staff["editor"])
    assert settle_comment(comment, actor=staff["author"], now=NOW)
    assert not settle_comment(comment, actor=staff["editor"], now=NOW)
    step(text, "approved", staff["editor"])
    kinds = list(text.acts.order_by("id").values_list("kind", flat=True))
    assert kinds == ["saved", "submitted", "commented", "settled", "approved"]


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        ("  ", 1, "Write what"),
        ("x" * 2001, 1, "at most 2000 characters, not 2001"),
        ("x", 2, "line 2"),
    ],
)
def test_comment_that_says_nothing_or_points_nowhere_is_refused(
    text: CaseText, staff: dict[str, User], words: str, line: int, message: str
) -> None:
    with pytest.raises(CommentError, match=message):
        add_comment(write(text, None), words=words, line=line, actor=staff["author"], now=NOW)
    assert not Comment.objects.exists()


def test_archived_text_is_gone_for_readers_and_may_come_back(
    text: CaseText, staff: dict[str, User], client: Any
) -> None:
    approve(text, staff)
    step(text, "published", staff["publisher"])
    assert client.get("/zh-hans/cases/webank/").status_code == 200
    release = step(text, "archived", staff["publisher"], "superseded")
    text.refresh_from_db()
    assert (text.state, release.kind if release else "") == ("archived", "withdrawal")
    assert client.get("/zh-hans/cases/webank/").status_code == 404
    step(text, "submitted", staff["author"])
    step(text, "approved", staff["editor"])
    step(text, "published", staff["publisher"])
    assert client.get("/zh-hans/cases/webank/").status_code == 200


def test_text_that_readers_do_not_see_is_not_archived(
    text: CaseText, staff: dict[str, User]
) -> None:
    write(text, None)
    with pytest.raises(StepError, match="Readers do not see"):
        step(text, "archived", staff["publisher"], "so.")


def test_text_without_words_goes_nowhere(text: CaseText, staff: dict[str, User]) -> None:
    with pytest.raises(StepError, match="Nothing is written yet"):
        step(text, "submitted", staff["author"])


def test_offers_name_what_blocks(text: CaseText, staff: dict[str, User]) -> None:
    revision = write(text, staff["editor"])
    step(text, "submitted", staff["editor"])
    text.refresh_from_db()
    checks = checklist(text, revision, staff["editor"])
    found = {one.step.kind: one.reasons for one in offers(text, checks, staff["editor"])}
    assert set(found) == {"taken-back", "sent-back", "approved"}
    assert "You saved it last:" in found["approved"][0]
    assert not found["sent-back"]


def test_log_of_a_load_has_no_actor(text: CaseText) -> None:
    publish_revision(write(text, None), actor=None, now=NOW)
    assert set(TextAct.objects.values_list("kind", "actor")) == {
        ("saved", None),
        ("published", None),
    }


def test_unbound_number_waits_for_somebody_who_vouches_for_it(
    text: CaseText, staff: dict[str, User]
) -> None:
    revision = write(text, staff["author"], "覆盖567座城市。\n")
    step(text, "submitted", staff["author"])
    step(text, "approved", staff["editor"])
    with pytest.raises(StepError, match="“567” is typed, not bound"):
        step(text, "published", staff["publisher"])
    release = make_release()
    Release.objects.filter(pk=release.pk).update(created_by=staff["editor"])
    stage_text(release, revision)
    with pytest.raises(UnsettledError, match="567"):
        publish_release(release, actor=staff["publisher"], now=NOW)
    with pytest.raises(StepError, match="Say why"):
        step(text, "overridden", staff["publisher"])
    text.refresh_from_db()
    kinds = [one.step.kind for one in offers(text, checklist(text, revision, staff["publisher"]),
                                             staff["publisher"])]  # fmt: skip
    assert "overridden" in kinds
    step(text, "overridden", staff["publisher"], "Counted by us.")
    with pytest.raises(StepError, match="nothing to vouch for"):
        step(text, "overridden", staff["publisher"], "Again.")
    assert publish_release(release, actor=staff["publisher"], now=NOW)
    assert Publication.objects.current().get(text=text).revision == revision


def test_bound_wording_that_does_not_hold_is_not_published(
    text: CaseText, staff: dict[str, User]
) -> None:
    series = make_series("webank.users")
    publish((series, "2018", "1,234"))
    write(text, staff["author"], '用户[超过两千]{if="webank.users@2018 > 2000"}。\n')
    step(text, "submitted", staff["author"])
    step(text, "approved", staff["editor"])
    with pytest.raises(StepError, match="no longer true"):
        step(text, "published", staff["publisher"])


def in_release(text: CaseText, by: User) -> Release:
    """A person's release with the latest words, however these came to be approved."""
    release = make_release()
    Release.objects.filter(pk=release.pk).update(created_by=by)
    stage_text(release, text.revisions.latest("number"))
    release.refresh_from_db()
    return release


def test_words_that_readers_had_before_pass_the_gate_again(
    text: CaseText, staff: dict[str, User]
) -> None:
    """Taken from readers and handed in again, they may have turned false meanwhile."""
    series = make_series("webank.users")
    publish((series, "2018", "2,345"))
    write(text, staff["author"], '用户[超过两千]{if="webank.users@2018 > 2000"}。\n')
    for kind, who in [("submitted", "author"), ("approved", "editor"), ("published", "publisher"),
                      ("archived", "publisher")]:  # fmt: skip
        step(text, kind, staff[who], "so.")
    publish((series, "2018", "1,234"), kind="correction")
    step(text, "submitted", staff["author"])
    step(text, "approved", staff["editor"])
    with pytest.raises(UnsettledError, match="no longer true"):
        publish_release(in_release(text, staff["editor"]), actor=staff["publisher"], now=NOW)


def test_who_vouched_did_not_vouch_for_what_turned_false_since(
    text: CaseText, staff: dict[str, User]
) -> None:
    series = make_series("webank.users")
    publish((series, "2018", "2,345"))
    body = '覆盖567座城市。用户[超过两千]{if="webank.users@2018 > 2000"}。\n'
    revision = write(text, staff["author"], body)
    step(text, "submitted", staff["author"])
    step(text, "approved", staff["editor"])
    step(text, "overridden", staff["publisher"], "Counted by us.")
    later = NOW + timedelta(minutes=1)
    publish((series, "2018", "1,234"), kind="correction", now=later)
    with pytest.raises(StepError) as refused:
        take_step(text, "published", actor=staff["publisher"], now=later)
    assert "no longer true" in str(refused.value)
    assert "567" not in str(refused.value)
    release = in_release(text, staff["editor"])
    with pytest.raises(UnsettledError, match="no longer true"):
        publish_release(release, actor=staff["publisher"], now=later)
    with pytest.raises(CommandError, match="1 claims"):
        call_command("check_claims", "--drafts", stderr=StringIO())
    later += timedelta(minutes=1)
    take_step(text, "overridden", actor=staff["publisher"], now=later, note="To be rewritten.")
    publish_release(release, actor=staff["publisher"], now=later)
    assert Publication.objects.current().get(text=text).revision == revision
    call_command("check_claims", stdout=StringIO())
