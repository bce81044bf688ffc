"""Messages on their way: what is sent, when it is tried again, when it is given up."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.test import Client
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from cases.models import Case, CaseText
from cases.services.texts import publish_revision, save_revision
from partners.models import Attempt, Delivery, Partner, Webhook
from partners.models.webhook import LONGEST_EXCERPT
from partners.services import delivering
from partners.services.delivering import DAY, GAPS, LEASE, clear_log, deliver_due
from partners.services.queueing import queue_changes
from partners.services.webhooks import (
    WebhookStateError,
    replay_delivery,
    rotate_secret,
    send_test,
    switch_off,
    switch_on,
)
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.services.conftest import others
from tests.partners.outgoing.receiver import Receiver
from tests.partners.services.conftest import make_webhook

pytestmark = pytest.mark.django_db
__all__ = ["others"]

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def plain_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gaps without chance."""
    monkeypatch.setattr(delivering, "JITTER", (1.0, 1.0))


@pytest.fixture
def delivery(webhook: Webhook, clock: Any) -> Delivery:
    """A message of a correction, due."""
    series = make_series("webank.users")
    publish((series, "2018", "5"))
    Webhook.objects.update(seen_seq=1)
    publish((series, "2018", "6"), kind="correction")
    queue_changes(START)
    return Delivery.objects.get()


def current(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def test_message_is_signed_small_and_says_where_the_rest_is(
    delivery: Delivery, webhook: Webhook, receiver: Receiver, settings: Any
) -> None:
    settings.SITE_URL = "https://fintech.example/"
    assert deliver_due() == 1
    _path, headers, body = receiver.requests[0]
    told = Verifier(webhook.secret).verify(body, headers)
    assert told["type"] == "correction.published"
    assert told["timestamp"] == told["data"]["published_at"]
    assert told["data"] | {"published_at": ""} == {
        "seq": 2,
        "kind": "correction",
        "published_at": "",
        "title": {"zh-hans": "发布", "en": "Release"},
        "reason": {"zh-hans": "", "en": ""},
        "series_count": 1,
        "series": ["webank.users"],
        "cases": [],
        "links": {
            "page": {
                "zh-hans": "https://fintech.example/zh-hans/releases/2/",
                "en": "https://fintech.example/en/releases/2/",
            },
            "api": "https://fintech.example/api/v1/changes?since=1",
        },
    }
    assert headers["webhook-id"] == delivery.message_id
    assert headers["content-type"] == "application/json"
    assert len(body) < 1000
    assert "authorization" not in headers
    assert "cookie" not in headers
    done = current(delivery)
    assert (done.delivered_at, done.attempts, done.last_status) == (START, 1, 204)
    assert deliver_due() == 0


def test_link_of_a_message_leads_to_what_it_tells_of(
    delivery: Delivery, receiver: Receiver, client: Client
) -> None:
    deliver_due()
    links = json.loads(receiver.requests[0][2])["data"]["links"]
    feed = client.get(links["api"]).json()["results"]
    assert {one["seq"] for one in feed} == {delivery.seq}
    assert [client.get(page).status_code for page in links["page"].values()] == [200, 200]


def test_message_names_the_texts_that_quote_what_changed(
    webhook: Webhook, receiver: Receiver, clock: Any
) -> None:
    users = make_series("webank.users")
    publish((users, "2017", "5"), (make_series("webank.loans"), "2017", "9"))
    case = Case.objects.create(slug="webank")
    text = CaseText.objects.create(case=case, language="zh-hans")
    words = {"title": "题", "standfirst": "", "body": "有{{ webank.users@2017 }}。\n"}
    publish_revision(save_revision(text, **words, actor=None, now=NOW), actor=None, now=NOW)
    publish((users, "2017", "6"), kind="correction")
    publish((make_series("webank.loans"), "2017", "8"), kind="correction")
    queue_changes(START)
    deliver_due()
    told = [json.loads(body)["data"] for _, _, body in receiver.requests]
    assert [(one["seq"], one["cases"]) for one in told] == [
        (1, []), (2, ["webank"]), (3, ["webank"]), (4, []),
    ]  # fmt: skip


def test_draft_is_told_to_nobody(webhook: Webhook, receiver: Receiver, clock: Any) -> None:
    publish((make_series("webank.users"), "2017", "5"))
    text = CaseText.objects.create(case=Case.objects.create(slug="secret"), language="zh-hans")
    words = {"title": "题", "standfirst": "", "body": "有{{ webank.users@2017 }}。\n"}
    save_revision(text, **words, actor=None, now=NOW)
    publish((make_series("webank.users"), "2017", "6"), kind="correction")
    queue_changes(START)
    deliver_due()
    assert len(receiver.requests) == 2
    assert not [body for _, _, body in receiver.requests if b"secret" in body]


def test_message_that_was_changed_on_its_way_does_not_verify(
    delivery: Delivery, webhook: Webhook, receiver: Receiver
) -> None:
    deliver_due()
    _path, headers, body = receiver.requests[0]
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook.secret).verify(body.replace(b"correction", b"withdrawal"), headers)


def test_failed_message_is_tried_with_growing_gaps_for_a_day_and_given_up(
    delivery: Delivery, receiver: Receiver, clock: Any, plain_gaps: None
) -> None:
    receiver.statuses = [500] * 100
    at, tried = START, []
    while (row := current(delivery)).next_attempt_at is not None:
        at = row.next_attempt_at
        clock.move_to(at - timedelta(seconds=1))
        assert at == START or deliver_due() == 0
        clock.move_to(at)
        assert deliver_due() == 1
        tried.append(at - START)
    steps = [later - earlier for earlier, later in pairwise(tried)]
    assert steps[: len(GAPS)] == list(GAPS)
    assert tried[-1] == DAY
    assert (row.gave_up_at, row.attempts) == (START + DAY, len(tried))
    assert len({headers["webhook-id"] for _, headers, _ in receiver.requests}) == 1
    assert len({body for _, _, body in receiver.requests}) == 1
    assert Attempt.objects.filter(status=500, error="refused").count() == len(tried)


def test_gaps_differ_by_chance_within_a_fifth(delivery: Delivery, receiver: Receiver) -> None:
    receiver.statuses = [500]
    deliver_due()
    gap = current(delivery).next_attempt_at - START
    assert GAPS[0] * 0.8 <= gap <= GAPS[0] * 1.2


def test_message_that_failed_arrives_later(
    delivery: Delivery, receiver: Receiver, clock: Any
) -> None:
    receiver.statuses = [503, 200]
    deliver_due()
    clock.move_to(START + timedelta(minutes=1))
    deliver_due()
    row = current(delivery)
    assert (row.delivered_at, row.attempts, row.last_error) == (
        START + timedelta(minutes=1), 2, "",
    )  # fmt: skip
    assert list(row.log.order_by("id").values_list("status", flat=True)) == [503, 200]


def test_receiver_is_given_the_time_it_asks_for(
    delivery: Delivery, receiver: Receiver, plain_gaps: None
) -> None:
    receiver.statuses, receiver.headers = [429], {"Retry-After": "90"}
    deliver_due()
    assert current(delivery).next_attempt_at == START + timedelta(seconds=90)


def test_nobody_is_given_more_than_an_hour(
    delivery: Delivery, receiver: Receiver, plain_gaps: None
) -> None:
    receiver.statuses, receiver.headers = [503], {"Retry-After": "999999"}
    deliver_due()
    assert current(delivery).next_attempt_at == START + timedelta(hours=1)


def test_410_switches_the_webhook_off(delivery: Delivery, receiver: Receiver) -> None:
    receiver.statuses = [410]
    deliver_due()
    hook = Webhook.objects.get()
    assert (hook.is_active, hook.disabled_reason, hook.disabled_at) == (False, "gone", START)
    assert current(delivery).gave_up_at == START
    publish((make_series("webank.users"), "2019", "5"))
    assert queue_changes(START) == 0


def test_redirect_is_a_failure_and_is_not_followed(delivery: Delivery, receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [307], {"Location": receiver.url}
    deliver_due()
    assert len(receiver.requests) == 1
    assert current(delivery).last_error == "redirected"


def test_answer_is_kept_in_part(delivery: Delivery, receiver: Receiver) -> None:
    receiver.statuses, receiver.body = [400], "错".encode() * 5000
    deliver_due()
    assert Attempt.objects.get().excerpt == "错" * LONGEST_EXCERPT


def test_receiver_in_trouble_is_asked_once_a_gap_not_once_a_message(
    delivery: Delivery, receiver: Receiver, clock: Any
) -> None:
    for year in ("2019", "2020", "2021"):
        publish((make_series("webank.users"), year, "5"))
    queue_changes(START)
    receiver.statuses = [503]
    assert deliver_due() == 1
    assert Delivery.objects.filter(next_attempt_at__lte=START).count() == 0
    clock.move_to(START + timedelta(seconds=10))
    assert deliver_due() == 4


def test_message_that_alone_is_refused_holds_up_no_other(
    delivery: Delivery, receiver: Receiver
) -> None:
    publish((make_series("webank.users"), "2019", "5"))
    queue_changes(START)
    receiver.statuses = [400]
    assert deliver_due() == 2
    assert Delivery.objects.filter(delivered_at=START).count() == 1


def test_one_receiver_in_trouble_holds_up_no_other(
    partner: Partner, delivery: Delivery, receiver: Receiver
) -> None:
    dead = make_webhook(partner, "http://127.0.0.1:1/")
    publish((make_series("webank.users"), "2019", "5"))
    queue_changes(START)
    deliver_due()
    assert dead.deliveries.get().last_error == "unreachable"
    assert delivery.webhook.deliveries.filter(delivered_at=START).count() == 2


def test_message_of_a_worker_that_died_is_tried_again(
    delivery: Delivery, receiver: Receiver, clock: Any
) -> None:
    assert delivering._taken(START) == delivery
    assert deliver_due() == 0
    clock.move_to(START + LEASE)
    assert deliver_due() == 1
    assert current(delivery).attempts == 2


def test_slow_worker_does_not_overrule_the_one_that_came_after(
    delivery: Delivery, receiver: Receiver, clock: Any
) -> None:
    slow = delivering._taken(START)
    assert slow is not None
    clock.move_to(START + LEASE)
    deliver_due()
    failed = delivering.Outcome(500, "refused", "", 1)
    delivering._record(slow, failed, START + LEASE)
    row = current(delivery)
    assert (row.delivered_at, row.last_status) == (START + LEASE, 204)
    assert row.log.count() == 2


def test_both_secrets_sign_for_a_day_after_a_rotation(
    delivery: Delivery, webhook: Webhook, receiver: Receiver, clock: Any
) -> None:
    new = rotate_secret(webhook, now=START)
    deliver_due()
    _path, headers, body = receiver.requests[0]
    for secret in (new, webhook.secret):
        Verifier(secret).verify(body, headers)
    clock.move_to(START + DAY)
    send_test(webhook, now=START + DAY)
    deliver_due()
    _path, headers, body = receiver.requests[1]
    Verifier(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook.secret).verify(body, headers)


def test_test_message_tells_of_nothing(webhook: Webhook, receiver: Receiver, clock: Any) -> None:
    send_test(webhook, now=START)
    deliver_due()
    told = json.loads(receiver.requests[0][2])
    assert told == {"type": "test", "timestamp": "2026-11-27T12:00:00Z", "data": {"seq": 0}}


def test_replayed_message_keeps_its_id(delivery: Delivery, receiver: Receiver, clock: Any) -> None:
    with pytest.raises(WebhookStateError):  # it still waits
        replay_delivery(delivery, now=START)
    deliver_due()
    replay_delivery(delivery, now=START)
    deliver_due()
    assert [one[1]["webhook-id"] for one in receiver.requests] == [delivery.message_id] * 2
    assert current(delivery).log.count() == 2


def test_webhook_that_is_off_takes_no_test_and_no_replay(
    delivery: Delivery, webhook: Webhook, receiver: Receiver
) -> None:
    deliver_due()
    switch_off(webhook, reason="staff", now=START)
    with pytest.raises(WebhookStateError):
        send_test(webhook, now=START)
    with pytest.raises(WebhookStateError):
        replay_delivery(delivery, now=START)


def test_what_waited_has_its_day_anew_when_the_webhook_is_on(
    delivery: Delivery, webhook: Webhook, receiver: Receiver, clock: Any
) -> None:
    switch_off(webhook, reason="staff", now=START)
    assert deliver_due() == 0
    later = START + timedelta(days=9)
    switch_on(webhook, now=later)
    clock.move_to(later)
    receiver.statuses = [500]
    deliver_due()
    assert current(delivery).next_attempt_at is not None


def test_message_that_cannot_be_made_fails_alone(
    delivery: Delivery, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    Webhook.objects.update(secret="whsec_")  # what no secret of ours is
    deliver_due()
    assert current(delivery).last_error == "failed"


def test_private_address_is_never_asked(
    delivery: Delivery, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_LOCAL = False
    deliver_due()
    assert receiver.requests == []
    assert current(delivery).last_error == "forbidden"


def test_log_names_no_address_and_no_secret(
    delivery: Delivery, webhook: Webhook, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    receiver.statuses = [500]
    deliver_due()
    lines = [str(record.__dict__) for record in caplog.records]
    assert [line for line in lines if delivery.message_id in line]
    for word in (webhook.secret, "of=acme", str(receiver.port)):
        assert not [line for line in lines if word in line]


def test_what_ended_long_ago_is_forgotten(delivery: Delivery, receiver: Receiver) -> None:
    deliver_due()
    clear_log(START + timedelta(days=89))
    assert Delivery.objects.count() == 1
    clear_log(START + timedelta(days=91))
    assert not Delivery.objects.exists()
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_one_message_at_the_same_time(
    webhook: Webhook, receiver: Receiver, others: Any
) -> None:
    """Four workers, ten messages: a receiver that answers late sees each of them once."""
    gate = threading.Event()

    def late(handler: Any) -> None:
        gate.wait(20)
        handler.send_response(204)
        handler.end_headers()

    receiver.respond = late
    now = datetime.now(UTC)
    made = [send_test(webhook, now=now) for _ in range(10)]
    for _ in range(4):
        others.start(deliver_due)
    gate.set()
    others.end()
    ids = [headers["webhook-id"] for _, headers, _ in receiver.requests]
    assert sorted(ids) == sorted(delivery.message_id for delivery in made)
    assert Delivery.objects.filter(attempts=1, delivered_at__isnull=False).count() == 10
