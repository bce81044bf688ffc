"""What a request leaves in the logs: never a key."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from fintechsite.logs import logging_config
from partners.services.keys import revoke_key
from tests.metrics.factories import NOW
from tests.partners.conftest import Issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs, as it is written in production."""
    formatter = logging_config(as_json=True, level="DEBUG")["formatters"]["line"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_line_has_a_key(client: Client, issued: Issued, log: io.StringIO) -> None:
    secret = issued.text.partition(".")[2]
    client.get("/api/v1/units", headers=issued.headers)
    client.get(f"/api/v1/units?api_key={issued.text}")
    client.get(f"/api/v1/{issued.text}", headers={"user-agent": issued.text})
    revoke_key(issued.key, actor=None, now=NOW)
    client.get("/api/v1/units", headers=issued.headers)
    lines = log.getvalue().splitlines()
    assert [line for line in lines if f"api_key={issued.key.prefix}.[hidden]" in line]
    assert [line for line in lines if "Not Found" in line]
    assert not [line for line in lines if secret in line]
