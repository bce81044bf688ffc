"""The mirror script against a server on which releases are published all the while."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cases.models import CaseText
from metrics.models import DerivedValue, Entity, Rule, Series, Source
from metrics.services.clock import publishing
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from tests.cases.conftest import publish_case, rewrite
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(settings.BASE_DIR, "examples", "mirror.py")
ROUNDS = 12


def command(site: str, file: Path, *more: str) -> list[str]:
    return [sys.executable, str(SCRIPT), f"{site}/api/v1", str(file), *more]


def run(site: str, file: Path) -> str:
    """What a run to the end says."""
    return subprocess.run(command(site, file), stderr=subprocess.PIPE, text=True, check=True).stderr


def copied(file: Path) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    """Observations, definitions and texts of the copy."""
    database = sqlite3.connect(file)
    rows = database.execute("SELECT series, period, row FROM observations")
    observations = {(series, period): json.loads(row) for series, period, row in rows}
    rows = database.execute("SELECT type, key, row FROM definitions")
    definitions = {(kind, key): json.loads(row) for kind, key, row in rows}
    rows = database.execute("SELECT type, key, language, row FROM texts")
    texts = {tuple(name): json.loads(row) for *name, row in rows}
    database.close()
    return observations, definitions, texts


def served(client: Client) -> dict[Any, Any]:
    """Every observation that the API lists."""
    found = {}
    for key in Series.objects.values_list("key", flat=True):
        rows = client.get(f"/api/v1/series/{key}/observations?limit=10000").json()["results"]
        found |= {(key, row["period"]): row for row in rows}
    return found


def make_ratio(users: Series) -> None:
    """A derived series: the users of the first by those of another."""
    make_series("webank.ratio", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": users.key, "denominator": "e-0.users"}
    definition = {"output": "webank.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})


def publish_round(number: int, series: list[Series]) -> None:
    """A new value, a correction, words, a definition; from some of it a ratio is derived."""
    one = series[number % len(series)]
    publish((one, f"{2000 + number}", str(number + 1)), now=NOW)
    publish((one, "2018", str(100 + number)), kind="correction", now=NOW)
    refresh_all(now=NOW)
    rewrite("webank", body=f"Words of round {number}.", now=NOW)
    Entity.objects.filter(slug="webank").update(name_en=f"WeBank {number}")
    publish_definitions(actor=None, now=NOW, what="webank")


def served_texts(client: Client, *names: str) -> dict[Any, Any]:
    """Texts of cases in English as the API tells them."""
    asked = {name: client.get(f"/api/v1/cases/{name}?lang=en") for name in names}
    return {
        ("case", name, "en"): answer.json()
        for name, answer in asked.items()
        if answer.status_code == 200
    }


def without_host(texts: dict[Any, Any]) -> dict[Any, Any]:
    return {name: {**row, "url": row["url"].split("/", 3)[3]} for name, row in texts.items()}


def test_figures_in_texts_and_what_sources_allow_are_followed(
    live_server: Any, client: Client, tmp_path: Path
) -> None:
    users = make_series("webank.users")
    publish((users, "2018", "6,000"), (make_series("other.users"), "2018", "5,000"))
    publish_case("webank", languages=("en",))
    publish_case("other", key="other.users", languages=("en",))
    file = tmp_path / "copy.sqlite"
    run(live_server.url, file)

    publish((users, "2018", "7,000"), kind="correction", now=NOW)
    run(live_server.url, file)
    texts = copied(file)[2]
    assert "7,000" in texts["case", "webank", "en"]["text"]
    assert without_host(texts) == without_host(served_texts(client, "webank", "other"))

    for is_allowed in (False, True):
        Source.objects.update(redistributable=is_allowed)
        publish_definitions(actor=None, now=NOW, what="licence")
        run(live_server.url, file)
        observations, definitions, _texts = copied(file)
        assert {row["null_reason"] for row in observations.values()} == {
            None if is_allowed else "restricted"
        }
        assert observations == served(client)

    text = CaseText.objects.get(case__slug="other")
    with publishing("withdrawal", now=NOW) as change:
        text.publications.filter(seq_to=None).update(seq_to=change.seq)
    run(live_server.url, file)
    assert set(copied(file)[2]) == {("case", "webank", "en")}
    assert "summary" not in definitions["series", "webank.users"]


def test_copy_is_the_same_though_all_was_published_meanwhile(
    live_server: Any, client: Client, tmp_path: Path
) -> None:
    users = make_series("webank.users")
    series = [users, *(make_series(f"e-{number}.users") for number in range(3))]
    publish(*((one, "2018", "1") for one in series))
    publish_case("webank", languages=("en",))
    make_ratio(users)
    file = tmp_path / "copy.sqlite"
    with subprocess.Popen(
        command(live_server.url, file, "--watch", "0.05"), stderr=subprocess.PIPE, text=True
    ) as watching:
        for number in range(ROUNDS):
            publish_round(number, series)
        watching.terminate()
    assert DerivedValue.objects.exists()
    assert run(live_server.url, file).endswith(" changes\n")
    observations, definitions, texts = copied(file)
    assert observations == served(client)
    assert definitions["entity", "webank"]["name"]["en"] == f"WeBank {ROUNDS - 1}"
    assert {key for kind, key in definitions if kind == "series"} == set(
        Series.objects.values_list("key", flat=True)
    )
    assert f"Words of round {ROUNDS - 1}" in json.dumps(texts["case", "webank", "en"])
    assert run(live_server.url, file) == "0 changes\n"
