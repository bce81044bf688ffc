"""Pages of texts as readers saw them at a moment of the past, and what changed since."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, CaseText, PageSnapshot
from cases.services.texts import save_revision
from metrics.models import Change, Series
from tests.cases.conftest import publish_case, rewrite, write
from tests.cases.views.reading import article, page, since, words
from tests.metrics.factories import NOW, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CASE = "/en/cases/webank/"


def test_page_has_the_words_and_figures_of_its_moment(
    client: Client, then: int, users: Series
) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    rewrite("webank", body="All new: {{ webank.users@2018 }}.", now=NOW + 2 * DAY)
    now, before = page(client, CASE), page(client, f"{CASE}?as_of={then}")
    assert "All new: 70 million" in words(now)
    assert "It had over 60 million users" in article(before)
    assert "All new" not in article(before)
    assert "70 million" not in article(before)
    assert 'data value="60000000"' in before  # the exhibits too
    assert "Words of 23 November 2026" in article(before)
    # between the two changes: old words, new figures
    between = article(page(client, f"{CASE}?as_of={then + 1}"))
    assert "It had 70 million users" in between


@pytest.mark.parametrize(
    "moment", ["2026-11-23", "2026-11-23T08:30:00Z", "2026-11-23T16:30:00+08:00"]
)
def test_moment_may_be_a_day_or_an_instant(
    client: Client, then: int, users: Series, moment: str
) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    moved = Change.objects.get(seq=then).published_at
    assert moved < NOW + timedelta(minutes=30)
    html = page(client, f"{CASE}?as_of={moment.replace('+', '%2B')}")
    assert "It had over 60 million users" in article(html)
    told = {"2026-11-23": "This page as of 23 November 2026 (UTC)."}
    usual = "This page as of 23 November 2026, 08:30:00 UTC."
    assert told.get(moment, usual) in words(html)


def test_notice_leads_to_the_present_page(client: Client, then: int) -> None:
    html = page(client, f"{CASE}?as_of={then}")
    notice = html.partition('<aside class="notice dated"')[2].partition("</aside>")[0]
    assert f'href="{CASE}"' in notice
    assert 'href="#since"' in notice
    assert f"(change {then})" in notice
    assert "Names, units, labels and events are those of today." in notice


def test_chinese_page_is_chinese(client: Client, then: int, users: Series) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    html = page(client, f"/zh-hans/cases/webank/?as_of={then}")
    assert "超过6,000万" in article(html)
    assert "2026年11月23日" in words(html)
    assert "超过6,000万 7,000万" in since(html)
    assert "数字 序列 时期 当时 现在" in since(html)


def test_page_of_the_past_is_kept_from_search_engines(client: Client, then: int) -> None:
    html = page(client, f"{CASE}?as_of={then}")
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://testserver{CASE}">' in html
    assert 'rel="alternate"' not in html
    assert "noindex" not in page(client, CASE)


def test_page_of_the_past_is_never_a_snapshot(client: Client, then: int) -> None:
    response = client.get(f"{CASE}?as_of={then}")
    assert not response.has_header("ETag")
    assert not PageSnapshot.objects.exists()
    client.get(CASE)
    assert "This page as of" in page(client, f"{CASE}?as_of={then}")
    assert "This page as of 23" not in page(client, CASE)


def test_links_stay_in_the_past_where_a_page_has_one(client: Client, then: int) -> None:
    html = page(client, f"{CASE}?as_of={then}")
    assert f'href="/en/series/webank.users/?as_of={then}#2018"' in html
    assert f'href="/en/technologies/big-data/?as_of={then}"' in html
    assert f'href="/zh-hans/cases/webank/?as_of={then}" lang="zh-Hans"' in html
    assert 'href="/en/entities/webank/"' in html
    technology = page(client, f"/en/technologies/big-data/?as_of={then}")
    assert f'href="{CASE}?as_of={then}"' in technology


def test_other_texts_are_those_of_the_moment(client: Client, users: Series) -> None:
    publish_case("big-data", kind="technology")
    before = Change.objects.latest_seq()
    publish_case("webank", technology="big-data")
    after = Change.objects.latest_seq()
    path = "/en/technologies/big-data/"
    assert "Title of webank" not in page(client, f"{path}?as_of={before}")
    assert "Title of webank" in page(client, f"{path}?as_of={after}")
    # a technology that was not published yet is not named
    publish_case("cloud", kind="technology")
    Case.objects.get(slug="webank").technologies.add(Case.objects.get(slug="cloud"))
    assert "Title of cloud" not in page(client, f"{CASE}?as_of={after}")
    assert "Title of cloud" in page(client, CASE)


def test_page_that_was_not_there_yet_says_so(client: Client, users: Series) -> None:
    before = Change.objects.latest_seq()
    publish_case("webank", languages=("zh-hans",))
    between = Change.objects.latest_seq()
    publish_case("webank", languages=("en",))
    html = page(client, f"{CASE}?as_of={before}", 404)
    assert "Nothing was published at this address on 23 November 2026" in html
    assert "The present page:" in html
    assert f'href="{CASE}"' in html
    assert "as_of=" not in html.partition("<main")[2]
    html = page(client, f"{CASE}?as_of={between}", 404)
    assert f'href="/zh-hans/cases/webank/?as_of={between}"' in html
    assert page(client, f"/zh-hans/cases/webank/?as_of={between}")


@pytest.mark.parametrize("is_staff", [False, True])
def test_draft_is_read_at_no_moment(client: Client, then: int, is_staff: bool) -> None:
    if is_staff:
        client.force_login(User.objects.create_superuser("chief"))
    write("secret")
    write("concealed", kind="technology")
    Case.objects.get(slug="webank").technologies.add(Case.objects.get(slug="concealed"))
    text = CaseText.objects.get(case__slug="webank", language="en")
    save_revision(text, title="Unfinished", standfirst="", body="Draft.", actor=None, now=NOW)
    nobody, secret = (
        page(client, f"/en/cases/{slug}/?as_of={then}", 404) for slug in ("nobody", "secret")
    )
    assert nobody.replace("nobody", "secret") == secret  # a draft is as good as none
    html = page(client, f"{CASE}?as_of={then}")
    for word in ("Unfinished", "Draft.", "concealed"):
        assert word not in html
    assert "Nothing: words and figures are the same." in since(html)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("yesterday", "2027-03-01"),
        ("2018-13-01", "2027-03-01"),
        ("2018-01-01T00:00:00", "2027-03-01"),
        ("-1", "2027-03-01"),
        ("１２", "2027-03-01"),
        ("0", "Changes are numbered from 1 to"),
        ("999999", "Changes are numbered from 1 to"),
        ("9" * 5000, "Changes are numbered from 1 to"),
        ("2999-01-01", "a moment that is past"),
        ("1&as_of=2", "2027-03-01"),
    ],
)
@pytest.mark.parametrize("path", ["cases/webank/", "series/webank.users/"])
def test_moment_that_cannot_be_read_says_what_is_allowed(
    client: Client, path: str, moment: str, told: str
) -> None:
    assert told in page(client, f"/en/{path}?as_of={moment}", 400)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", ["cases/webank/", "series/webank.users/", "overview/"])
def test_empty_moment_is_the_present(client: Client, path: str) -> None:
    response = client.get(f"/en/{path}?as_of=", follow=True)
    assert response.status_code == 200
    html = response.content.decode()
    assert "noindex" not in html
    assert "Changed since" not in html
