"""Dated notices on the pages of texts and series that a correction touches."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import CaseText
from cases.services.texts import save_revision, stage_text
from metrics.models import Change, Observation, Rule, Series
from metrics.services.corrections import withdraw_observation
from metrics.services.publishing import publish_definitions, publish_release
from metrics.services.redefinitions import redefine
from metrics.services.withdrawing import withdraw_release
from tests.cases.conftest import publish_case
from tests.cases.views.test_queries import queries
from tests.metrics.factories import NOW, make_release, make_series, publish

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)
TEXT, SERIES = "/en/cases/webank/", "/en/series/webank.users/"


@pytest.fixture
def users() -> Series:
    series = make_series("webank.users")
    publish((series, "2016", "4,000万"), (series, "2017", "5,000万"), (series, "2018", "6,000万"))
    publish_case("webank")
    return series


def correct(series: Series, period: str = "2018", stated: str = "7,000万") -> Change:
    return publish((series, period, stated), kind="correction", now=LATER)


def notices(path: str, client: Client | None = None) -> list[str]:
    """The notices of a page as plain lines."""
    html = (client or Client()).get(path).content.decode()
    _before, _mark, section = html.partition('<section class="notices"')
    found = re.findall(
        r'<li class="notice">(.*?)</li>', section.partition("</section>")[0], re.DOTALL
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


@pytest.mark.parametrize("path", [TEXT, SERIES])
def test_correction_puts_a_dated_notice_with_old_and_new_value(users: Series, path: str) -> None:
    assert notices(path) == []  # and its snapshot is there
    correct(users)
    (notice,) = notices(path)
    assert notice.startswith("Corrected 25 November 2026")
    assert "Webank · Users · end of 2018" in notice
    assert "60 million" in notice
    assert notice.endswith("70 million")


def test_notice_reads_in_chinese(users: Series) -> None:
    correct(users)
    (notice,) = notices("/zh-hans/cases/webank/")
    assert notice.startswith("更正 2026年11月25日")
    assert "6,000万" in notice


@pytest.mark.parametrize("kind", ["new", "revision"])
def test_what_is_no_correction_puts_no_notice(users: Series, kind: str) -> None:
    publish((users, "2018", "7,000万"), kind=kind, now=LATER)
    assert notices(TEXT) == notices(SERIES) == []


def test_first_value_in_a_correction_corrects_nothing(users: Series) -> None:
    correct(users, "2019")
    assert notices(SERIES) == []


def test_text_is_told_of_the_periods_that_it_quotes(users: Series) -> None:
    series = make_series("webank.clients")
    publish((series, "2016", "1"), (series, "2018", "2"))
    publish_case("clients", key="webank.clients", languages=("en",))
    text = CaseText.objects.get(case__slug="clients")
    body = "{{ webank.clients@2018 }} clients.\n"
    revision = save_revision(text, title="t", standfirst="", body=body, actor=None, now=NOW)
    release = make_release()
    stage_text(release, revision)
    publish_release(release, actor=None, now=NOW)
    correct(series, "2016", "3")
    assert notices("/en/cases/clients/") == []
    assert len(notices("/en/series/webank.clients/")) == 1
    correct(series, "2018", "4")
    assert len(notices("/en/cases/clients/")) == 1


def test_text_that_was_first_read_later_is_not_told(users: Series) -> None:
    correct(users)
    publish_case("later", languages=("en",))
    assert notices("/en/cases/later/") == []


def test_input_of_a_quoted_derived_value_is_told(users: Series) -> None:
    total = make_series("acme.users")
    make_series("webank.ratio", unit="times", nature="ratio")
    publish((total, "2018", "3,000万"))
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": "webank.users", "denominator": "acme.users"}
    definition = {"output": "webank.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})
    publish_case("ratio", key="webank.ratio", languages=("en",))
    pages = ("/en/cases/ratio/", "/en/series/webank.ratio/")
    assert [notices(page) for page in pages] == [[], []]
    correct(total, "2018", "4,000万")
    for page in pages:
        (notice,) = notices(page)
        assert "Acme · Users · end of 2018" in notice


def test_withdrawal_of_a_value_is_told_with_the_reason(users: Series) -> None:
    row = Observation.objects.current().get(series=users, period="2018")
    root = User.objects.create_superuser("root")
    withdraw_observation(row, reason={"en": "retracted by its source"}, actor=root, now=LATER)
    for path in (TEXT, SERIES):
        (notice,) = notices(path)
        assert notice.startswith("Withdrawn 25 November 2026 · retracted by its source")
        assert notice.endswith("withdrawn")


def test_withdrawn_release_is_told_beside_its_own_notice(users: Series) -> None:
    release = correct(users).release
    assert release is not None
    withdraw_release(release, reason={"en": "no mistake"}, actor=None, now=LATER)
    first, second = notices(TEXT)
    assert first.startswith("Withdrawn")
    assert first.endswith("60 million")
    assert second.startswith("Corrected")


def test_redefinition_is_told_with_both_definitions(users: Series) -> None:
    redefine(
        users.indicator,
        since="2018",
        definition={"zh-hans": "活跃用户数。", "en": "Active users."},
        comparable={},
        reason={"en": "The source counts anew."},
        actor=None,
        now=LATER,
    )
    for path in (TEXT, SERIES):
        (notice,) = notices(path)
        assert notice.startswith("Redefined 25 November 2026 · The source counts anew.")
        assert "from 2018 on" in notice
        assert "Registered users." in notice
        assert notice.endswith("Active users.")


def test_corrected_words_are_told(users: Series) -> None:
    text = CaseText.objects.get(case__slug="webank", language="en")
    revision = save_revision(text, title="t", standfirst="", body="x.\n", actor=None, now=NOW)
    release = make_release("correction", LATER)
    release.reason_en = "A name was wrong."
    release.save()
    stage_text(release, revision)
    publish_release(release, actor=None, now=LATER)
    (notice,) = notices(TEXT)
    assert "A name was wrong." in notice
    assert notice.endswith("The words of this text.")
    assert notices("/zh-hans/cases/webank/") == []


def test_page_of_the_past_has_the_notices_of_its_time(users: Series) -> None:
    before = Change.objects.latest_seq()
    change = correct(users)
    correct(users, stated="8,000万")
    assert notices(f"{TEXT}?as_of={before}") == []
    assert len(notices(f"{TEXT}?as_of={change.seq}")) == 1
    assert len(notices(TEXT)) == 2
    assert notices(f"{SERIES}?as_of={before}") == []


def test_long_list_of_values_is_cut_and_counted(users: Series) -> None:
    periods = [str(year) for year in range(1980, 2010)]
    publish(*((users, period, "100万") for period in periods))
    publish(*((users, period, "200万") for period in periods), kind="correction", now=LATER)
    (notice,) = notices(SERIES)
    assert "and 20 more" in notice


@pytest.mark.parametrize("path", [TEXT, SERIES])
def test_page_takes_as_many_queries_for_twenty_notices_as_for_one(
    users: Series, client: Client, path: str
) -> None:
    correct(users)
    one = queries(client, path)
    for number in range(20):
        correct(users, stated=f"{number + 10}00万")
    assert len(notices(path)) == 20
    assert queries(client, path) == one


def test_text_without_notices_takes_no_query_less(users: Series, client: Client) -> None:
    none = queries(client, TEXT)
    correct(users)
    assert queries(client, TEXT) == none
