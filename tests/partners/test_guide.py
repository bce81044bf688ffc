"""What docs/api.md says of webhooks and quotas is what happens."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook as Verifier

from partners.models import Webhook
from partners.services.delivering import GAPS, LONGEST_WISH, deliver_due
from partners.services.queueing import queue_changes
from tests.cases.api.test_guide import GUIDE, examples
from tests.metrics.factories import make_series, publish
from tests.partners.outgoing.receiver import Receiver
from tests.partners.services.conftest import receiver, webhook

pytestmark = pytest.mark.django_db
__all__ = ["receiver", "webhook"]


def shape(value: Any) -> Any:
    """The names in a document, whatever their values."""
    return {key: shape(one) for key, one in value.items()} if isinstance(value, dict) else None


def test_message_has_the_shape_that_the_guide_shows(
    webhook: Webhook, receiver: Receiver, settings: Any
) -> None:
    change = publish((make_series("webank.registered-users"), "2017", "5"), kind="correction")
    queue_changes(change.published_at)
    deliver_due()
    _path, headers, body = receiver.requests[0]
    shown = examples()[1]
    assert shape(json.loads(body)) == shape(shown)
    assert json.loads(body)["type"] == shown["type"]
    assert Verifier(webhook.secret).verify(body, headers)["data"]["seq"] == change.seq


def test_numbers_of_the_guide_are_those_in_force(settings: Any) -> None:
    assert f"after {GAPS[0].seconds} seconds" in GUIDE
    assert settings.WEBHOOK_TIMEOUT_SECONDS == 10  # "within ten seconds"
    assert LONGEST_WISH.seconds == 3600  # "up to an hour"
    assert settings.API_WINDOW_SECONDS == 3600  # "an hour"


def test_headers_of_the_guide_are_those_that_are_sent(client: Client) -> None:
    for _ in range(2):
        answer = client.get("/api/v1/units")
    policy, state = re.findall(r'`RateLimit[^:`]*: ("default";[^`]+)`', GUIDE)
    assert answer["RateLimit-Policy"] == policy
    assert answer["RateLimit"].partition(";t=")[0] == state.partition(";t=")[0]
