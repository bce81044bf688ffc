"""Log lines: structured, and without secrets."""

import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from fintechsite.logs import logging_config, mask_secrets


@pytest.fixture
def json_handler() -> Iterator[logging.Handler]:
    config = logging_config(as_json=True, level="INFO")
    formatter = config["formatters"]["line"]
    make = formatter.pop("()")
    handler = logging.StreamHandler()
    handler.setFormatter(make(**formatter))
    logger = logging.getLogger("tests.fintechsite.logs")
    logger.setLevel("INFO")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def test_event_with_secrets_hides_their_values() -> None:
    event = {"event": "login", "password": "hunter2", "Authorization": "Key abc", "user": "author"}
    assert mask_secrets(None, "info", event) == {
        "event": "login",
        "password": "[hidden]",
        "Authorization": "[hidden]",
        "user": "author",
    }


def test_production_line_is_one_json_object(
    json_handler: logging.Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = logging.StreamHandler().stream
    assert isinstance(json_handler, logging.StreamHandler)
    json_handler.setStream(stream)
    structlog.get_logger("tests.fintechsite.logs").info("refreshed", targets=3, api_key="abc")
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["event"] == "refreshed"
    assert line["targets"] == 3
    assert line["api_key"] == "[hidden]"
    assert line["level"] == "info"


KEY = "fin_live_ab2cd34e.9tGh4kLmNoPqRsTuVwXyZ0123456789abcdefghi"
WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_what_looks_like_a_secret_is_hidden_wherever_it_stands() -> None:
    event = {
        "event": f"GET /api/v1/units?api_key={KEY}&zz=1",
        "headers": [("a", {"b": f"Api-Key {KEY}"})],
        "error": f"bad {WEBHOOK_SECRET}!",
        "_record": KEY,
    }
    assert mask_secrets(None, "info", event) == {
        "event": "GET /api/v1/units?api_key=fin_live_ab2cd34e.[hidden]&zz=1",
        "headers": [["a", {"b": "Api-Key fin_live_ab2cd34e.[hidden]"}]],
        "error": "bad whsec_[hidden]!",
        "_record": KEY,
    }


def test_exception_is_logged_without_a_key_that_it_names(
    json_handler: logging.Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(json_handler, logging.StreamHandler)
    json_handler.setStream(logging.StreamHandler().stream)
    try:
        raise ValueError(KEY)
    except ValueError:
        structlog.get_logger("tests.fintechsite.logs").exception("failed")
    line = capsys.readouterr().err.splitlines()[-1]
    assert "ValueError: fin_live_ab2cd34e.[hidden]" in line
    assert KEY not in line
