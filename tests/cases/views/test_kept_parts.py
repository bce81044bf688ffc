"""Notes and drawings are kept by all that they are made of: none is ever another's."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from cases.models import PageSnapshot
from cases.views import exhibits, texts
from metrics.models import Series
from tests.metrics.factories import NOW, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _none_kept() -> None:
    for kept in (exhibits._drawing_html, texts._note):
        kept.cache_clear()


def anew(client: Client, path: str = "/en/cases/webank/") -> str:
    PageSnapshot.objects.all().delete()
    return client.get(path).content.decode()


def test_page_made_anew_takes_what_is_the_same(client: Client) -> None:
    first = anew(client)
    made = exhibits._drawing_html.cache_info().misses, texts._note.cache_info().misses
    assert min(made) > 0
    assert anew(client) == first
    again = exhibits._drawing_html.cache_info().misses, texts._note.cache_info().misses
    assert again == made


def test_changed_value_is_drawn_and_noted(client: Client, users: Series) -> None:
    before = anew(client)
    publish((users, "2018", "超过7,000万"), kind="correction", now=LATER)
    after = anew(client)
    for part in (r"<svg.*?</svg>", r"<aside class=\"note\".*?</aside>", r"<textarea.*?</textarea>"):
        was, is_now = ("".join(re.findall(part, page, re.DOTALL)) for page in (before, after))
        assert "70 million" not in was
        assert "60 million" not in is_now


def test_each_language_has_its_own_words(client: Client) -> None:
    pages = {tag: anew(client, f"/{tag}/cases/webank/") for tag in ("en", "zh-hans", "en")}
    assert ">Data table<" in pages["en"]
    assert ">Lineage<" in pages["en"]
    assert ">Data table<" not in pages["zh-hans"]
    assert ">Lineage<" not in pages["zh-hans"]


def test_same_chart_of_another_text_has_its_own_addresses(client: Client) -> None:
    first, other = anew(client), anew(client, "/en/technologies/big-data/")
    address = re.compile(r'href="([^"]+/charts/[^"]+)"')
    assert address.findall(first)
    assert not set(address.findall(first)) & set(address.findall(other))


def test_address_of_the_site_is_that_of_now(client: Client, settings: object) -> None:
    settings.SITE_URL = "https://one.example"  # type: ignore[attr-defined]
    assert "https://one.example/en/embed/" in anew(client)
    settings.SITE_URL = "https://two.example"  # type: ignore[attr-defined]
    page = anew(client)
    assert "https://two.example/en/embed/" in page
    assert "one.example" not in page
