"""What the pages of entities, sources and technologies tell besides lists."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from cases.models import Case
from metrics.models import Event, Series, Source
from tests.cases.conftest import publish_case, rewrite, write
from tests.cases.views.reading import page, plain, words
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ENTITY = "/en/entities/webank/"
SOURCE = "/en/sources/report-2019/"


def key_figures(html: str) -> list[str]:
    strip = html.partition('<dl class="key-figures')[2].partition("</dl>")[0]
    return [plain(item) for item in strip.split("key-figures__item")[1:]]


def test_entity_leads_with_what_texts_lead_with(client: Client, users: Series) -> None:
    quoted = make_series("webank.branches", nature="flow")
    publish((quoted, "2018", "7"), (make_series("webank.aside"), "2018", "9"))
    assert key_figures(page(client, ENTITY)) == []
    publish_case("webank")
    body = "```key-figures\n- value: webank.users@2018\n  label: Users\n```\n\n" + (
        "{{ webank.branches@2018 }} and {{ webank.branches@2018 | plain }}."
    )
    rewrite("webank", body=body, now=NOW + HOUR)
    found = key_figures(page(client, ENTITY))
    assert [one[one.index(">") + 1 :].split()[0] for one in found] == ["Users", "Users"]
    assert "over 60 million" in found[0]
    assert "person · end of 2018" in found[0]
    assert " 7 " in found[1]


def test_draft_leads_nowhere(client: Client, users: Series) -> None:
    write("webank")
    assert key_figures(page(client, ENTITY)) == []


def test_course_is_drawn_of_three_values(client: Client, users: Series) -> None:
    assert "spark" not in page(client, ENTITY).partition("<main")[2]
    publish((users, "2016", "4,000万"), now=NOW + HOUR)
    html = page(client, ENTITY)
    assert html.partition("<main")[2].count('<svg class="spark"') == 1
    assert ">Course</th>" in html


def test_cases_about_an_entity_come_before_technologies(client: Client, users: Series) -> None:
    publish_case("atech", kind="technology")
    publish_case("zcase")
    listed = re.findall(r'case-list__title"><a href="([^"]+)"', page(client, ENTITY))
    assert listed == ["/en/cases/zcase/", "/en/technologies/atech/"]


def sections(html: str) -> list[str]:
    return [plain(part.partition("</tbody>")[0]) for part in html.split('<tbody id="place-')[1:]]


def test_source_tells_its_figures_by_section(client: Client, users: Series) -> None:
    source = Source.objects.get()
    Event.objects.create(
        entity=users.entity, period="2014", label_en="Founded", label_zh_hans="成立",
        source=source, locator="1.10",
    )  # fmt: skip
    rival = SourceFactory(slug="rival", title_en="Rival")
    publish((users, "2018", "6,900万"), now=NOW + HOUR, source=rival)
    first, second = sections(page(client, SOURCE))
    assert "Section 1.2.1" in first
    assert "Webank · Users end of 2017 over 50 million 超过5,000万" in first
    assert "stands beside, not preferred end of 2018" in first
    assert "Section 1.10 Webank 2014 Founded" in second
    assert "第1.2.1节" in words(page(client, SOURCE.replace("/en/", "/zh-hans/")))


def test_value_that_was_replaced_is_not_told(client: Client, users: Series) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + HOUR)
    html = page(client, SOURCE)
    assert "over 60 million" not in html
    assert "70 million" in html


def test_source_of_very_many_figures_lists_its_series(client: Client, users: Series) -> None:
    with patch("metrics.selectors.source_figures.MOST_FIGURES", 1):
        html = page(client, SOURCE)
    assert sections(html) == []
    assert "Series that use it" in words(html)
    assert "Webank · Users" in words(html)


def test_technology_names_the_cases_that_apply_it(client: Client, users: Series) -> None:
    publish_case("big-data", kind="technology")
    publish_case("webank", technology="big-data")
    write("draft")
    Case.objects.get(slug="draft").technologies.add(Case.objects.get(slug="big-data"))
    html = page(client, "/en/technologies/")
    assert "Applied in : Title of webank: more" in words(html).replace("in: ", "in : ")
    assert "draft" not in html
