"""The search page: what is found, what is offered, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.search.queries import parse_query
from cases.selectors.search import MOST_PAGES, PAGE_SIZE, search
from cases.services.search_documents import Words, write_documents
from cases.services.search_index import rebuild_index
from cases.services.texts import stage_text
from metrics.models import Entity
from metrics.services.publishing import publish_release
from tests.cases.conftest import publish_case, rewrite, write
from tests.cases.views.reading import page, words
from tests.metrics.factories import NOW, EntityFactory, make_release, make_series

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client: Client, site: Callable[[str], str]) -> Callable[[str], str]:
    """The page of an address below the language, with all that the site has."""
    Entity.objects.filter(slug="webank").update(name_en="WeBank", name_zh_hans="微众银行")
    rebuild_index()
    return lambda path: page(client, f"/en/search/{path}")


def documents(count: int, kind: str = "series") -> None:
    write_documents([Words("en", kind, f"a.{n:04}", f"Giraffe {n}", "", "") for n in range(count)])


def test_page_without_a_query_is_a_form(found: Callable[[str], str]) -> None:
    html = found("")
    assert '<input id="q" type="search" name="q" value="" maxlength="100"' in html
    assert "search-list" not in html
    assert "noindex" not in html


def test_results_are_of_every_kind_with_their_addresses(found: Callable[[str], str]) -> None:
    html = found("?q=users")
    assert '<a href="/en/cases/webank/">Title of webank: more</a>' in html
    assert '<a href="/en/technologies/big-data/">' in html
    assert '<a href="/en/overview/">' in html
    assert '<a href="/en/series/webank.users/">WeBank · <mark>Users</mark></a>' in html
    html = found("?q=webank")
    assert '<a href="/en/entities/webank/"><mark>WeBank</mark></a>' in html
    assert '<a href="/en/sources/report-2019/">' in found("?q=report")


def test_entity_and_case_of_a_name_come_before_its_series(found: Callable[[str], str]) -> None:
    html = found("?q=webank")
    places = [html.index(f'<a href="/en/{path}/">') for path in
              ("entities/webank", "cases/webank", "series/webank.users")]  # fmt: skip
    assert places == sorted(places)


def test_page_is_not_for_search_engines(found: Callable[[str], str]) -> None:
    assert '<meta name="robots" content="noindex">' in found("?q=users")


def test_snippet_marks_the_terms_and_escapes_the_text(
    client: Client, site: Callable[[str], str]
) -> None:
    rewrite("webank", body="Its 5 &lt; 6 <b>giraffes</b> ate.\n", now=NOW + timedelta(minutes=2))
    html = page(client, "/en/search/?q=giraffe")
    assert "Its 5 &lt; 6 &lt;b&gt;<mark>giraffes</mark>&lt;/b&gt; ate." in html
    html = page(client, f"/en/search/?q={quote('<b>giraffe')}")
    assert 'value="&lt;b&gt;giraffe"' in html
    assert "<b>giraffe" not in html


def test_kind_keeps_those_of_the_kind(found: Callable[[str], str]) -> None:
    told = words(found("?q=users&kind=series"))
    assert "1 result" in told
    assert "case · 1" in told
    assert "Title of webank" not in told


def test_kind_that_has_none_says_so_and_offers_the_others(found: Callable[[str], str]) -> None:
    told = words(found("?q=webank&kind=source"))
    assert "0 results" in told
    assert "entity · 1" in told
    assert "Did you mean" not in told


def test_other_language_is_offered(found: Callable[[str], str]) -> None:
    html = found(f"?q={quote('微众银行')}")
    assert "0 results" in words(html)
    address = f"/zh-hans/search/?q={quote('微众银行')}"
    assert f'<a href="{address}" hreflang="zh-Hans">微众银行</a>' in html


def test_near_name_is_offered(found: Callable[[str], str]) -> None:
    html = found("?q=webnak+users")
    assert '<a href="/en/search/?q=WeBank%20users" hreflang="en">WeBank users</a>' in html
    assert "Did you mean" not in found("?q=zzzzzzz")


def test_name_of_the_other_language_is_offered_there(client: Client) -> None:
    EntityFactory(slug="webank", name_en="WeBank", name_zh_hans="微众银行")
    rebuild_index()
    html = page(client, "/zh-hans/search/?q=webnka")
    assert '<a href="/zh-hans/search/?q=WeBank"' in html or '/en/search/?q=WeBank"' in html


def test_query_without_a_word_says_what_to_type(found: Callable[[str], str]) -> None:
    assert "Type letters, Chinese characters or digits." in words(found("?q=%3F%21"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=" + "a" * 101, "at most 100 characters and 10 words"),
        ("q=a+b+c+d+e+f+g+h+i+j+k", "at most 100 characters and 10 words"),
        ("q=a&q=b", "Expected it once."),
        ("q=a&kind=secret", "?kind=technology"),
        ("q=a&page=0", "from 1 to 50"),
        ("q=a&page=51", "from 1 to 50"),
        ("q=a&page=%C2%B2", "from 1 to 50"),
        ("q=a&sort=date", "takes only q, kind, page"),
        ("q=a&as_of=3", "takes no as_of"),
    ],
)
def test_wrong_parameter_is_a_400_that_says_what_is_allowed(
    client: Client, query: str, expected: str
) -> None:
    assert expected in page(client, f"/en/search/?{query}", 400)


@pytest.mark.parametrize("asked", ["x\0y", "a'b\\", "a & | ! <-> :*", "%", "_", "𠮷𠮷", "\u202e"])
def test_any_text_is_answered(client: Client, asked: str) -> None:
    page(client, f"/en/search/?q={quote(asked)}")


def test_pages_join_to_the_whole_and_end(client: Client) -> None:
    documents(PAGE_SIZE * 2 + 5)
    query = parse_query("giraffe")
    pages = [search(query, "en", page=number) for number in (1, 2, 3)]
    keys = [one.key for each in pages for one in each.found]
    assert len(keys) == len(set(keys)) == 45
    assert {(each.count, each.pages) for each in pages} == {(45, 3)}
    html = page(client, "/en/search/?q=giraffe&page=2")
    assert '<a href="?q=giraffe" rel="prev">' in html
    assert '<a href="?q=giraffe&amp;page=3" rel="next">' in html
    assert "Page 2 of 3" in html
    page(client, "/en/search/?q=giraffe&page=4", 404)


def test_more_than_can_be_paged_to_is_counted(client: Client) -> None:
    documents(PAGE_SIZE * MOST_PAGES + 7)
    html = page(client, f"/en/search/?q=giraffe&page={MOST_PAGES}")
    assert f"{PAGE_SIZE * MOST_PAGES + 7} results" in words(html)
    assert 'rel="next"' not in html


def test_page_looked_into_is_ordered_by_all_words() -> None:
    write_documents(
        [
            Words("en", "case", "a", "One", "", "giraffe"),
            Words("en", "case", "b", "Two", "", "giraffe " * 5),
            Words("en", "case", "c", "Giraffe", "", ""),
        ]
    )
    found = search(parse_query("giraffe"), "en").found
    assert [one.key for one in found] == ["c", "b", "a"]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return len(captured)


@pytest.mark.usefixtures("users")
def test_page_takes_as_many_queries_for_twenty_rows_as_for_one(client: Client) -> None:
    publish_case("one", languages=("en",))
    one = queries(client, "/en/search/?q=title")
    release = make_release()
    for number in range(20):
        stage_text(release, write(f"case-{number}"))
    publish_release(release, actor=None, now=NOW)
    assert queries(client, "/en/search/?q=title") == one == 2  # the seq and the page


@pytest.mark.usefixtures("users")
def test_nothing_found_takes_a_fixed_number_of_queries(client: Client) -> None:
    publish_case("one", languages=("en",))
    few = queries(client, "/en/search/?q=tilte")
    for number in range(20):
        make_series(f"entity-{number}.users")
    rebuild_index()
    assert queries(client, "/en/search/?q=tilte") == few <= 6


@pytest.mark.parametrize("path", ["", "cases/", "search/", "methods/", "nowhere/"])
def test_every_page_has_a_search_box(client: Client, path: str) -> None:
    html = client.get(f"/zh-hans/{path}").content.decode()
    assert '<form class="site-search" role="search" action="/zh-hans/search/" method="get">' in html
    assert html.count(' id="q"') == (path == "search/")


def test_index_is_used() -> None:
    documents(3000)
    with connection.cursor() as cursor:
        # what was just written waits in a list that every search would have to read
        cursor.execute("SELECT gin_clean_pending_list('search_document_vector')")
        cursor.execute("ANALYZE cases_searchdocument")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # of a table this small
        with CaptureQueriesContext(connection) as captured:
            search(parse_query("giraffe 17"), "en")
        cursor.execute(f"EXPLAIN {captured[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on search_document_vector" in plan
