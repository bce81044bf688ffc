"""A webhook of a partner whose receiver is on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest

from partners.models import EventKind, Partner, Webhook
from partners.services.webhooks import create_webhook
from tests.metrics.factories import NOW
from tests.partners.outgoing.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOCAL, settings.WEBHOOK_TIMEOUT_SECONDS = True, 20.0
    with receiving() as found:
        yield found


def make_webhook(partner: Partner, url: str, **fields: Any) -> Webhook:
    given = {"kinds": list(EventKind), "actor": None, "now": NOW, **fields}
    return create_webhook(partner, url=url, **given)[0]


@pytest.fixture
def webhook(partner: Partner, receiver: Receiver) -> Webhook:
    """Told of everything."""
    return make_webhook(partner, receiver.url)
