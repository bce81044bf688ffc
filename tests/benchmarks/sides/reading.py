"""A reader's page of a case: kept, made anew, known already; the same page in Wagtail."""

import os
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.sides.requests import Asker

Counted = dict[str, Any] | None
PAGE = "/zh-hans/cases/webank/"
KEPT, COLD, OTHERS, CONSTANT = 2_000, 60, 100, 10_000
BLOCK = re.compile(r"<figure.*?</figure>|<(p|ul|ol|h2|h3|aside|table)\b.*?</\1>", re.DOTALL)


def folder() -> Path:
    return Path(os.environ["BENCH_FOLDER"])


def content_world() -> Iterator[Counted]:
    """The shipped content; the page of a case is left as a file for the other site."""
    from django.core.management import call_command

    yield None
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_content", verbosity=0)
    (folder() / "page.html").write_bytes(Asker(PAGE).ask())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    yield None


def ours_kept() -> Iterator[Counted]:
    asker = Asker(PAGE)
    asker.ask()
    asker.seconds_of(KEPT // 10)
    yield None
    yield {"items": KEPT, "seconds": asker.seconds_of(KEPT), "written": len(asker.ask())}


def ours_known() -> Iterator[Counted]:
    """A reader who has the page already."""
    first = Asker(PAGE)
    first.ask()
    asker = Asker(PAGE, HTTPStatus.NOT_MODIFIED, if_none_match=first.answered["ETag"])
    asker.seconds_of(KEPT // 10)
    yield None
    yield {"items": KEPT, "seconds": asker.seconds_of(KEPT)}


def ours_cold() -> Iterator[Counted]:
    """Rendered and kept for each reader."""
    from cases.models import PageSnapshot

    asker = Asker(PAGE)
    asker.ask()
    yield None
    seconds = asker.seconds_of(COLD, PageSnapshot.objects.all().delete)
    yield {"items": COLD, "seconds": seconds}


def constant() -> Iterator[Counted]:
    asker = Asker("/")
    asker.seconds_of(CONSTANT // 10)
    yield None
    yield {"items": CONSTANT, "seconds": asker.seconds_of(CONSTANT)}


def wagtail_world() -> Iterator[Counted]:
    """A page with the same prose, charts and tables, among siblings, with related pages."""
    from django.core.management import call_command
    from wagtail.models import Page, Site

    from tests.benchmarks.peers.wagtail_pages.models import CasePage

    yield None
    call_command("migrate", verbosity=0)
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=Page(title="案例", slug="cases"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    blocks = _blocks((folder() / "page.html").read_text())
    pages = [
        home.add_child(
            instance=CasePage(title=f"案例 {slug}", slug=slug, standfirst="一家银行。", body=blocks)
        )
        for slug in ("webank", "ping-an", "east-money", "ant-financial", "zhima-credit")
    ]
    pages[0].related.set(pages[1:4])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    yield None


def wagtail() -> Iterator[Counted]:
    asker = Asker("/webank/")
    asker.ask()
    asker.seconds_of(10)
    with CaptureQueriesContext(connection) as captured:
        size = len(asker.ask())
    yield None
    seconds = asker.seconds_of(OTHERS)
    yield {"items": OTHERS, "seconds": seconds, "written": size, "queries": len(captured)}


def _blocks(html: str) -> list[tuple[str, object]]:
    """The blocks of a page of ours: exhibits as they are, the rest as rich text."""
    from wagtail.rich_text import RichText

    main = html.partition("<main")[2]
    found = [match[0] for match in BLOCK.finditer(main)]
    return [
        ("exhibit", block) if block.startswith(("<figure", "<table", "<aside"))
        else ("paragraph", RichText(block))
        for block in found
    ]  # fmt: skip
