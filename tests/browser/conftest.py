"""A site with the shipped content, a real worker and a real Chromium."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

from cases.models import CaseText
from fintechsite import celery_app
from metrics.services import quoted
from tests.browser.stored import StoredRows
from tests.browser.visit import Visit

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "only-for-this-test"
START_SECONDS = 60
OPTIONS = [
    "--no-sandbox",  # Chromium as root starts only without it
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of a site that holds the shipped content and one of staff in each role."""
    _loaded().put_back()
    return str(live_server.url)


@cache
def _loaded() -> StoredRows:
    """Made once by the process: loading the content takes longer than most of the tests."""
    call_command("load_content", verbosity=0)
    for role in ("Author", "Editor", "Publisher"):
        user = User.objects.create_user(role.lower(), password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    return StoredRows.taken()


@pytest.fixture
def worker(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker on the site's database, with a queue that no other test's worker reads."""
    queue = f"browser-{uuid.uuid4().hex[:8]}"
    monkeypatch.setattr(celery_app.conf, "task_routes", {"metrics.*": {"queue": queue}})
    _read_routes()
    name = f"{queue}@localhost"
    options = ["--hostname", name, "--queues", queue, "--pool", "solo"]
    options += ["--without-gossip", "--without-mingle", "--loglevel", "error"]
    command = [sys.executable, "-m", "celery", "--app", "fintechsite", "--quiet", "worker"]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, env=os.environ | {"DATABASE_URL": _test_database()}
    )
    _wait_for(name, process)
    yield
    process.terminate()
    process.wait(30)
    monkeypatch.undo()
    _read_routes()


@pytest.fixture
def leave_to_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases evaluate nothing themselves, as after a large import: the worker has to."""
    monkeypatch.setattr(quoted, "INLINE_CELLS", -1)


@pytest.fixture
def visit(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """A Chinese reader's browser that keeps count of what goes wrong."""
    # Playwright's loop stands still while a test's own lines ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        context: BrowserContext = browser.new_context(locale="zh-CN", color_scheme="light")
        yield Visit(site, context.new_page())
        browser.close()
        connections.close_all()  # beside the loop a test has a connection of its own


@pytest.fixture
def text(site: str) -> CaseText:
    """The Chinese text of a case."""
    return CaseText.objects.get(case__slug="webank", language="zh-hans")


@pytest.fixture
def writing(visit: Visit, text: CaseText) -> Page:
    """An author's browser on the page of that text."""
    log_in(visit, "author")
    visit.open(f"/admin/cases/casetext/{text.pk}/change/")
    return visit.page


@pytest.fixture
def body(writing: Page) -> Locator:
    return writing.locator("#id_body")


def log_in(visit: Visit, name: str = "publisher") -> None:
    """Log in as a member of staff, by their role; whoever was there before is logged out."""
    page = visit.page
    page.context.clear_cookies()
    visit.open("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    visit.shoot("log-in")
    page.click("input[type=submit]")
    page.wait_for_selector("#content-main")
    visit.shoot("admin")


def _read_routes() -> None:
    celery_app.amqp.flush_routes()
    celery_app.amqp.router = celery_app.amqp.Router()


def _test_database() -> str:
    """The address of the database that the live server uses: the tests' own, by its test name."""
    name = connection.settings_dict["NAME"]
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _wait_for(name: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the worker ended by itself (see its output)"
        if name in (celery_app.control.inspect(destination=[name], timeout=1).ping() or {}):
            return
    raise AssertionError(f"{name} did not answer within {START_SECONDS} seconds")
