"""The page of consistency checks."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.metrics.admin.conftest import staff
from tests.metrics.admin.staff import log_in
from tests.metrics.factories import IndicatorFactory, UnitFactory, make_series, publish

pytestmark = pytest.mark.django_db
URL = "/admin/metrics/consistencycheck/"


@pytest.fixture
def growth() -> str:
    """8.29亿 after 7.72亿 is 7.4%: stated 9.4% in one market, 7.4% in another."""
    percent = UnitFactory(key="percent-growth", kind="growth")
    names = {"name_en": "Growth of users", "name_zh_hans": "用户增长率"}
    rows = []
    for slug, stated in (("right", "7.4%"), ("wrong", "9.4%")):
        level = make_series(f"{slug}.users")
        IndicatorFactory(
            key="users-growth", unit=percent, nature="ratio", growth_of=level.indicator, **names
        )
        rate = make_series(f"{slug}.users-growth")
        rows += [(level, "2017", "7.72亿"), (level, "2018", "8.29亿"), (rate, "2018", stated)]
    publish(*rows, definitions_changed=True)
    return rate.key


def test_page_lists_contradictions_first(admin: Client, growth: str) -> None:
    html = admin.get(URL, headers={"accept-language": "en"}).content.decode()
    assert html.index("9.4%") < html.index("7.4%")
    assert "?verdict=inconsistent" in html


def test_verdict_keeps_only_its_rows(admin: Client, growth: str) -> None:
    html = admin.get(URL, {"verdict": "inconsistent"}).content.decode()
    assert "?q=wrong.users-growth" in html
    assert "?q=right.users-growth" not in html


def test_index_links_to_the_page(admin: Client) -> None:
    assert URL in admin.get("/admin/").content.decode()


@pytest.mark.parametrize(("language", "verdict"), [("en", "inconsistent"), ("zh-hans", "不一致")])
def test_page_opens_in_both_languages_without_inline_code(
    admin: Client, growth: str, language: str, verdict: str
) -> None:
    html = admin.get(URL, headers={"accept-language": language}).content.decode()
    assert f"<td>{verdict}</td>" in html
    assert not re.search(
        r"<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=|<style", html
    )


def test_page_costs_the_same_for_many_rows(admin: Client, growth: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(URL).status_code == 200
        return len(captured)

    one = queries()
    level, rate = make_series("wrong.users"), make_series(growth)
    publish(*[(one, str(year), text) for year in range(1990, 2010)
              for one, text in ((level, "100"), (rate, "0%"))])  # fmt: skip
    assert queries() == one


def test_who_sees_values_sees_checks_and_nobody_else(author: Client, growth: str) -> None:
    assert author.get(URL).status_code == 200
    other = log_in(staff("other", "view_source"))
    assert other.get(URL).status_code == 403
    assert author.get(f"{URL}add/").status_code == 403


def test_long_list_is_paged_with_contradictions_on_the_first_page(
    admin: Client, growth: str
) -> None:
    level, rate = make_series("right.users"), make_series("right.users-growth")
    rows = [(one, str(year), text) for year in range(1900, 2010)
            for one, text in ((level, "100"), (rate, "0%"))]  # fmt: skip
    publish(*rows)
    english = {"accept-language": "en"}
    first = admin.get(URL, headers=english).content.decode()
    second = admin.get(URL, {"page": "2", "verdict": "consistent"}, headers=english)
    assert "<td>inconsistent</td>" in first
    assert first.count("<td>undecidable</td>") == 1  # 1900 has no level before
    assert first.count("<td>the level before is not stated</td>") == 1
    assert first.count("<td>consistent</td>") == 98
    assert "Page 1 of 2" in first
    assert 'rel="next"' in first
    assert second.content.decode().count("<td>consistent</td>") == 10
    assert "verdict=consistent" in second.content.decode()
