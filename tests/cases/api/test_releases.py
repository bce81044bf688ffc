"""What went live, told by the API."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from metrics.models import Change
from metrics.services.refresh import refresh_all
from tests.cases.api.conftest import write
from tests.metrics.api.contract import allowed, faults
from tests.metrics.factories import NOW, make_series, publish

RELEASES = "/api/v1/releases"
PAYLOADS = Path(__file__).parent / "payloads"


@pytest.fixture
def releases(webank: Case) -> int:
    """A correction of a value, after what the case brought; the seq of the correction."""
    seq = publish(
        (make_series("webank.users"), "2017", "7,000万"),
        kind="correction",
        now=NOW + timedelta(days=1),
    ).seq
    release = Change.objects.get(seq=seq).release
    assert release is not None
    release.reason_zh_hans, release.reason_en = "抄错了。", "A slip of ours."
    release.save(update_fields=["reason_zh_hans", "reason_en"])
    return seq


def seqs(response: Any) -> list[int]:
    return [row["seq"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "name"), [("?limit=2", "releases"), ("/{seq}?lang=zh-hans", "release-zh")]
)
def test_answer_matches_the_contract(client: Client, releases: int, query: str, name: str) -> None:
    expected = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    answer = client.get(RELEASES + query.format(seq=releases)).json()
    if "next" in answer:
        assert answer.pop("next").startswith("http://testserver/api/v1/releases?cursor=")
    assert answer == expected


def test_newest_come_first_and_pages_hold_all_of_them_once(client: Client, releases: int) -> None:
    told = list(
        Change.objects.exclude(kind="refresh").order_by("-seq").values_list("seq", flat=True)
    )
    assert seqs(client.get(RELEASES)) == told
    found, address = [], f"{RELEASES}?limit=2"
    while address:
        page = client.get(address)
        found += seqs(page)
        address = page.json()["next"]
    assert found == told


def test_kind_keeps_only_those(client: Client, releases: int) -> None:
    assert seqs(client.get(RELEASES, {"kind": "correction"})) == [releases]
    refused = client.get(RELEASES, {"kind": "refresh"})
    assert faults(refused) == [("kind", "invalid_choice")]
    assert allowed(refused) == [
        "new", "revision", "correction", "redefinition", "withdrawal", "definition", "redaction",
    ]  # fmt: skip


def test_refresh_is_no_release(client: Client, releases: int) -> None:
    refresh_all(now=NOW + timedelta(days=2))
    refresh = Change.objects.filter(kind="refresh").values_list("seq", flat=True)
    assert not set(refresh) & set(seqs(client.get(RELEASES)))
    for seq in (*refresh, 10**17):
        assert client.get(f"{RELEASES}/{seq}").status_code == 404


def test_links_lead_to_what_it_changed_and_to_the_page(client: Client, releases: int) -> None:
    release = client.get(f"{RELEASES}/{releases}").json()
    changed = client.get(release["changes"]).json()["results"]
    assert {row["seq"] for row in changed} == {releases}
    for url in release["url"].values():
        assert client.get(url).status_code == 200


def test_list_takes_as_many_queries_at_any_length(client: Client, webank: Case) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(RELEASES).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(20):
        publish((make_series("webank.users"), str(1980 + number), "5"))
    write(webank, "en", "Another title")
    assert queries() == before
