"""The section of a series' page that tells what was known when."""

from datetime import date, timedelta

import pytest
from django.test import Client

from metrics.models import Series
from metrics.services.publishing import publish_release
from metrics.services.staging import stage_observation
from metrics.services.vintages import backfill_vintages
from tests.cases.views.reading import page, plain
from tests.metrics.factories import NOW, SourceFactory, make_release, make_series, publish

pytestmark = pytest.mark.django_db
PATH = "/en/series/acme.revenue/"
DAY = timedelta(days=1)


@pytest.fixture
def series() -> Series:
    """100 for 2018 at first."""
    series = make_series("acme.revenue", nature="flow")
    publish((series, "2018", "100"))
    return series


def told(html: str) -> str:
    section = html.partition('id="known">')[2].partition("<form")[0]
    return plain(f"<h2>{section}")


def vintage(series: Series, stated: str, on: date, **release: str) -> None:
    made = make_release(release.pop("kind", "revision"), NOW + DAY)
    made.reason_en = release.get("reason", "")
    made.save()
    row = stage_observation(
        made, series=series, period="2018", source=SourceFactory(), stated=stated
    )
    row.vintage_on = on
    row.save()
    publish_release(made, actor=None, now=NOW + DAY)


def test_value_stated_once_says_so(client: Client, series: Series) -> None:
    text = told(page(client, PATH))
    assert "no value shown here has been revised" in text
    assert "2018 100 First stated Report , section 1.2.1 23 November 2026" in text


def test_correction_tells_old_and_new_with_reason_and_release(
    client: Client, series: Series
) -> None:
    vintage(series, "110", date(2019, 4, 1), kind="correction", reason="A slip.")
    html = page(client, PATH)
    assert "2018 First 100, now 110 (+10%)" in told(html)
    assert "before: 100 → now: 110 Corrected A slip. Report 1 April 2019" in told(html)
    assert 'href="/en/releases/2/"' in html
    assert 'class="known__past"' in html
    zh = page(client, PATH.replace("en", "zh-hans", 1))
    assert "最初为 100，现为 110" in told(zh)


def test_ratio_is_compared_in_points(client: Client) -> None:
    share = make_series("acme.share", nature="ratio", unit="percent")
    publish((share, "2018", "12%"))
    publish((share, "2018", "14%"), now=NOW + DAY, kind="revision")
    text = told(page(client, "/en/series/acme.share/"))
    assert "First 12%, now 14% (+2 percentage points)" in text
    assert "Revised" in text


def test_replacement_in_a_release_of_new_values_is_a_revision(
    client: Client, series: Series
) -> None:
    publish((series, "2018", "120"), now=NOW + DAY)
    assert "→ now: 120 Revised" in told(page(client, PATH))


def test_same_figure_of_another_source_is_stated_again(client: Client, series: Series) -> None:
    other = SourceFactory(slug="annual", title_en="Annual report")
    publish((series, "2018", "100"), now=NOW + DAY, source=other)
    assert "100 Stated again Annual report" in told(page(client, PATH))
    assert "First 100" not in told(page(client, PATH))


def test_backfilled_vintage_stands_before_what_took_its_place(
    client: Client, series: Series
) -> None:
    vintage(series, "110", date(2019, 4, 1))
    row = stage_observation(
        make_release("new", NOW + 2 * DAY), series=series, period="2018",
        source=SourceFactory(), stated="90", vintage_on=date(2019, 2, 1),
    )  # fmt: skip
    backfill_vintages([row], actor=None, now=NOW + 2 * DAY)
    text = told(page(client, PATH))
    assert text.index("90 Filled in later: what the source said then") < text.index("110 Revised")
    assert "1 February 2019" in text


def test_as_of_tells_what_was_known_then(client: Client, series: Series) -> None:
    publish((series, "2018", "120"), now=NOW + DAY)
    text = told(page(client, f"{PATH}?as_of=1"))
    assert "120" not in text
    assert "First stated" in text


def test_chosen_period_is_told_alone(client: Client, series: Series) -> None:
    publish(*((series, str(year), "7") for year in range(2001, 2018)))
    latest = told(page(client, PATH))
    assert "2013" in latest
    assert "2012" not in latest
    chosen = told(page(client, f"{PATH}?period=2003"))
    assert "2003 7" in chosen
    assert "2018" not in chosen
    assert "No source states a value of 1999 here." in told(page(client, f"{PATH}?period=1999"))


def test_long_story_is_cut(client: Client, series: Series) -> None:
    for n in range(1, 25):
        publish((series, "2018", str(100 + n)), now=NOW + n * DAY, kind="revision")
    text = told(page(client, PATH))
    assert "5 earlier statements not shown" in text
    assert text.count("Revised") == 20
    assert "First 100, now 124" in text


def test_proposal_that_waits_is_not_told(client: Client, series: Series) -> None:
    release = make_release("correction", NOW + DAY)
    stage_observation(
        release, series=series, period="2018", source=SourceFactory(), stated="999"
    ).save()
    assert "999" not in page(client, PATH)
