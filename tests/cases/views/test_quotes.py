"""A quote on the page: its words with figures, who said it, and the source with a link."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import PageSnapshot
from metrics.models import Series
from tests.cases.conftest import publish_case, rewrite
from tests.cases.views.reading import page
from tests.metrics.factories import NOW, SourceFactory

pytestmark = pytest.mark.django_db
URL = "/en/cases/webank/"
QUOTE = "```quote\ntext: We have {{ webank.users@2018 }} <users>.\nby: A. Banker\n"
CITED = f"{QUOTE}source: talk\nlocator: 2.1\n"


def quote_of(client: Client, body: str) -> str:
    rewrite("webank", body=f"{body}```\n", now=NOW)
    PageSnapshot.objects.all().delete()
    html = page(client, URL)
    start = html.index('<figure class="quote">')
    return html[start : html.index("</figure>", start)]


def told(caption: str) -> str:
    """The words of a caption whose opening tag lacks its beginning."""
    return unescape(re.sub(r"<[^>]+>", "", caption.partition(">")[2]))


@pytest.fixture
def case(users: Series) -> None:
    publish_case("webank")
    SourceFactory(slug="talk", title_en="A talk & more", title_zh_hans="讲话")


@pytest.mark.usefixtures("case")
def test_quote_is_a_figure_with_its_speaker_and_source(client: Client) -> None:
    html = quote_of(client, CITED)
    said, by = html.split("<figcaption")
    assert "<blockquote" in said
    assert "</blockquote>" in said
    assert 'href="/en/series/webank.users/#2018"' in said
    assert "&lt;users&gt;." in said
    assert '<a href="/en/sources/talk/">A talk &amp; more</a>' in by
    assert told(by) == "A. Banker, A talk & more, section 2.1"


@pytest.mark.usefixtures("case")
def test_quote_without_a_source_names_its_speaker(client: Client) -> None:
    assert told(quote_of(client, QUOTE).split("<figcaption")[1]) == "A. Banker"


@pytest.mark.usefixtures("case")
def test_more_quotes_cost_no_more_queries(client: Client) -> None:
    def cost(count: int) -> int:
        body = "".join(
            f"{QUOTE}source: s-{number}\n```\n\n" for number in range(count) if source(number)
        )
        rewrite("webank", body=body, now=NOW)
        PageSnapshot.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            page(client, URL)
        return len(captured)

    assert cost(1) == cost(20)


def source(number: int) -> str:
    return str(SourceFactory(slug=f"s-{number}").slug)
