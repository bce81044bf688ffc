"""Which messages are made of the Change log."""

from typing import Any

import pytest
from django.db import transaction

from metrics.models import Change, Observation
from metrics.services.clock import publishing
from metrics.services.publishing import publish_definitions
from partners.models import Delivery, Partner, Webhook
from partners.services import queueing
from partners.services.queueing import queue_changes
from partners.services.webhooks import replay_since, switch_off, switch_on
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.services.conftest import others
from tests.partners.services.conftest import make_webhook

pytestmark = pytest.mark.django_db
__all__ = ["others"]

URL = "https://partner.example/hook"


def told(webhook: Webhook) -> list[tuple[int | None, str]]:
    return list(webhook.deliveries.order_by("seq").values_list("seq", "kind"))


@pytest.fixture
def hook(partner: Partner) -> Webhook:
    publish((make_series("webank.users"), "2016", "5"))  # of before the webhook
    return make_webhook(partner, URL)


def test_what_is_published_is_told_once(hook: Webhook) -> None:
    series = make_series("webank.users")
    seqs = [publish((series, "2017", "5")).seq, publish((series, "2017", "6"), kind="revision").seq]
    seqs += [publish((series, "2017", "7"), kind="correction").seq]
    assert queue_changes(NOW) == 3
    assert queue_changes(NOW) == 0
    assert told(hook) == list(zip(seqs, ["release", "release", "correction"], strict=True))
    assert Webhook.objects.get().seen_seq == seqs[-1]


def test_ticks_that_say_nothing_new_are_not_told(hook: Webhook) -> None:
    with transaction.atomic():
        publish_definitions(actor=None, now=NOW, what="rules")
    with publishing(Change.Kind.REFRESH, now=NOW):
        pass
    assert queue_changes(NOW) == 0
    assert Webhook.objects.get().seen_seq == Change.objects.latest_seq()


def test_what_was_taken_out_of_the_record_is_told_as_a_withdrawal(hook: Webhook) -> None:
    with publishing(Change.Kind.REDACTION, now=NOW) as change:
        pass
    queue_changes(NOW)
    assert told(hook) == [(change.seq, "withdrawal")]


def test_webhook_is_told_of_the_kinds_it_wants(partner: Partner) -> None:
    hook = make_webhook(partner, URL, kinds=["correction"])
    series = make_series("webank.users")
    publish((series, "2017", "5"))
    correction = publish((series, "2017", "6"), kind="correction")
    queue_changes(NOW)
    assert told(hook) == [(correction.seq, "correction")]


def test_webhook_that_is_off_is_told_what_it_missed_when_it_is_on(hook: Webhook) -> None:
    switch_off(hook, reason="staff", now=NOW)
    change = publish((make_series("webank.users"), "2017", "5"))
    assert queue_changes(NOW) == 0
    switch_on(hook, now=NOW)
    assert queue_changes(NOW) == 1
    assert told(hook) == [(change.seq, "release")]


def test_partner_that_is_off_is_told_nothing(hook: Webhook) -> None:
    Partner.objects.update(is_active=False)
    publish((make_series("webank.users"), "2017", "5"))
    assert queue_changes(NOW) == 0


def test_many_changes_are_queued_in_portions(
    hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "MOST_CHANGES", 2)
    series = make_series("webank.users")
    for year in range(2001, 2006):
        publish((series, str(year), "5"))
    assert [queue_changes(NOW) for _ in range(4)] == [2, 2, 1, 0]
    assert hook.deliveries.count() == 5


def test_replay_makes_what_was_never_made_and_sends_the_rest_again(partner: Partner) -> None:
    series = make_series("webank.users")
    first = publish((series, "2016", "5")).seq
    hook = make_webhook(partner, URL)
    publish((series, "2017", "5"))
    publish((series, "2018", "5"))
    queue_changes(NOW)
    second, third = hook.deliveries.order_by("seq")
    Delivery.objects.filter(pk=second.pk).update(next_attempt_at=None, delivered_at=NOW, attempts=3)
    assert replay_since(hook, seq=first, now=NOW) == 2  # the third still waits
    assert [seq for seq, _ in told(hook)] == [first, second.seq, third.seq]
    again = Delivery.objects.get(pk=second.pk)
    assert (again.message_id, again.attempts) == (second.message_id, 0)
    assert (again.next_attempt_at, again.delivered_at) == (NOW, None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_queue_a_change_once(partner: Partner, others: Any) -> None:
    hook = make_webhook(partner, URL)
    for year in range(2001, 2011):
        publish((make_series("webank.users"), str(year), "5"))
    for _ in range(4):
        others.start(lambda: queue_changes(NOW))
    others.end()
    queue_changes(NOW)
    assert hook.deliveries.count() == 10
    assert Observation.objects.count() == 10
