"""The forms of exhibits: built and opened by the parser that reads texts."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.admin.exhibit_forms import FORMS
from cases.admin.exhibit_values import data_of, pairs_of
from cases.markup.exhibit_reading import READERS
from cases.markup.exhibit_source import exhibit_data, exhibit_source
from cases.markup.markdown import parse_body
from metrics.models import Observation, Series
from tests.metrics.admin.staff import browser_of, log_in

pytestmark = pytest.mark.django_db
URL = "/admin/cases/casetext/exhibit/"
FENCE = re.compile(r"^```(?:[a-z-]+)\n.*?^```$", re.MULTILINE | re.DOTALL)
SHIPPED = [
    fence
    for path in sorted(Path(settings.BASE_DIR, "cases", "content").glob("*.md"))
    for fence in FENCE.findall(path.read_text())
]


def post(browser: Client, status: int = 200, **sent: Any) -> dict[str, Any]:
    answer = browser.post(URL, sent)
    assert answer.status_code == status
    told: dict[str, Any] = answer.json()
    return told


def test_every_kind_of_exhibit_has_its_form() -> None:
    assert set(FORMS) == set(READERS)


def test_every_shipped_exhibit_survives_its_form() -> None:
    assert len(SHIPPED) > 50
    for source in SHIPPED:
        kind, data = exhibit_data(source)
        sent = QueryDict(urlencode(pairs_of(data)))
        again = exhibit_source(kind, data_of(kind, sent))
        assert parse_body(again).exhibits == parse_body(source).exhibits


def test_form_becomes_a_block(author: Client, row: Observation) -> None:
    told = post(
        author,
        kind="table",
        title="用户：{{ webank.users@2017 }}",
        periods="2017，latest",
        series=["webank.users"],
        label=["微众"],
        units="",
    )
    assert told["source"] == (
        "```table\ntitle: 用户：{{ webank.users@2017 }}\nseries:\n- webank.users\n"
        "periods:\n- '2017'\n- latest\nlabels:\n  webank.users: 微众\n```\n"
    )


def test_block_opens_as_its_form(author: Client) -> None:
    block = "```key-figures\r\n- value: webank.users@2017\r\n  label: 用户\r\n```"
    told = post(author, open=block)
    assert told["kind"] == "key-figures"
    assert told["pairs"] == [["value", "webank.users@2017"], ["label", "用户"], ["note", ""]]


def test_timeline_of_one_entity_opens_as_a_row(author: Client) -> None:
    told = post(author, open="```timeline\nentity: webank\nfrom: 2014\n```")
    assert told["pairs"] == [["entities", "webank"], ["from", "2014"]]


@pytest.mark.parametrize(
    ("sent", "message", "field", "row_"),
    [
        ({"kind": "chart", "type": "line", "title": "", "series": "a.b"}, "'title'", "title", 0),
        (
            {
                "kind": "chart",
                "type": "line",
                "title": "T",
                "series": ["a.b", "c"],
                "label": ["", ""],
            },
            "series key",
            "series",
            1,
        ),
        ({"kind": "callout", "text": "{{ x }}"}, "series key", "text", 0),
        ({"kind": "pie"}, "unknown exhibit", "", 0),
        ({"kind": "quote", "text": "One.", "by": ""}, "'by'", "by", 0),
        (
            {"kind": "quote", "text": "One.", "by": "A", "source": "nowhere"},
            "Unknown source “nowhere”",
            "",
            0,
        ),
        ({"kind": "image", "picture": "branch", "alt": ""}, "'alt'", "alt", 0),
        (
            {"kind": "image", "picture": "nowhere", "alt": "A"},
            "Unknown picture “nowhere”",
            "",
            0,
        ),
        ({"kind": "timeline", "entities": "nobody"}, "Unknown entity “nobody”", "", 0),
        (
            {"kind": "key-figures", "value": "webank.users@1999", "label": "L", "note": ""},
            "has no value for 1999",
            "",
            0,
        ),
    ],
)
def test_what_the_parser_refuses_is_told_with_its_field(
    author: Client, row: Observation, sent: dict[str, Any], message: str, field: str, row_: int
) -> None:
    told = post(author, 400, **sent)
    assert message in told["message"]
    assert (told["field"], told["row"]) == (field, row_)


def test_what_cannot_be_opened_says_the_line(author: Client) -> None:
    assert "Line 2:" in post(author, 400, open="```chart\ntype: pie\n```")["message"]


def test_more_rows_cost_no_more_queries(author: Client, row: Observation, users: Series) -> None:
    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            post(author, kind="key-figures", value=["webank.users@2017"] * count,
                 label=["L"] * count, note=[""] * count)  # fmt: skip
        return len(captured)

    assert cost(1) == cost(8)


def test_answers_need_the_right_to_write_texts() -> None:
    assert browser_of("nobody").post(URL, {"kind": "chart"}).status_code == 403
    assert Client().post(URL).status_code == 302
    assert browser_of("Author").get(URL).status_code == 405


def test_chinese_editor_is_told_in_chinese_and_the_field_is_found(author: Client) -> None:
    chinese = log_in(User.objects.get(username="author"), "zh-hans")
    sent = {"kind": "chart", "type": "line", "title": "", "series": "a.b"}
    told = post(chinese, 400, **sent)
    assert told == {"message": "图缺少 'title'", "field": "title", "row": 0}
    opened = post(chinese, 400, open="```pie\n```")["message"]
    assert opened.startswith("第1行：没有 'pie' 这种图表")


def test_form_of_a_quote_becomes_a_block_and_opens_again(author: Client, row: Observation) -> None:
    sent = {"text": "有{{ webank.users@2017 }}人。", "by": "某人", "source": row.source.slug}
    block = post(author, kind="quote", locator="2.1", **sent)["source"]
    assert block == (
        "```quote\ntext: 有{{ webank.users@2017 }}人。\nby: 某人\n"
        f"source: {row.source.slug}\nlocator: '2.1'\n```\n"
    )
    assert post(author, open=block)["pairs"] == [*map(list, sent.items()), ["locator", "2.1"]]
