"""What lists and the API say of a text whose title or standfirst data have overtaken."""

import re

import pytest
from django.test import Client

from cases.models import Case, CaseText
from cases.services.texts import publish_revision, save_revision
from metrics.models import Change, Series
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
TITLE = 'Users [more than doubled]{if="webank.users@2018 > 2 * webank.users@2017"} to {{ webank.users@2018 }}'  # noqa: E501
STANDFIRST = (
    'A bank. Its users [doubled]{if="webank.users@2018 > 2 * webank.users@2017"}. It lends.'
)
FLAG = "the data have changed since"


@pytest.fixture
def series() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "1,001"), (series, "2018", "3,003"))
    return series


@pytest.fixture
def text(series: Series) -> CaseText:
    text = CaseText.objects.create(case=Case.objects.create(slug="webank"), language="en")
    put(text, TITLE, STANDFIRST)
    return text


def put(text: CaseText, title: str, standfirst: str) -> None:
    revision = save_revision(
        text, title=title, standfirst=standfirst, body="It is a bank.", actor=None, now=NOW
    )
    publish_revision(revision, actor=None, now=NOW)


def overtake(series: Series) -> None:
    publish((series, "2018", "1,503"), kind="correction", now=NOW)


def read(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().partition("<main")[2].split())


@pytest.mark.parametrize("url", ["/en/", "/en/cases/"])
def test_list_shows_the_words_that_held_and_says_since_when(
    client: Client, text: CaseText, series: Series, url: str
) -> None:
    assert FLAG not in read(client, url)
    overtake(series)
    page = read(client, url)
    assert "Users more than doubled to 3,003" in page
    assert re.search(rf"A bank. Its users doubled. \(As of [^)]+; {FLAG}\) It lends.", page)
    assert "1,503" not in page
    assert FLAG in page


def test_list_shows_new_figures_where_the_wording_holds(
    client: Client, text: CaseText, series: Series
) -> None:
    publish((series, "2018", "2,503"), kind="correction", now=NOW)
    page = read(client, "/en/cases/")
    assert "Users more than doubled to 2,503" in page
    assert FLAG not in page


def test_title_of_the_page_and_of_the_list_are_the_same(
    client: Client, text: CaseText, series: Series
) -> None:
    overtake(series)
    assert "<title>Users more than doubled to 3,003" in client.get(
        "/en/cases/webank/"
    ).content.decode().replace("\u2009", "")


def test_api_serves_the_same_words_and_names_them(
    client: Client, text: CaseText, series: Series
) -> None:
    overtake(series)
    answer = client.get("/api/v1/cases/webank?lang=en").json()
    assert answer["title"] == "Users more than doubled to 3,003"
    assert answer["standfirst"].startswith("A bank. Its users doubled. (As of ")
    assert [one["words"] for one in answer["withheld"]] == [
        "Users more than doubled to 3,003",
        "Its users doubled.",
    ]
    assert all(FLAG in one["note"] for one in answer["withheld"])
    assert client.get("/api/v1/cases?lang=en").json()["results"][0]["title"] == answer["title"]


def test_note_is_in_the_language_of_its_text(
    client: Client, text: CaseText, series: Series
) -> None:
    overtake(series)
    answer = client.get("/api/v1/cases/webank", headers={"Accept-Language": "zh-hans"}).json()
    assert all(FLAG in one["note"] for one in answer["withheld"]["en"])


def test_sentence_that_never_held_is_shown_as_written(
    client: Client, text: CaseText, series: Series
) -> None:
    overtake(series)
    put(text, 'Users [doubled]{if="webank.users@2018 > 9999"}', "A bank.")
    answer = client.get("/api/v1/cases/webank?lang=en").json()
    assert answer["title"] == "Users doubled"
    assert answer["withheld"][0]["words"] == ""


@pytest.mark.parametrize("is_past", [False, True])
def test_frame_has_the_words_of_its_page(
    client: Client, text: CaseText, series: Series, is_past: bool
) -> None:
    overtake(series)
    query = f"?as_of={Change.objects.latest_seq()}" if is_past else ""
    frame = read(client, f"/en/embed/cases/webank/{query}")
    told = client.get("/oembed", {"url": f"/en/cases/webank/{query}"}).json()["title"]
    assert "Users more than doubled to 3,003" in read(client, f"/en/cases/webank/{query}")
    assert "Users more than doubled to 3,003" in frame
    assert "more than doubled to 3,003" in told
    assert "1,503" not in frame + told
    assert FLAG in frame


@pytest.mark.parametrize("path", ["cases/webank/history/", "releases/"])
def test_record_of_changes_names_the_text_by_the_words_that_held(
    client: Client, text: CaseText, series: Series, path: str
) -> None:
    overtake(series)
    told = client.get(f"/en/{path}").content.decode()
    assert "Users more than doubled to 3,003" in told
    assert "more than doubled to 1,503" not in told


def test_list_of_the_past_shows_the_words_that_held_then(
    client: Client, text: CaseText, series: Series
) -> None:
    held = Change.objects.latest_seq()
    overtake(series)
    broken = Change.objects.latest_seq()
    url = "/en/series/webank.users/?as_of="
    assert FLAG not in read(client, f"{url}{held}")
    page = read(client, f"{url}{broken}")
    assert "Users more than doubled to 3,003" in page
    assert "more than doubled to 1,503" not in page
    assert FLAG in page
