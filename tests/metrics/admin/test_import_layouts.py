"""Layouts in the admin: filled in without code, copied, kept with their history."""

from typing import Any

import pytest
from django.test import Client

from metrics.models import Change, ImportBatch, ImportLayout
from tests.metrics.admin.forms import faults, fill_in, shown
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, IndicatorFactory, SourceFactory

pytestmark = pytest.mark.django_db

ADD = "/admin/metrics/importlayout/add/"
NAMES = {"slug": "gdp", "name_zh_hans": "国内生产总值", "name_en": "GDP"}
COLUMNS = {"columns_entity": "Country Code", "columns_period": "Year", "columns_value": "Value"}


@pytest.fixture
def fixed() -> dict[str, Any]:
    """What is the same for every row."""
    return {"indicator": IndicatorFactory().pk, "source": SourceFactory().pk}


@pytest.fixture
def layout(fixed: dict[str, Any]) -> ImportLayout:
    return ImportLayout.objects.create(
        **NAMES,
        columns={"entity": "Country Code", "period": "Year", "value": "Value"},
        indicator_id=fixed["indicator"],
        source_id=fixed["source"],
        entities={"CHN": "china"},
        missing_markers=["", "n/a"],
    )


def url(layout: ImportLayout, page: str = "change") -> str:
    return f"/admin/metrics/importlayout/{layout.pk}/{page}/"


def change(browser: Client, layout: ImportLayout, **changes: Any) -> Any:
    """Open the layout, change some fields and save."""
    data = shown(browser.get(url(layout))) | COLUMNS | changes
    return browser.post(url(layout), data | {"_save": "Save"})


def test_layout_is_made_of_headers_and_lines(admin: Client, fixed: dict[str, Any]) -> None:
    lines = {"entities": "CHN = china\n\n A=B = b-2 ", "missing_markers": "..\nNA\n.."}
    answer = fill_in(admin, ADD, **NAMES, **COLUMNS, **fixed, **lines)
    assert answer.status_code == 302
    made = ImportLayout.objects.get()
    assert made.columns == {"entity": "Country Code", "period": "Year", "value": "Value"}
    assert made.entities == {"CHN": "china", "A=B": "b-2"}
    assert made.missing_markers == ["", "..", "NA"]
    assert made.indicators == {}


def test_every_role_has_a_name_and_help(admin: Client) -> None:
    page = admin.get(ADD).content.decode()
    for role in ("series", "entity_name", "vintage_on"):
        assert f'<label for="id_columns_{role}">' in page
        assert f'aria-describedby="id_columns_{role}_help"' in page
    assert page.count('class="roles__line"') == 14


def test_layout_opens_as_it_was_saved(admin: Client, layout: ImportLayout) -> None:
    page = admin.get(url(layout)).content.decode()
    assert 'name="columns_entity" id="id_columns_entity" maxlength="200" value="Country' in page
    assert "CHN = china</textarea>" in page
    assert "n/a</textarea>" in page


def test_saving_without_a_change_leaves_the_layout_as_it_is(
    admin: Client, layout: ImportLayout
) -> None:
    before = ImportLayout.objects.values().get()
    assert change(admin, layout).status_code == 302
    assert ImportLayout.objects.values().get() == before


def test_missing_column_is_named_where_columns_are_filled_in(
    admin: Client, layout: ImportLayout
) -> None:
    answer = change(admin, layout, columns_period="", columns_value="")
    assert faults(answer) == {"columns": "no column for: period, value"}
    assert 'value="Country Code"' in answer.content.decode()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("CHN = china\nUSA", "Line 2: expected “code = key”, such as “CHN = china”."),
        ("= china", "Line 1: expected “code = key”"),
        ("CHN = china\nCHN = prc", "Line 2: “CHN” stands there twice."),
        ("A = b\n" * 5_001, "5001 lines; expected at most 5000."),
    ],
    ids=["no-sign", "no-code", "twice", "many"],
)
def test_mapping_that_cannot_be_read_names_the_line(
    lines: str, message: str, admin: Client, layout: ImportLayout
) -> None:
    answer = change(admin, layout, entities=lines)
    assert message in faults(answer)["entities"]


def test_header_that_is_too_long_is_refused(admin: Client, layout: ImportLayout) -> None:
    assert "columns" in faults(change(admin, layout, columns_value="x" * 201))


def test_saving_is_kept_in_the_history_and_does_not_tick_the_clock(
    admin: Client, layout: ImportLayout
) -> None:
    change(admin, layout, name_en="GDP in dollars")
    assert layout.history.count() == 2
    assert Change.objects.latest_seq() == 0
    first = layout.history.last()
    assert first is not None
    page = admin.get(f"/admin/metrics/importlayout/{layout.pk}/history/{first.history_id}/")
    assert 'value="GDP"' in page.content.decode()
    assert 'name="_save"' not in page.content.decode()


def test_copy_takes_over_all_but_the_names(admin: Client, layout: ImportLayout) -> None:
    page = admin.get(url(layout)).content.decode()
    assert f"{ADD}?copy={layout.pk}" in page
    copied = shown(admin.get(f"{ADD}?copy={layout.pk}"))
    assert "slug" not in copied
    assert copied["entities"] == "CHN = china"
    assert int(copied["source"]) == layout.source_id
    assert 'value="Country Code"' in admin.get(f"{ADD}?copy={layout.pk}").content.decode()


@pytest.mark.parametrize("number", ["", "x", "0", "٣", "9" * 40])
def test_copy_of_nothing_is_an_empty_form(number: str, admin: Client) -> None:
    assert "slug" not in shown(admin.get(f"{ADD}?copy={number}"))


def test_layout_that_read_a_file_is_not_deleted(admin: Client, layout: ImportLayout) -> None:
    ImportBatch.objects.create(
        layout=layout, layout_frozen={}, file_name="gdp.csv", size=1, uploaded_at=NOW
    )
    assert admin.get(url(layout, "delete")).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [layout.pk], "post": "yes"}
    admin.post("/admin/metrics/importlayout/", data)
    assert ImportLayout.objects.exists()


def test_layout_without_a_file_is_deleted(admin: Client, layout: ImportLayout) -> None:
    assert admin.post(url(layout, "delete"), {"post": "yes"}).status_code == 302
    assert not ImportLayout.objects.exists()


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("nobody", 403, 403),
        ("Author", 200, 403),
        ("Editor", 200, 302),
        ("Publisher", 200, 302),
    ],
)
def test_role_may_read_or_write_layouts(
    role: str, reads: int, writes: int, layout: ImportLayout
) -> None:
    browser = browser_of(role)
    data = {
        **COLUMNS,
        "name_zh_hans": "一",
        "name_en": "One",
        "source": layout.source_id,
        "indicator": layout.indicator_id,
        **{name: getattr(layout, name) for name in CHOSEN},
    }
    assert browser.get("/admin/metrics/importlayout/").status_code == reads
    assert browser.get(url(layout)).status_code == reads
    assert browser.post(url(layout), data).status_code == writes
    assert browser.post(ADD, data | {"slug": "two"}).status_code == writes
    assert browser.get(url(layout, "delete")).status_code == (200 if writes == 302 else 403)


CHOSEN = (
    "file_kind",
    "encoding",
    "delimiter",
    "header_row",
    "shape",
    "headers",
    "frequency",
    "period_format",
    "scale",
    "decimal_mark",
    "precision",
    "missing",
    "missing_reason",
    "entity_codes",
    "unknown_entities",
    "mode",
)
