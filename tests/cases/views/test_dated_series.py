"""The page of a series as readers saw it at a moment of the past, and what changed since."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from metrics.models import Change, Redefinition, Rule, Series
from metrics.services.redefinitions import redefine, take_back
from metrics.services.refresh import refresh_all
from tests.cases.conftest import publish_case
from tests.cases.views.reading import page, plain, since, words
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
USERS = "/en/series/webank.users/"


def row(html: str, period: str) -> str:
    return plain(html.partition(f'<tr id="{period}">')[2].partition("</tr>")[0])


def test_rows_and_chart_are_those_of_the_moment(client: Client, users: Series) -> None:
    then = Change.objects.latest_seq()
    rival = SourceFactory(slug="rival", title_en="Rival")
    publish((users, "2018", "7,000万"), (users, "2019", "1亿"), now=NOW + DAY, kind="revision")
    publish((users, "2018", "6,900万"), now=NOW + 2 * DAY, source=rival)
    html = page(client, f"{USERS}?as_of={then}")
    assert "over 60 million" in row(html, "2018")
    assert "Until" not in row(html, "2018")
    assert "Rival" not in row(html, "2018")
    assert 'id="2019"' not in html
    assert "2019" not in html.partition("<svg")[2].partition("</svg>")[0]
    head = html.partition('class="series-head')[2].partition("</section>")[0]
    assert "over</span> 60" in head.replace("over </span>", "over</span> ")
    later = page(client, f"{USERS}?as_of={then + 1}")
    assert "70 million" in row(later, "2018")
    assert "Until 24 November 2026: over 60 million" in row(later, "2018")
    assert "Rival" not in row(later, "2018")


def test_what_changed_is_told_row_by_row(client: Client, users: Series) -> None:
    then = Change.objects.latest_seq()
    publish((users, "2018", "7,000万"), (users, "2019", "1亿"), now=NOW + DAY, kind="revision")
    told = since(page(client, f"{USERS}?as_of={then}"))
    assert "end of 2019 not reported 100 million" in told
    assert "end of 2018 over 60 million 70 million" in told
    assert "end of 2017" not in told
    assert "Words" not in told
    now = Change.objects.latest_seq()
    assert "Nothing: words and figures are the same." in since(page(client, f"{USERS}?as_of={now}"))


@pytest.fixture
def total() -> Series:
    """market.total of 2018 = 50 + 30 at first, 70 + 30 later."""
    members = [make_series(f"e-{n}.revenue", nature="flow") for n in range(2)]
    total = make_series("market.total", nature="flow")
    Rule.objects.create(key="sum", kind="sum", name_en="Total", group=make_group("all", members))
    publish(
        (members[0], "2018", "50"), (members[1], "2018", "30"),
        rule_definitions={"sum": {"output": total.key}},
    )  # fmt: skip
    refresh_all(now=NOW)
    return total


def test_derived_values_are_computed_from_what_stood_then(client: Client, total: Series) -> None:
    then = Change.objects.latest_seq()
    publish((Series.objects.get(key="e-0.revenue"), "2018", "70"), now=NOW + DAY, kind="revision")
    refresh_all(now=NOW + DAY)
    path = "/en/series/market.total/"
    assert "100" in row(page(client, path), "2018")
    html = page(client, f"{path}?as_of={then}")
    assert "2018 80" in row(html, "2018")
    assert "E-0 · Users 2018 50" in row(html, "2018")
    assert "2018 80 100" in since(html)


def test_links_of_lineage_stay_at_the_moment(client: Client, total: Series) -> None:
    then = Change.objects.latest_seq()
    html = page(client, f"/en/series/market.total/?as_of={then}")
    lineage = f"/en/series/market.total/lineage/?period=2018&amp;as_of={then}"
    assert f'href="{lineage}"' in html
    assert html.count(f'href="/en/series/e-0.revenue/?as_of={then}#2018"') == 2  # row and tree
    instant = Change.objects.get(seq=then).published_at.isoformat()[:19].replace(":", "%3A")
    assert f"/api/v1/series/market.total/observations?as_of={instant}" in html
    tree = page(client, lineage.replace("&amp;", "&"))
    assert f'href="/en/series/e-0.revenue/?as_of={then}#2018"' in tree
    assert f'href="/en/series/market.total/?as_of={then}#2018"' in tree
    assert f"(change {then})" in words(tree)


def test_texts_that_quote_it_are_those_of_the_moment(client: Client, users: Series) -> None:
    then = Change.objects.latest_seq()
    publish_case("webank")
    assert "Quoted in" not in words(page(client, f"{USERS}?as_of={then}"))
    now = Change.objects.latest_seq()
    html = page(client, f"{USERS}?as_of={now}")
    assert "Title of webank" in html
    assert f'href="/en/cases/webank/?as_of={now}"' in html


def redefined(series: Series, **more: Any) -> None:
    both = {"zh-hans": "月活跃用户数。", "en": "Monthly active users."}
    redefine(series.indicator, since="2018", definition=both, comparable={},
             reason={"en": "Active users now."}, actor=None, now=NOW, **more)  # fmt: skip


def test_definition_is_that_of_the_moment(client: Client, users: Series) -> None:
    then = Change.objects.latest_seq()
    redefined(users)
    html = page(client, f"{USERS}?as_of={then}")
    assert "Registered users." in words(html)
    assert "Monthly active users." not in words(html)
    assert "(version 1)" in words(html)
    assert "The series has another definition now." in since(html)
    between = Change.objects.latest_seq()
    assert "Before 2018 (version 1)" in page(client, f"{USERS}?as_of={between}")
    take_back(Redefinition.objects.get(), reason={"en": "Wrong."}, actor=None, now=NOW)
    html = page(client, f"{USERS}?as_of={between}")
    assert "The text of this version is not kept. (version 2)" in words(html)


def test_series_without_a_value_then_says_so(client: Client, users: Series) -> None:
    html = page(client, f"{USERS}?as_of=2020-01-01", 404)
    assert "Nothing was published at this address on 1 January 2020 (UTC)." in html
    assert f'href="{USERS}"' in html
    html = page(client, "/zh-hans/series/webank.users/?as_of=2020-01-01", 404)
    assert "截至2020年1月1日（UTC），这个地址没有发布任何内容。" in html
    assert client.get("/en/series/nobody.nothing/?as_of=2020-01-01").status_code == 404


def test_form_keeps_the_day_that_was_asked_for(client: Client, users: Series) -> None:
    day = '<input id="as_of" name="as_of" type="date"'
    assert f"{day}>" in page(client, USERS)
    assert f'{day} value="2026-11-23">' in page(client, f"{USERS}?as_of=2026-11-23")
    html = page(client, "/en/series/webank.users/lineage/?period=2018&as_of=2026-11-23")
    assert f'{day} value="2026-11-23">' in html
    assert "As it stood on 23 November 2026 (UTC)." in words(html)


def test_page_of_the_past_is_kept_from_search_engines(client: Client, users: Series) -> None:
    html = page(client, f"{USERS}?as_of={Change.objects.latest_seq()}")
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://testserver{USERS}">' in html
