"""Expected answers as JSON files beside the tests."""

import json
from pathlib import Path
from typing import Any


def payload(folder: str, name: str) -> Any:
    """The file `payloads/<name>.json` beside a test module (`folder` is its __file__)."""
    path = Path(folder).parent / "payloads" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def faults(response: Any) -> list[tuple[str | None, str]]:
    """The problem of a refused request as (field, code), its shape checked on the way."""
    assert response["Content-Type"] == "application/problem+json", response.content
    document = json.loads(response.content)
    assert set(document) == {"type", "title", "status", "detail", "errors"}
    assert document["status"] == response.status_code
    return [(error["field"], error["code"]) for error in document["errors"]]


def allowed(response: Any) -> list[str]:
    """What the first fault names as allowed."""
    found: list[str] = response.json()["errors"][0]["allowed"]
    return found
