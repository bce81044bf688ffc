"""Redacted words are gone from every revision and record; what printed a redacted value too."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client

from cases.models import (
    CaseText,
    Comment,
    Draft,
    Drift,
    LedgerEntry,
    PageSnapshot,
    PassageRedaction,
    Revision,
    TextAct,
)
from cases.services.drift import open_for_rewrite
from cases.services.redacting import ask_passage_redaction, reach_of_passage, redact_passage
from cases.services.texts import publish_revision, save_revision
from cases.services.workflow import take_step
from metrics.models import Change, Release, Series, ValueRedaction
from metrics.services.redacting import ask_value_redaction, redact_value
from metrics.services.two_persons import TwoPersonError
from tests.cases.conftest import publish_case
from tests.cases.views.reading import page, words
from tests.metrics.factories import NOW, make_series, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SECRET = "Its founder is said to live at 5 Elm Street."
BODY = f"It had {{{{ webank.users@2018 }}}} users. {SECRET} It grew.\n"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def text(users: Series) -> CaseText:
    """Two publications with the passage, the second live, and a draft after it."""
    publish_case("webank")
    text = CaseText.objects.get(case__slug="webank", language="en")
    for minute, more in ((2, ""), (3, "More.\n")):
        revision = save_revision(
            text, title="WeBank", standfirst="A bank.", body=f"{BODY}{more}", actor=None,
            now=NOW + minute * MINUTE, note=f"Adds: {SECRET}",
        )  # fmt: skip
        publish_revision(revision, actor=None, now=NOW + minute * MINUTE)
    save_revision(
        text, title=SECRET, standfirst="A bank.", body=BODY, actor=None, now=NOW + 4 * MINUTE
    )
    return text


def asked(text: CaseText, by: User, passage: str = SECRET) -> PassageRedaction:
    redaction = PassageRedaction(
        text=text, passage=passage, reason_zh_hans="隐私", reason_en="Privacy"
    )
    ask_passage_redaction(redaction, actor=by, now=NOW + 5 * MINUTE)
    return redaction


def everything() -> str:
    """All that is stored about texts, as one string."""
    models = (Revision, Draft, Comment, TextAct, Drift, LedgerEntry, Release, PassageRedaction)
    rows = [row for model in models for row in model.objects.values()]
    kept = [bytes(html).decode() for html in PageSnapshot.objects.values_list("html", flat=True)]
    return f"{rows}{kept}{list(Change.objects.values())}"


def test_passage_is_gone_from_every_record(
    client: Client, text: CaseText, first: User, second: User
) -> None:
    latest = text.revisions.order_by("-number")[0]
    Draft.objects.create(text=text, author=first, body=f"Mine. {SECRET}", saved_at=NOW)
    Comment.objects.create(
        revision=latest, paragraph=BODY, words=f"Is it true? {SECRET}", written_at=NOW, author=first
    )
    assert SECRET in page(client, "/en/cases/webank/")
    redaction = asked(text, first)
    reach = reach_of_passage(redaction)
    assert (reach["revisions"], reach["drafts"], reach["comments"]) == (3, 1, 1)
    change = redact_passage(redaction, actor=second, now=NOW + 6 * MINUTE)
    assert change.kind == "redaction"
    assert SECRET not in everything()
    assert "Elm Street" not in everything()
    assert "users. (removed) It grew." in words(page(client, "/en/cases/webank/"))
    for seq in range(3, change.seq):
        assert "Elm Street" not in page(client, f"/en/cases/webank/?as_of={seq}")
    told = words(page(client, "/en/cases/webank/history/"))
    assert "Taken out of the record" in told
    assert "Privacy" in told
    assert "Elm Street" not in told
    redaction.refresh_from_db()
    assert (redaction.state, redaction.passage, redaction.blanked["revisions"]) == ("done", "", 3)
    # The other sentences are still claims, and the draft is still a draft.
    assert LedgerEntry.objects.filter(publication__text=text, printed__contains="60").exists()
    assert text.revisions.count() == 4


def test_it_takes_two_superusers(text: CaseText, first: User, second: User) -> None:
    publisher = User.objects.create_user("publisher", is_staff=True)
    with pytest.raises(PermissionDenied):
        asked(text, publisher)
    redaction = asked(text, first)
    with pytest.raises(PermissionDenied):
        redact_passage(redaction, actor=publisher, now=NOW + 6 * MINUTE)
    with pytest.raises(TwoPersonError, match="Somebody else"):
        redact_passage(redaction, actor=first, now=NOW + 6 * MINUTE)
    assert SECRET in everything()


@pytest.mark.parametrize(
    ("passage", "said"), [("It grew.", "at least 10"), ("Nobody wrote this.", "No revision")]
)
def test_passage_that_is_not_there_is_refused(
    text: CaseText, first: User, passage: str, said: str
) -> None:
    with pytest.raises(TwoPersonError, match=said):
        asked(text, first, passage)


def test_what_printed_a_redacted_value_is_blank(
    client: Client, users: Series, text: CaseText, first: User, second: User
) -> None:
    page(client, "/en/cases/webank/")
    publish((users, "2018", "超过7,777万"), kind="correction", now=NOW + 5 * MINUTE)
    assert "77.77" in words(page(client, "/en/cases/webank/"))
    assert "77.77" in everything()
    redaction = ValueRedaction(
        series=users, period="2018", reason_zh_hans="隐私", reason_en="Privacy"
    )
    ask_value_redaction(redaction, actor=first, now=NOW + 6 * MINUTE)
    redact_value(redaction, actor=second, now=NOW + 7 * MINUTE)
    told = everything()
    assert "77.77" not in told
    assert "60 million" not in told
    shown = page(client, "/en/cases/webank/")
    assert "77.77" not in shown
    assert "60 million" not in shown
    for seq in range(1, Change.objects.latest_seq()):
        answer = client.get(f"/en/cases/webank/?as_of={seq}").content.decode()
        assert "77.77" not in answer
        assert "over 60 million" not in answer


def test_passage_that_was_typed_otherwise_than_printed_is_gone_too(
    users: Series, text: CaseText, first: User, second: User
) -> None:
    """It has a figure in it, and ends in the midst of another sentence that quotes one."""
    passage = "stole **{{ webank.users@2018 }}** coins. Its founder Elm"
    body = f"Somebody {passage} had {{{{ webank.users@2017 }}}} more.\n\nThe end.\n"
    for minute in (5, 6):
        revision = save_revision(
            text, title="WeBank", standfirst="A bank.", body=f"{body}{minute} times.\n",
            actor=None, now=NOW + minute * MINUTE,
        )  # fmt: skip
        publish_revision(revision, actor=None, now=NOW + minute * MINUTE)
    later = NOW + 7 * MINUTE
    publish((users, "2018", "7,777万"), (users, "2017", "7,666万"), kind="correction", now=later)
    drift = Drift.objects.filter(source__contains="coins").get()
    open_for_rewrite(drift, actor=first, now=later)
    CaseText.objects.filter(pk=text.pk).update(state="approved")
    told = f"“{drift.after}”: no longer true."
    Release.objects.filter(pk=Release.objects.latest("pk").pk).update(
        failure_zh_hans=told, failure_en=told
    )
    latest = text.revisions.latest("number")
    Comment.objects.create(
        revision=latest, paragraph=body.split("\n")[0], words="So?", written_at=NOW, author=first
    )
    again = asked(text, first, passage)
    redact_passage(asked(text, first, passage), actor=second, now=NOW + 8 * MINUTE)
    assert "coins" not in everything()
    assert "founder Elm" not in everything()
    again.refresh_from_db()
    assert again.passage == "(removed)"
    claims = LedgerEntry.objects.filter(publication__text=text, publication__seq_to=None)
    assert claims.filter(printed="Somebody (removed) had 76.66 million more.").exists()


def test_value_cannot_be_worked_out_from_what_was_printed(
    client: Client, users: Series, text: CaseText, first: User, second: User
) -> None:
    """What a rule made of it is gone from sentences too, whether or not they quote the value."""
    loyal = make_series("webank.loyal")
    make_series(
        "webank.loyal-share", unit="percent", nature="ratio", share_part=loyal.indicator,
        share_of=users.indicator,
    )  # fmt: skip
    publish((users, "2018", "4,000万"), (loyal, "2018", "1,000万"), definitions_changed=True)
    body = "Of them {{ webank.loyal-share@2018 }} came again.\n"
    for more in ("", "More.\n"):
        revision = save_revision(
            text, title="WeBank", standfirst="", body=body + more, actor=None, now=NOW
        )
        publish_revision(revision, actor=None, now=NOW + 5 * MINUTE)
    assert "25%" in words(page(client, "/en/cases/webank/"))
    redaction = ValueRedaction(
        series=users, period="2018", reason_zh_hans="隐私", reason_en="Privacy"
    )
    ask_value_redaction(redaction, actor=first, now=NOW + 6 * MINUTE)
    redact_value(redaction, actor=second, now=NOW + 7 * MINUTE)
    assert "25%" not in everything()
    assert "25%" not in page(client, "/en/cases/webank/")
    assert Drift.objects.get(source__contains="loyal").kind == "missing"


def test_reason_for_which_a_text_was_taken_from_readers_is_gone_too(
    client: Client, text: CaseText, first: User, second: User
) -> None:
    take_step(text, "archived", actor=first, now=NOW + 5 * MINUTE, note=f"Removed: {SECRET}")
    history = "/en/cases/webank/history/"
    assert "Elm Street" in page(client, history)
    redact_passage(asked(text, first), actor=second, now=NOW + 6 * MINUTE)
    assert "Elm Street" not in everything()
    assert "Removed: (removed)" in page(client, history)
