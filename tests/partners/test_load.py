"""A key under load from several processes, and what happens while somebody changes it."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from partners.models import ApiKey, Partner, Window
from partners.services.keys import revoke_key, rotate_key
from tests.metrics.services.conftest import others
from tests.partners.conftest import issue

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["others"]

ROOT = Path(__file__).resolve().parents[2]
URL = "/api/v1/units"
PROCESSES, EACH = 4, 250


def test_thousand_requests_of_four_processes_meet_the_quota_exactly(partner: Partner) -> None:
    issued = issue(partner, quota=700)
    counts: Counter[str] = Counter()
    for answers in ask_from_processes(issued.text):
        assert sum(answers.values()) == EACH
        counts.update(answers)
    assert counts == {"200": 700, "429": 300}
    assert Window.objects.get().used == 1000


def ask_from_processes(text: str) -> list[dict[str, int]]:
    """What each of four processes was answered; they begin together."""
    # A window that no run of the tests sees the end of (it ends in 2033).
    env = os.environ | {"DATABASE_URL": _test_database(), "API_WINDOW_SECONDS": "1000000000"}
    command = [sys.executable, "-m", "tests.partners.asking", URL, text, str(EACH)]
    pipe = subprocess.PIPE
    asking = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
        for _ in range(PROCESSES)
    ]
    assert [one.stdout.readline() for one in asking if one.stdout] == ["ready\n"] * PROCESSES
    for one in asking:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    return [json.loads(one.communicate(timeout=120)[0]) for one in asking]


def _test_database() -> str:
    name = connection.settings_dict["NAME"]
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def test_revocation_counts_from_its_commit(client: Client, partner: Partner, others: Any) -> None:
    """A request while it is on its way is let in without waiting; none is afterwards."""
    issued = issue(partner)
    done, commit = threading.Event(), threading.Event()

    def revoke() -> None:
        with transaction.atomic():
            revoke_key(issued.key, actor=None, now=timezone.now())
            done.set()
            commit.wait(20)

    thread = others.start(revoke)
    assert done.wait(20)
    before = client.get(URL, headers=issued.headers).status_code
    commit.set()
    thread.join(20)
    assert (before, client.get(URL, headers=issued.headers).status_code) == (200, 401)


def test_two_rotations_at_once_leave_both_new_keys_in_one_quota(
    partner: Partner, others: Any
) -> None:
    issued = issue(partner)
    now = timezone.now()
    for _ in range(2):
        others.start(
            lambda: rotate_key(issued.key, overlap=timedelta(hours=1), actor=None, now=now)
        )
    others.end()
    assert (
        list(ApiKey.objects.exclude(pk=issued.key.pk).values_list("counts_as", flat=True))
        == [issued.key.pk] * 2
    )
