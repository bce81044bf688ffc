"""What programs of others make of our feeds and of what pages say of themselves."""

from datetime import timedelta

import extruct
import feedparser
import pytest
from django.test import Client

from metrics.models import Series
from tests.cases.conftest import publish_case
from tests.cases.views.reading import page
from tests.metrics.factories import NOW, publish

pytestmark = pytest.mark.django_db
FEEDS = ("releases", "cases/webank", "entities/webank", "series/webank.users")


@pytest.fixture
def corrected(users: Series) -> None:
    publish_case("webank")
    publish((users, "2018", "超过7,000万"), kind="correction", now=NOW + timedelta(days=1))


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
@pytest.mark.usefixtures("corrected")
def test_feed_is_read_by_feedparser(client: Client, feed: str, language: str, tag: str) -> None:
    answer = client.get(f"/{language}/feeds/{feed}.atom")
    read = feedparser.parse(
        answer.content, response_headers={"content-type": answer["Content-Type"]}
    )
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert read.feed.language == tag
    assert read.feed.title
    assert read.entries
    assert all(one.id and one.title and one.link and one.updated_parsed for one in read.entries)
    assert read.feed.updated_parsed == max(one.updated_parsed for one in read.entries)


def stated(client: Client, path: str) -> dict[str, object]:
    found = extruct.extract(page(client, path), syntaxes=["json-ld"])["json-ld"]
    assert len(found) == 1
    assert found[0]["@context"] == "https://schema.org"
    return dict(found[0])


@pytest.mark.usefixtures("corrected")
def test_text_says_of_itself_that_it_was_corrected(client: Client) -> None:
    said = stated(client, "/en/cases/webank/")
    assert said["@type"] == "Article"
    correction = said["correction"]
    assert isinstance(correction, list)
    assert [one["@type"] for one in correction] == ["CorrectionComment"]
    assert "over 60 million → over 70 million" in correction[0]["text"]
    assert str(said["dateModified"]) > str(said["datePublished"])


@pytest.mark.usefixtures("corrected")
def test_series_says_where_its_values_can_be_had(client: Client) -> None:
    said = stated(client, "/en/series/webank.users/")
    assert said["@type"] == "Dataset"
    assert said["temporalCoverage"] == "2017-01-01/2018-12-31"
    files = said["distribution"]
    assert isinstance(files, list)
    kinds = {one["encodingFormat"] for one in files}
    assert {"text/csv", "application/json"} <= kinds
    for one in files:
        path = one["contentUrl"].removeprefix("http://testserver")
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer["Content-Type"].startswith(one["encodingFormat"])
