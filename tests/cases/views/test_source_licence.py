"""A source's licence in the language of the page, or marked as being in the other one."""

import pytest
from django.test import Client

from metrics.models import Series, Source
from tests.cases.views.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("licensed")]
PATHS = {"en": "/en/sources/report-2019/", "zh-hans": "/zh-hans/sources/report-2019/"}


@pytest.fixture
def licensed(users: Series) -> None:
    Source.objects.update(licence_en="Public domain", licence_zh_hans="公有领域")


@pytest.mark.parametrize(("language", "told"), [("en", "Public domain"), ("zh-hans", "公有领域")])
def test_licence_is_told_in_the_language_of_the_page(
    client: Client, language: str, told: str
) -> None:
    assert f"<dd>{told}</dd>" in page(client, PATHS[language])


def test_licence_in_the_other_language_is_marked_as_such(client: Client) -> None:
    Source.objects.update(licence_zh_hans="")
    assert '<dd><span lang="en">Public domain</span></dd>' in page(client, PATHS["zh-hans"])
    Source.objects.update(licence_en="", licence_zh_hans="公有领域")
    assert '<dd><span lang="zh-Hans">公有领域</span></dd>' in page(client, PATHS["en"])


def test_licence_that_nobody_stated_says_so(client: Client) -> None:
    Source.objects.update(licence_en="", licence_zh_hans="")
    assert "<dd>not stated</dd>" in page(client, PATHS["en"])


def test_api_has_it_as_one_text(client: Client) -> None:
    def licences() -> set[str]:
        rows = client.get("/api/v1/sources").json()["results"]
        return {row["licence"] for row in rows}

    assert licences() == {"Public domain"}
    Source.objects.update(licence_en="")
    assert licences() == {"公有领域"}


def test_files_have_it_in_their_language(client: Client) -> None:
    Source.objects.update(redistributable=True)
    told = client.get("/zh-hans/series/webank.users.json").json()
    assert "公有领域" in str(told)
    assert "Public domain" not in str(told)
