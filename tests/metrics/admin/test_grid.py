"""The grid's page: what it shows, who may type, and what becomes of what was typed."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.services.roles import ensure_roles
from metrics.models import Change, Observation, Release, Series
from tests.metrics.admin.conftest import staff
from tests.metrics.admin.forms import said
from tests.metrics.admin.staff import log_in, make_staff
from tests.metrics.factories import SourceFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db

GRID = "/admin/metrics/observation/grid/"
CHECK = "/admin/metrics/observation/grid/check/"
INLINE_CODE = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=|<style")


@pytest.fixture
def address(row: Observation) -> str:
    """The grid of one series, 2016 to 2018; 2017 is stated by change 1."""
    return f"{GRID}?series={row.series_id}&start=2016&end=2018"


def name(series: Series, period: str, base: int) -> str:
    return f"cell.{series.pk}.{period}.{base}"


def block(series: Series, **changes: Any) -> dict[str, Any]:
    """A form that states 2018, without a script: every cell is sent."""
    return {
        name(series, "2016", 0): "",
        name(series, "2017", 1): "超过6,000万",
        name(series, "2018", 0): "近1亿",
        "source": SourceFactory().pk,
        "kind": "new",
        "_save": "1",
    } | changes


def html(client: Client, url: str, **options: Any) -> str:
    response = client.get(url, **options)
    assert response.status_code == 200
    return response.content.decode()


def cell(page: str, series: Series, period: str) -> str:
    found = re.search(
        rf'<td [^>]*>(?:<span[^>]*>.</span>)?<input[^>]* id="c-{series.pk}-{period}".*?</td>', page
    )
    assert found is not None
    return found.group()


def test_cells_carry_text_qualifier_and_what_they_are_based_on(
    publisher: Client, users: Series, address: str
) -> None:
    page = html(publisher, address)
    stated = cell(page, users, "2017")
    assert 'value="超过6,000万"' in stated
    assert "≥" in stated
    assert f'name="{name(users, "2017", 1)}"' in stated
    assert "Report · 1.2.1" in stated
    assert f'name="{name(users, "2018", 0)}"' in cell(page, users, "2018")


def test_derived_cell_is_read_only(publisher: Client, users: Series, address: str) -> None:
    growth = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=users.indicator
    )
    publish((growth, "2017", "100%"), definitions_changed=True)
    derived = cell(html(publisher, address), users, "2016")
    assert "grid__cell--derived" in derived
    assert "readonly" in derived
    assert " name=" not in derived
    assert "derived by a rule" in derived


def test_publisher_saves_a_block_at_once(publisher: Client, users: Series, address: str) -> None:
    answer = publisher.post(address, block(users))
    assert answer.headers["Location"] == address
    assert "Published as change 2." in said(answer)
    assert Observation.objects.current().filter(series=users).count() == 2


def test_author_leaves_a_block_for_approval(author: Client, users: Series, address: str) -> None:
    answer = author.post(address, block(users))
    assert "waits for a publisher's approval" in said(answer)
    assert Release.objects.get(state="draft").staged.count() == 1
    waiting = cell(html(author, address), users, "2018")
    assert "Waiting for approval: 近1亿" in waiting
    assert 'value=""' in waiting


def test_unreadable_cell_is_marked_and_everything_typed_is_kept(
    publisher: Client, users: Series, address: str
) -> None:
    changes = {name(users, "2016", 0): "许多", "kind": "correction", "reason_en": "why"}
    page = publisher.post(address, block(users, **changes)).content.decode()
    bad = cell(page, users, "2016")
    assert 'value="许多"' in bad
    assert 'aria-invalid="true"' in bad
    assert "expected" in bad
    assert 'value="近1亿"' in cell(page, users, "2018")
    assert 'value="why"' in page
    assert 'role="alert"' in page
    assert Change.objects.latest_seq() == 1


def test_conflict_shows_the_other_value_and_saves_when_confirmed(
    publisher: Client, users: Series, address: str
) -> None:
    mine = block(users, **{name(users, "2017", 1): "8,000万", "kind": "correction"})
    mine["reason_en"] = "misread"
    publish((users, "2017", "7,000万"), kind="correction")
    page = publisher.post(address, mine).content.decode()
    refused = cell(page, users, "2017")
    assert 'value="8,000万"' in refused
    assert "“7,000万”" in refused
    assert f'name="{name(users, "2017", 2)}"' in refused
    assert Change.objects.latest_seq() == 2
    again = {**mine, name(users, "2017", 2): "8,000万"}
    del again[name(users, "2017", 1)]
    assert publisher.post(address, again).status_code == 302
    assert Observation.objects.current().get(series=users, period="2017").stated == "8,000万"


def test_check_only_saves_nothing_and_says_what_would_be_saved(
    publisher: Client, users: Series, address: str
) -> None:
    data = block(users, _check="1")
    del data["_save"]
    page = publisher.post(address, data).content.decode()
    assert ">1 new</p>" in page
    assert Change.objects.latest_seq() == 1


def test_wrong_field_below_keeps_what_was_typed(
    publisher: Client, users: Series, address: str
) -> None:
    page = publisher.post(address, block(users, vintage_on="soon")).content.decode()
    assert "Enter a valid date." in page
    assert 'value="近1亿"' in cell(page, users, "2018")


def test_check_answers_for_each_cell_by_the_parser_of_saving(
    publisher: Client, users: Series, address: str
) -> None:
    data = {
        name(users, "2016", 0): "许多",
        name(users, "2017", 1): "7,000万",
        "source": SourceFactory().pk,
    }
    answer = publisher.post(CHECK, data).json()
    assert answer["summary"] == "1 changed, 1 cannot be saved"
    bad, fine = sorted(answer["cells"], key=lambda one: one["period"])
    assert (bad["state"], fine["state"]) == ("invalid", "changed")
    assert "许多" in bad["message"]
    assert (fine["text"], fine["seq"]) == ("超过6,000万", 1)
    assert Release.objects.count() == 1


def test_check_refuses_what_is_no_post_or_too_much(publisher: Client) -> None:
    assert publisher.get(CHECK).status_code == 400
    cells = {f"cell.1.{1000 + number}.0": "1" for number in range(3001)}
    answer = publisher.post(CHECK, cells)
    assert answer.status_code == 400
    assert "at most 3000 cells" in answer.json()["error"]


def test_more_fields_than_a_form_may_have_are_refused(publisher: Client, address: str) -> None:
    cells = {f"cell.{number}.2018.0": "1" for number in range(4000)}
    assert publisher.post(address, cells).status_code == 400


@pytest.mark.parametrize(
    "field",
    ["cell.x.2018.0", "cell.1.2018", "cell.1.2018.0.1", "cell.1.'.0", f"cell.{'9' * 40}.2018.0"],
)
def test_field_that_names_no_cell_is_nothing(publisher: Client, address: str, field: str) -> None:
    page = publisher.post(address, {field: "1", "kind": "new", "_save": "1"}).content.decode()
    assert "there is nothing to save" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("start=2018-Q1&end=2019", "Both periods must be of one frequency."),
        ("start=2019&end=2018", "The last period comes before the first."),
        ("start=1900&end=2018", "At most 60 periods are shown at once."),
        ("start=2007/2018", "Expected a single period"),
        ("start=yesterday", "expected 2018"),
        ("start=2018&frequency=M", "The periods are not of this frequency."),
        ("group=99", "Select a valid choice."),
        ("page=0", "greater than or equal to 1"),
    ],
)
def test_wrong_choice_says_what_is_expected(
    publisher: Client, row: Observation, query: str, message: str
) -> None:
    assert message in html(publisher, f"{GRID}?series={row.series_id}&{query}")


def test_grid_is_chosen_by_group_entity_indicator_or_key(
    publisher: Client, users: Series, row: Observation
) -> None:
    group = make_group("payers", [users])
    for query in (
        f"group={group.pk}",
        f"entity={users.entity_id}",
        f"indicator={users.indicator_id}",
        "keys=webank.users,%20other.key",
    ):
        assert f'id="s-{users.pk}"' in html(publisher, f"{GRID}?{query}"), query


def test_other_frequency_is_left_out_and_told(publisher: Client, users: Series) -> None:
    make_series("webank.visits", frequency="M")
    page = html(publisher, f"{GRID}?entity={users.entity_id}&frequency=M")
    assert "webank.visits" in page
    assert "1 series of another frequency is not shown" in page


def test_periods_may_run_across(publisher: Client, users: Series, address: str) -> None:
    page = html(publisher, f"{address}&across=periods")
    assert page.index('id="p-2018"') < page.index(f'id="s-{users.pk}"')


def test_many_series_are_paged_and_periods_shifted(publisher: Client, users: Series) -> None:
    group = make_group("many", [make_series(f"bank-{n:02}.users") for n in range(51)])
    page = html(publisher, f"{GRID}?group={group.pk}&start=2016&end=2018")
    assert page.count('<th scope="col" id="s-') == 50
    assert "Series 1 to 50 of 51" in page
    assert "start=2013&amp;end=2015" in page
    assert "start=2019&amp;end=2021" in page
    second = html(publisher, f"{GRID}?group={group.pk}&page=2")
    assert second.count('<th scope="col" id="s-') == 1


def test_lists_and_forms_lead_to_the_grid(admin: Client, users: Series, row: Observation) -> None:
    assert f'href="{GRID}"' in html(admin, "/admin/metrics/observation/")
    group = make_group("payers", [users])
    for kind, row_of in (
        ("series", users),
        ("group", group),
        ("entity", users.entity),
        ("indicator", users.indicator),
    ):
        page = html(admin, reverse(f"admin:metrics_{kind}_change", args=[row_of.pk]))
        assert f'href="{GRID}?{kind}={row_of.pk}"' in page


@pytest.mark.parametrize(
    ("role", "sees", "types"),
    [("Author", 200, 403), ("Editor", 200, 302), ("Publisher", 200, 302)],
)
def test_role_sees_or_types(users: Series, address: str, role: str, sees: int, types: int) -> None:
    ensure_roles()
    browser = log_in(make_staff(role))
    assert browser.get(address).status_code == sees
    assert browser.post(address, block(users)).status_code == types
    assert browser.post(CHECK, block(users)).status_code == (403 if types == 403 else 200)


def test_author_reads_and_is_given_no_way_to_type(address: str) -> None:
    ensure_roles()
    page = html(log_in(make_staff("Author")), address)
    assert 'aria-readonly="true"' in page
    assert ' name="cell.' not in page
    assert "_save" not in page
    assert "js/grid.js" not in page


def test_nobody_and_staff_without_rights_are_kept_out(client: Client, address: str) -> None:
    for url in (address, CHECK):
        answer = client.post(url, {})
        assert answer.status_code == 302
        assert "/admin/login/" in answer.headers["Location"]
    assert client.get(address).status_code == 302
    other = log_in(staff("other", "view_source"))
    assert other.get(address).status_code == 403
    assert other.post(address, {}).status_code == 403
    assert other.post(CHECK, {}).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_page_has_no_inline_code_and_speaks_the_language(
    publisher: Client, address: str, language: str
) -> None:
    page = html(publisher, address, headers={"accept-language": language})
    assert not INLINE_CODE.search(page)
    assert ("Save all cells" in page) == (language == "en")


def test_page_costs_the_same_for_many_cells(publisher: Client, users: Series) -> None:
    def queries(series: list[Series], end: str) -> int:
        group = make_group(f"group-{len(series)}", series)
        with CaptureQueriesContext(connection) as captured:
            html(publisher, f"{GRID}?group={group.pk}&start=2000&end={end}")
        return len(captured)

    many = [make_series(f"bank-{number}.users") for number in range(20)]
    publish(*[(one, str(year), "1万") for one in many for year in range(2000, 2020)])
    queries(many[:2], "2001")
    assert queries(many[:1], "2000") == queries(many, "2019")
