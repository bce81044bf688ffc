"""Every page in both languages, and what is said where there is none."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from cases.models import Publication
from cases.views import errors
from metrics.models import Rule, Series
from tests.cases.conftest import publish_case, write
from tests.metrics.factories import NOW, EntityFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db

PAGES = (
    "",
    "cases/",
    "cases/?technology=big-data",
    "cases/?technology=&entity=webank",
    "cases/webank/",
    "technologies/",
    "technologies/big-data/",
    "overview/",
    "entities/",
    "entities/webank/",
    "series/",
    "series/?entity=webank",
    "series/webank.users/",
    "sources/report-2019/",
    "methods/",
    "about/",
    "licence/",
)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_every_page_answers_in_its_language(
    client: Client, language: str, tag: str, path: str
) -> None:
    response = client.get(f"/{language}/{path}")
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{tag}">' in html
    assert ("案例" in html) == (language == "zh-hans")
    assert "<style" not in html
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*(?:src=|application/ld\+json))", html)
    assert "Vary" not in response or "Cookie" not in response["Vary"]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", PAGES)
def test_page_names_itself_in_both_languages(client: Client, path: str) -> None:
    html = client.get(f"/en/{path}").content.decode()
    site, bare = "http://testserver", path.partition("?")[0]
    assert f'<link rel="canonical" href="{site}/en/{bare}">' in html
    assert f'<link rel="alternate" hreflang="en" href="{site}/en/{bare}">' in html
    assert f'<link rel="alternate" hreflang="zh-Hans" href="{site}/zh-hans/{bare}">' in html
    assert '<meta name="description" content="' in html
    assert '<meta property="og:title" content="' in html


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", ["cases/webank/", "series/webank.users/"])
def test_kept_page_names_no_host_that_a_request_named(client: Client, path: str) -> None:
    first = client.get(f"/en/{path}", headers={"host": "127.0.0.1:9999"}).content
    assert b"127.0.0.1" not in first
    assert client.get(f"/en/{path}", headers={"host": "localhost"}).content == first


@pytest.mark.usefixtures("site")
def test_language_switch_keeps_the_page_and_its_filters(client: Client) -> None:
    html = client.get("/en/cases/?technology=big-data").content.decode()
    assert 'href="/zh-hans/cases/?technology=big-data" lang="zh-Hans"' in html


@pytest.mark.usefixtures("users")
def test_text_without_the_language_points_to_the_other_one(client: Client) -> None:
    publish_case("webank", languages=("zh-hans",))
    response = client.get("/en/cases/webank/")
    assert response.status_code == 404
    assert 'href="/zh-hans/cases/webank/"' in response.content.decode()
    html = client.get("/zh-hans/cases/webank/").content.decode()
    assert 'hreflang="en" href=' not in html.partition("<body>")[0]


@pytest.mark.parametrize(
    "path",
    ["nowhere/", "cases/none/", "technologies/none/", "entities/none/", "series/a.b/",
     "sources/none/", "overview/"],
)  # fmt: skip
@pytest.mark.parametrize("debug", [False, True])
def test_unknown_address_is_a_404_page(
    client: Client, settings: object, path: str, debug: bool
) -> None:
    settings.DEBUG = debug  # type: ignore[attr-defined]
    response = client.get(f"/zh-hans/{path}")
    assert response.status_code == 404
    assert "这个地址没有页面" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["series/a.b%00/", "series/%00/lineage/", "series/%00.csv", "series/%00.bib",
     "series/%00/chart.svg", "series/%00/card.png", "embed/series/%00/", "feeds/series/%00.atom"],
)  # fmt: skip
def test_address_that_the_database_cannot_take_is_a_404(client: Client, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404
    assert client.get("/oembed", {"url": f"/en/{path}".replace("%00", "\0")}).status_code == 404


@pytest.mark.usefixtures("site")
def test_address_of_another_kind_is_a_404(client: Client) -> None:
    assert client.get("/en/cases/big-data/").status_code == 404
    assert client.get("/en/technologies/webank/").status_code == 404


def test_address_without_the_slash_leads_to_the_page(client: Client) -> None:
    response = client.get("/en/cases")
    assert (response.status_code, response["Location"]) == (301, "/en/cases/")


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("cases/?technology=alchemy", "?technology=big-data"),
        ("cases/?technology=big-data&technology=big-data", "?technology=big-data"),
        ("cases/?entity=%22%3E%3Cb%3E", "?entity=webank"),
        ("series/?entity=nobody", "?entity=webank"),
        ("series/?entity=webank%00", "?entity=webank"),
    ],
)
def test_wrong_parameter_is_a_400_that_says_what_is_allowed(
    client: Client, path: str, allowed: str
) -> None:
    response = client.get(f"/en/{path}")
    html = response.content.decode()
    assert response.status_code == 400
    assert f'href="{allowed}"' in html
    assert "<b>" not in html


def test_filters_keep_the_cases_that_match(client: Client, users: Series) -> None:
    publish_case("big-data", kind="technology")
    publish_case("webank", technology="big-data")
    publish_case("other", key="webank.users")
    html = client.get("/en/cases/?technology=big-data").content.decode()
    assert "Title of webank" in html
    assert "Title of other" not in html


@pytest.mark.usefixtures("site")
def test_other_methods_are_refused(client: Client) -> None:
    assert client.post("/en/cases/").status_code == 405


LISTING = (
    "", "cases/", "technologies/", "entities/webank/", "series/webank.users/", "series/",
    "technologies/big-data/",
)  # fmt: skip


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize("kind", ["case", "technology"])
def test_draft_is_seen_nowhere(client: Client, kind: str, is_staff: bool) -> None:
    write("secret", kind=kind)
    if is_staff:
        client.force_login(User.objects.create_superuser("chief"))
    for path in LISTING:
        assert "secret" not in client.get(f"/en/{path}").content.decode()
    folder = "cases" if kind == "case" else "technologies"
    assert client.get(f"/en/{folder}/secret/").status_code == 404


@pytest.mark.usefixtures("site")
def test_newer_draft_of_a_published_text_is_not_shown(client: Client) -> None:
    revision = Publication.objects.current().get(text__case__slug="webank", text__language="en")
    type(revision.revision).objects.create(
        text=revision.text, number=2, title="Unfinished", body="Draft", created_at=NOW
    )
    assert "Unfinished" not in client.get("/en/cases/webank/").content.decode()


@pytest.mark.usefixtures("site")
def test_withdrawn_publication_is_gone(client: Client) -> None:
    Publication.objects.filter(text__case__slug="webank").update(seq_to=10**6)
    for path in LISTING:
        assert "Title of webank" not in client.get(f"/en/{path}").content.decode()
    assert client.get("/en/cases/webank/").status_code == 404


def test_corrected_value_stands_beside_what_it_replaced(client: Client, users: Series) -> None:
    publish((users, "2018", "6,500万"), kind="correction", now=NOW + timedelta(days=1))
    html = client.get("/en/series/webank.users/").content.decode()
    assert "65 million" in html
    assert "Until 24 November 2026" in html
    assert "over 60 million" in html


def test_implied_value_says_that_it_is_implied(client: Client) -> None:
    level = make_series("net.users")
    rate = make_series("net.users-growth", unit="growth", nature="ratio")
    rate.indicator.growth_of = level.indicator
    rate.indicator.save()
    publish((level, "2018", "1.51亿"), (rate, "2018", "17.5%"), definitions_changed=True)
    html = client.get("/en/series/net.users/").content.decode()
    row = html.partition('<tr id="2017">')[2].partition("</tr>")[0]
    assert "value--implied" in row
    assert "about 128.5 million" in row
    assert "implied by a stated change" in row
    assert "/en/series/net.users-growth/#2018" in row


def test_share_of_a_group_names_every_member(client: Client) -> None:
    members = [make_series(f"unit-{number}.value") for number in range(3)]
    for number in range(3):
        make_series(f"unit-{number}.value-share", unit="percent", nature="ratio")
    group = make_group("units", members)
    Rule.objects.create(key="shares", kind="share", group=group, name_en="Shares of the units")
    publish(
        *((one, "2018", "100") for one in members),
        definitions_changed=True,
        rule_definitions={"shares": {"output": "value-share"}},
    )
    html = client.get("/en/series/unit-0.value-share/").content.decode()
    row = html.partition('<tr id="2018">')[2].partition("</tr>")[0]
    assert "33.33%" in row
    assert "Shares of the units" in row
    for one in members:
        assert f"/en/series/{one.key}/#2018" in row


@pytest.mark.usefixtures("site")
def test_every_link_of_a_figure_leads_to_its_row(client: Client) -> None:
    for path in ("", "cases/webank/", "entities/webank/", "series/"):
        html = client.get(f"/en/{path}").content.decode()
        links = set(re.findall(r'href="(/en/series/[^"#]+/)#([^"]+)"', html))
        assert links
        for url, anchor in links:
            assert f'<tr id="{anchor}">' in client.get(url).content.decode()


@pytest.mark.usefixtures("site")
def test_every_figure_in_the_text_has_its_record(client: Client) -> None:
    html = client.get("/en/cases/webank/").content.decode()
    notes = set(re.findall(r'data-note="([^"]+)"', html))
    assert notes
    assert notes == set(re.findall(r'<aside class="note" id="([^"]+)"', html))


def test_words_of_definitions_are_escaped(client: Client) -> None:
    EntityFactory(slug="odd", name_en="<i>Odd</i>", description_en="<script>1</script>")
    html = client.get("/en/entities/odd/").content.decode()
    assert "<i>Odd" not in html
    assert "<script>1" not in html


def test_empty_site_answers(client: Client) -> None:
    for path in ("", "cases/", "technologies/", "entities/", "series/", "methods/"):
        assert client.get(f"/zh-hans/{path}").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "出了问题"), ("en", "went wrong")])
def test_failure_is_told_in_the_language_of_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("cases.views.lists.shelf", lambda *_: 1 / 0)
    response = client.get(f"/{language}/cases/")
    assert response.status_code == 500
    assert words in response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_refusal_is_told_in_the_language_of_the_page(rf: RequestFactory, language: str) -> None:
    response = errors.permission_denied(rf.get(f"/{language}/cases/"))
    assert response.status_code == 403
    assert f'href="/{language}/cases/"' in response.content.decode()
