"""How a text is cited, and what pages say of themselves to machines."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.selectors.citation import Citation
from metrics.models import Change, Series
from tests.cases.conftest import publish_case, rewrite, write_secret
from tests.cases.views.reading import article, page, words
from tests.metrics.factories import NOW, publish

pytestmark = pytest.mark.django_db
CASE = "/en/cases/webank/"


@pytest.fixture
def case(users: Series) -> None:
    publish_case("webank")


def structured(client: Client, url: str) -> dict[str, Any]:
    (found,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page(client, url), re.DOTALL
    )
    made: dict[str, Any] = json.loads(found)
    return made


@pytest.mark.usefixtures("case")
def test_cited_address_shows_for_ever_what_it_shows_now(client: Client, users: Series) -> None:
    html = page(client, CASE)
    assert "“Title of webank: more”, as of 23 November 2026." in words(html)
    cited = re.search(r"/en/cases/webank/\?as_of=\d+", html)
    assert cited is not None
    assert "over 60 million" in words(page(client, cited[0]))
    publish((users, "2018", "超过7,000万"), kind="correction", now=NOW + timedelta(days=1))
    assert "over 60 million" in article(page(client, cited[0]))
    assert "over 70 million" not in article(page(client, cited[0]))
    later = re.search(r"/en/cases/webank/\?as_of=\d+", page(client, CASE))
    assert later is not None
    assert later[0] != cited[0]
    assert "as of 24 November 2026." in words(page(client, CASE))


@pytest.mark.usefixtures("case")
def test_bibtex_is_a_file_of_one_entry(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://fintech.example"
    answer = client.get("/en/cases/webank.bib")
    assert answer["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="webank-en.bib"'
    text = answer.content.decode()
    assert text.startswith("@online{webank-2026-en,\n")
    assert "  title = {Title of webank: more},\n" in text
    assert re.search(r"url = \{https://fintech.example/en/cases/webank/\?as_of=\d+\}\n\}\n$", text)


@pytest.mark.usefixtures("case")
def test_ris_is_a_file_of_one_record(client: Client) -> None:
    lines = client.get("/zh-hans/cases/webank.ris").content.decode().split("\r\n")
    fields = dict(line.split("  - ", 1) for line in lines if line)
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert (fields["TI"], fields["LA"]) == ("Title of webank: more", "zh-Hans")
    assert fields["UR"].startswith("http://testserver/zh-hans/cases/webank/?as_of=")


def test_marks_of_tex_are_escaped(client: Client, users: Series) -> None:
    publish_case("a-b")
    day = NOW.date()
    cited = Citation("a&b", r"50% & {x}_y \z", day, day, "https://x/", "en")
    assert r"{50\% \& \{x\}\_y \textbackslash{}z}" in cited.bibtex
    assert cited.bibtex.startswith("@online{a-b-2026-en,")


@pytest.mark.parametrize(
    "address", ["cases/hidden.bib", "cases/none.ris", "technologies/webank.bib"]
)
@pytest.mark.usefixtures("case")
def test_nothing_is_cited_that_readers_have_not(client: Client, address: str) -> None:
    write_secret("hidden")
    answer = client.get(f"/en/{address}")
    assert answer.status_code == 404
    assert "secret" not in answer.content.decode()


@pytest.mark.usefixtures("case")
def test_parameters_are_refused(client: Client) -> None:
    assert client.get("/en/cases/webank.bib?as_of=1").status_code == 400


@pytest.mark.usefixtures("case")
def test_article_names_its_dates_sources_and_corrections(
    client: Client, users: Series, settings: Any
) -> None:
    settings.SITE_URL = "https://fintech.example"
    data = structured(client, CASE)
    assert data["@context"] == "https://schema.org"
    assert (data["@type"], data["headline"]) == ("Article", "Title of webank: more")
    assert data["url"] == "https://fintech.example/en/cases/webank/"
    assert data["datePublished"].startswith("2026-11-23T")
    assert data["citation"][0]["url"].startswith("https://fintech.example/en/sources/")
    assert "correction" not in data
    publish((users, "2018", "超过7,000万"), kind="correction", now=NOW + timedelta(days=1))
    data = structured(client, CASE)
    assert data["dateModified"].startswith("2026-11-24T")
    assert data["correction"][0]["@type"] == "CorrectionComment"
    assert "over 60 million → over 70 million" in data["correction"][0]["text"]


def test_dataset_tells_its_span_and_where_it_can_be_had(client: Client, users: Series) -> None:
    data = structured(client, "/en/series/webank.users/")
    assert (data["@type"], data["identifier"]) == ("Dataset", "webank.users")
    assert data["temporalCoverage"] == "2017-01-01/2018-12-31"
    for download in data["distribution"]:
        answer = client.get(download["contentUrl"])
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(download["encodingFormat"])


def test_words_cannot_end_the_element(client: Client, users: Series) -> None:
    publish_case("webank")
    title = "</script><script>alert(1)</script> & more"
    rewrite("webank", body="A bank.", now=NOW + timedelta(hours=1), title=title)
    html = page(client, CASE)
    assert "<script>alert" not in html
    assert structured(client, CASE)["headline"] == title


@pytest.mark.usefixtures("case")
def test_page_of_the_past_has_neither(client: Client) -> None:
    html = page(client, f"{CASE}?as_of={Change.objects.latest_seq()}")
    assert "ld+json" not in html
    assert 'id="cite"' not in html
