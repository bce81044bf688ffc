"""The guides of docs/ as pages, so that the explorer has them offline."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markdown_it import MarkdownIt

from cases.only_read import only_read

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs"
TITLES: Final = {"api": "Guide", "api-changes": "What stays, and what has changed"}


@only_read
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """`name` is a file of ours, chosen by the address."""
    return render(request, "api/text.html", {"title": TITLES[name], "html": _html(name)})


@lru_cache
def _html(name: str) -> str:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    html: str = MarkdownIt("commonmark").enable("table").render(text)
    html = html.replace('href="api.md"', f'href="{reverse("api:guide")}"')
    return html.replace('href="api-changes.md"', f'href="{reverse("api:promise")}"')
