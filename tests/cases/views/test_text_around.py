"""What stands around the words of a text: contents, related cases, the links of a record."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve

from cases.models import Case
from metrics.models import Change, Series
from tests.cases.conftest import publish_case, rewrite, write
from tests.cases.views.reading import page, plain
from tests.metrics.factories import NOW, EntityFactory, publish

pytestmark = pytest.mark.django_db
CASE = "/en/cases/webank/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def case(users: Series) -> Case:
    """About the entity webank, with the technology big-data."""
    publish_case("big-data", kind="technology")
    return publish_case("webank", technology="big-data")


def related(html: str) -> list[str]:
    section = html.partition('id="related">')[2].partition("</ol>")[0]
    return re.findall(r'case-list__title"><a href="([^"]+)"', section)


def contents(html: str) -> str:
    return html.partition('<nav class="text-contents"')[2].partition("</nav>")[0]


def test_contents_list_the_sections_of_a_text(client: Client) -> None:
    body = "## One\n\nText.\n\n### Inner\n\nText.\n\n## Two\n\nText.\n\n## Three\n\nText."
    rewrite("webank", body=body, now=NOW + HOUR)
    html = page(client, CASE)
    listed = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', contents(html))
    assert [text for _, text in listed] == ["One", "Two", "Three"]
    assert all(f'id="{anchor}"' in html for anchor, _ in listed)


def test_short_text_has_no_contents(client: Client) -> None:
    rewrite("webank", body="## One\n\nText.\n\n## Two\n\nText.", now=NOW + HOUR)
    assert contents(page(client, CASE)) == ""


def test_case_of_the_same_entity_comes_before_one_of_the_same_technology(client: Client) -> None:
    publish_case("far", key="far.users")
    publish_case("cousin", key="cousin.users", technology="big-data")
    sibling = publish_case("sibling", key="sibling.users")
    sibling.entities.add(EntityFactory(slug="webank"))
    html = page(client, CASE)
    assert related(html) == ["/en/cases/sibling/", "/en/cases/cousin/"]
    assert "Title of sibling" in html
    assert 'id="related"' not in page(client, "/en/technologies/big-data/")


def test_at_most_three_cases_are_related(client: Client) -> None:
    for n in range(5):
        publish_case(f"case-{n}", key=f"e-{n}.users", technology="big-data")
    assert len(related(page(client, CASE))) == 3


def test_draft_is_not_related(client: Client) -> None:
    page(client, CASE)
    write("secret", key="webank.users")
    Case.objects.get(slug="secret").technologies.add(Case.objects.get(slug="big-data"))
    publish_case("chinese", key="webank.users", languages=("zh-hans",))
    html = page(client, CASE)
    assert related(html) == []
    assert "secret" not in html
    assert "/zh-hans/cases/chinese/" in page(client, "/zh-hans/cases/webank/")


def test_case_that_goes_live_is_related_at_once(client: Client) -> None:
    write("sibling", key="webank.users")  # a new case is a new definition, which drops every page
    assert related(page(client, CASE)) == []
    then = Change.objects.latest_seq()
    publish_case("sibling", key="webank.users")
    assert related(page(client, CASE)) == ["/en/cases/sibling/"]
    assert related(page(client, f"{CASE}?as_of={then}")) == []


def note(html: str) -> str:
    return html.partition('<aside class="note"')[2].partition("</aside>")[0]


def links(html: str) -> dict[str, str]:
    pairs = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', note(html))
    return {plain(text): url.replace("&amp;", "&") for url, text in pairs}


def test_record_leads_to_lineage_and_history_of_its_value(client: Client) -> None:
    found = links(page(client, CASE))
    assert found["Lineage"] == "/en/series/webank.users/lineage/?period=2018"
    assert found["History"] == "/en/series/webank.users/?period=2018#known"
    assert client.get(found["Lineage"]).status_code == 200
    assert resolve(found["History"].partition("?")[0]).url_name == "series"
    assert "What was known when" in page(client, found["History"].partition("#")[0])


def test_record_of_the_past_stays_there(client: Client, users: Series) -> None:
    then = Change.objects.latest_seq()
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + HOUR)
    found = links(page(client, f"{CASE}?as_of={then}"))
    assert found["Lineage"] == f"/en/series/webank.users/lineage/?period=2018&as_of={then}"
    assert found["History"] == f"/en/series/webank.users/?as_of={then}&period=2018#known"
    assert (
        "70 million"
        not in page(client, found["History"].partition("#")[0]).partition('<section class="since"')[
            0
        ]
    )


def test_record_of_a_transform_leads_to_its_steps(client: Client, users: Series) -> None:
    publish((users, "2017", "50"), (users, "2018", "75"), now=NOW + HOUR)
    body = "Up by {{ webank.users@2018 | pc1 }}."
    rewrite("webank", body=body, now=NOW + HOUR)
    html = page(client, CASE)
    assert "/en/series/webank.users/lineage/?period=2018&amp;units=pc1" in html
    assert client.get("/en/series/webank.users/lineage/?period=2018&units=pc1").status_code == 200
