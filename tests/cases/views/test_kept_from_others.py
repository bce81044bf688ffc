"""What sources keep from other sites: told on pages, left out of frames, pictures and files."""

import html as markup
from xml.etree import ElementTree as ET

import pytest
from django.http import HttpResponse
from django.test import Client

from cases.views import cards
from cases.views.picture_answers import Draw
from metrics.charts.document import Looks
from metrics.models import Change, Rule, Series, Source
from metrics.services.refresh import refresh_all
from tests.cases.conftest import publish_case, rewrite
from tests.cases.views.reading import page, plain
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = pytest.mark.django_db
BODY = (
    "It had {{ acme.users@2018 }} users.\n\n"
    "```chart\nid: users\ntype: column\ntitle: Users of Acme reach {{ acme.users@2018 }}\n"
    "series: [acme.users, other.users]\n```\n"
)
SECRETS = ("777", "700", "1,554", "1554", "1,400", "1400", "613", "14.2%", "14.19%")
LEFT_OUT = "Values that a source does not let us pass on are left out here"
DRAWINGS = (
    "/en/cases/acme/charts/users.svg",
    "/en/series/acme.users/chart.svg",
    "/en/series/acme.users/chart.svg?units=pch",
    "/en/series/market.total/chart.svg",
    "/en/compare/chart.svg?s=acme.users~other.users",
    "/en/embed/cases/acme/users/",
    "/en/embed/series/acme.users/",
    "/en/embed/series/market.total/",
)


@pytest.fixture(autouse=True)
def withholding() -> None:
    """A series whose source keeps its figures, one that a rule makes of it, one that is free."""
    source = SourceFactory(slug="closed", redistributable=False)
    hidden = make_series("acme.users")
    free, total = make_series("other.users"), make_series("market.total")
    rows = (("2016", "613"), ("2017", "700"), ("2018", "777"))
    publish(*((hidden, year, stated) for year, stated in rows), source=source)
    publish((free, "2017", "50"), (free, "2018", "55"))
    rule = Rule.objects.create(key="double", kind="formula", name_en="Double")
    publish(
        rule_definitions={
            rule.key: {"output": total.key, "formula": "a * 2", "inputs": {"a": hidden.key}}
        },
        definitions_changed=True,
    )
    refresh_all(now=NOW)
    publish_case("acme", key="acme.users")
    rewrite("acme", body=BODY, now=NOW.replace(hour=23))


def said(client: Client, path: str) -> str:
    """The words of a frame or an SVG document, what only machines read included."""
    return markup.unescape(client.get(path).content.decode())


def test_pages_quote_and_draw_them_with_their_source(client: Client) -> None:
    for path in ("cases/acme/", "series/acme.users/", "compare/?s=acme.users~other.users"):
        assert "777" in plain(page(client, f"/en/{path}"))


@pytest.mark.parametrize("path", DRAWINGS)
@pytest.mark.parametrize("as_of", [False, True])
def test_what_is_drawn_for_other_sites_has_none(client: Client, path: str, *, as_of: bool) -> None:
    asked = f"{path}{'&' if '?' in path else '?'}as_of={Change.objects.latest_seq()}"
    answer = client.get(asked if as_of else path)
    assert answer.status_code == 200
    text = markup.unescape(answer.content.decode())
    # A title quotes a single figure, as a sentence does.
    text = text.replace("Users of Acme reach 777", "")
    assert [secret for secret in SECRETS if secret in text] == []
    assert LEFT_OUT in text


def test_what_is_free_is_drawn_beside_it(client: Client) -> None:
    text = said(client, "/en/embed/cases/acme/users/")
    assert "55" in plain(text)
    assert "restricted" in text


def test_picture_says_why_values_are_left_out_in_both_languages(client: Client) -> None:
    root = ET.fromstring(client.get("/zh-hans/series/acme.users/chart.svg").content)  # noqa: S314
    texts = [item.text or "" for item in root.iter()]
    assert any("来源不允许转发的数值未在此列出" in text for text in texts)


@pytest.mark.parametrize("feed", ["cases/acme", "entities/acme", "series/acme.users"])
def test_feeds_tell_that_they_came_and_not_what_they_are(client: Client, feed: str) -> None:
    publish((Series.objects.get(key="acme.users"), "2018", "778"), kind="correction",
            source=Source.objects.get(slug="closed"), now=NOW.replace(hour=23))  # fmt: skip
    told = said(client, f"/en/feeds/{feed}.atom")
    assert [secret for secret in (*SECRETS, "778") if secret in told] == []
    assert "<li>Acme · Users, end of 2018: restricted</li>" in told
    Source.objects.update(redistributable=True)
    publish(now=NOW.replace(hour=23), definitions_changed=True)
    assert "<del>777</del> → 778" in said(client, f"/en/feeds/{feed}.atom")


@pytest.mark.parametrize("path", ["cases/acme", "series/acme.users", "series/market.total"])
def test_cards_of_shared_pages_have_none(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(_request: object, looks: Looks, _etag: str, draw: Draw) -> HttpResponse:
        return HttpResponse(draw(looks))

    monkeypatch.setattr(cards, "png_answer", drawn)
    figures = "```key-figures\n- value: acme.users@2018\n  label: Users of it\n```\n"
    rewrite("acme", body=figures, now=NOW.replace(hour=23))
    told = said(client, f"/en/{path}/card.png")
    assert [secret for secret in (*SECRETS, "Users of it") if secret in told] == []
    Source.objects.update(redistributable=True)
    assert [secret for secret in SECRETS if secret in said(client, f"/en/{path}/card.png")]


def test_where_nothing_is_kept_nothing_is_said(client: Client) -> None:
    for path in ("/en/embed/series/other.users/", "/en/series/other.users/chart.svg"):
        text = said(client, path)
        assert "55" in text
        assert LEFT_OUT not in text


@pytest.mark.parametrize("path", DRAWINGS)
def test_source_that_lets_us_is_drawn_whole(client: Client, path: str) -> None:
    Source.objects.update(redistributable=True)
    assert LEFT_OUT not in said(client, path)
