"""Who quotes a series: the texts on its page, with the sentences as readers have them."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.models import CaseText
from cases.services.texts import save_revision
from metrics.models import Change, Series
from tests.cases.conftest import publish_case, rewrite
from tests.cases.views.reading import page, plain
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
PATH = "/en/series/webank.users/"
HOUR = timedelta(hours=1)
BODY = (
    "It had {{ webank.users@2018 }} users and {{ webank.staff@2018 }} clerks. Nobody counted them. "
    'It [grew]{if="webank.users@2018 > 55000000"} in 2018.'
)


@pytest.fixture(autouse=True)
def staff(users: Series) -> Series:
    staff = make_series("webank.staff")
    publish((staff, "2018", "300"))
    publish_case("webank")
    rewrite("webank", body=BODY, now=NOW + HOUR)
    return staff


def quoted(html: str) -> str:
    return plain("<h2" + html.partition('id="quoted"')[2].partition("</ol>")[0])


def test_sentences_stand_under_their_text(client: Client) -> None:
    text = quoted(page(client, PATH))
    assert "Title of webank: more" in text
    assert "It had over 60 million users and 300 clerks." in text
    assert "It grew in 2018." in text
    assert "Nobody counted" not in text


def test_sentence_follows_every_series_that_it_quotes(client: Client, staff: Series) -> None:
    page(client, PATH)  # kept as a snapshot
    publish((staff, "2018", "310"), kind="correction", now=NOW + 2 * HOUR)
    assert "310 clerks" in quoted(page(client, PATH))


def test_sentence_that_no_longer_holds_is_told_as_it_last_held(
    client: Client, users: Series
) -> None:
    publish((users, "2018", "5,000万"), kind="correction", now=NOW + 2 * HOUR)
    text = quoted(page(client, PATH))
    assert "It grew in 2018. As of 23 November 2026; the data have changed since" in text
    assert "It had 50 million users" in text


def test_text_that_draws_it_only_is_told_by_its_standfirst(client: Client) -> None:
    rewrite("webank", body="```chart\ntype: column\ntitle: Users\nseries: [webank.users]\n```",
            now=NOW + 2 * HOUR)  # fmt: skip
    assert "Standfirst." in quoted(page(client, PATH))


def test_draft_is_quoted_by_nobody(client: Client) -> None:
    text = CaseText.objects.get(case__slug="webank", language="en")
    save_revision(text, title="Secret", standfirst="", actor=None, now=NOW + 2 * HOUR,
                  body="A secret of {{ webank.users@2018 }}.")  # fmt: skip
    assert "secret" not in page(client, PATH).lower()


def test_page_of_the_past_names_the_text_alone(client: Client) -> None:
    seq = Change.objects.latest_seq()
    publish((Series.objects.get(key="webank.users"), "2018", "5,000万"), now=NOW + 2 * HOUR)
    text = quoted(page(client, f"{PATH}?as_of={seq}"))
    assert "Title of webank: more" in text
    assert "It grew" not in text


def test_figure_of_a_long_series_leads_to_its_page_of_the_table(client: Client) -> None:
    monthly = make_series("webank.logins", frequency="M")
    months = [f"{1990 + n // 12}-{n % 12 + 1:02}" for n in range(260)]
    publish(*((monthly, month, "7") for month in months), now=NOW + 2 * HOUR)
    rewrite("webank", body="There were {{ webank.logins@1990-03 }}.", now=NOW + 3 * HOUR)
    href = "/en/series/webank.logins/?period=1990-03#1990-03"
    assert f'href="{href}"' in page(client, "/en/cases/webank/")
    assert '<tr id="1990-03">' in page(client, href.partition("#")[0])
    assert '<tr id="1990-03">' not in page(client, "/en/series/webank.logins/")
