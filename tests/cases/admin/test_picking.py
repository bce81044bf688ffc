"""What the editor's pickers are told: series and entities found, figures as readers see them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Event, Series
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import SourceFactory, make_series, publish

pytestmark = pytest.mark.django_db
PICK = "/admin/cases/casetext/pick"


@pytest.fixture
def growing(users: Series) -> Series:
    publish((users, "2016", "5,000万"), (users, "2017", "超过6,000万"))
    return users


def pick(browser: Client, what: str, status: int = 200, **asked: str) -> dict[str, Any]:
    answer = browser.get(f"{PICK}/{what}/", asked)
    assert answer.status_code == status
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("words", ["webank.users", "机构 用户", "webank USERS", "用户 webank"])
def test_series_is_found_by_key_and_by_names_in_either_language(
    author: Client, users: Series, words: str
) -> None:
    make_series("acme.revenue", name_zh_hans="营收", name_en="Revenue")
    found = pick(author, "series", q=words, language="zh-hans")["found"]
    assert found == [{"key": "webank.users", "name": "机构 webank · 用户", "detail": "人"}]


def test_search_is_bounded_in_rows_and_queries(author: Client, users: Series) -> None:
    with CaptureQueriesContext(connection) as few:
        assert not pick(author, "series", q="users", language="en")["has_more"]
    for number in range(25):
        make_series(f"e-{number}.users")
    with CaptureQueriesContext(connection) as many:
        answer = pick(author, "series", q="users", language="en")
    assert (len(answer["found"]), answer["has_more"]) == (20, True)
    assert len(many) == len(few)


def test_entities_are_found_where_something_happened_to_them(author: Client, users: Series) -> None:
    make_series("webank-two.users")
    Event.objects.create(
        entity=users.entity,
        slug="opens",
        period="2014",
        label_zh_hans="开业",
        label_en="Opens",
        source=SourceFactory(),
    )
    found = pick(author, "entities", q="webank", language="en")["found"]
    assert [one["key"] for one in found] == ["webank"]


def test_figure_is_told_as_readers_will_see_it(author: Client, growing: Series) -> None:
    told = pick(author, "figure", token="webank.users@latest", language="zh-hans")
    assert told["token"] == "{{ webank.users@latest }}"
    assert (told["printed"], told["moment"], told["source"]) == ("超过6,000万", "2017年末", "报告")
    codes = [period["code"] for period in told["periods"]]
    assert codes == ["latest", "previous", "2017", "2016"]
    assert told["periods"][3]["number"] == "5,000万"
    assert "万" in told["scales"]
    assert "million" not in told["scales"]


def test_figure_follows_the_language_of_the_text_and_the_filters(
    author: Client, growing: Series
) -> None:
    token = "{{ webank.users@2017 | scale:thousand | plain | unit }}"
    told = pick(author, "figure", token=token, language="en")
    assert told["printed"] == "60,000 thousand person"
    assert told["token"] == token
    growth = pick(author, "figure", token="webank.users@2017 | pc1", language="en")
    assert growth["printed"] == "over 9.09%"  # 5,000万 is known to a thousand 万 only


def test_missing_value_says_why(author: Client, growing: Series) -> None:
    told = pick(author, "figure", token="webank.users@2016 | pc1", language="en")
    assert told["printed"] == ""
    assert told["reason"]


def test_transforms_are_those_that_suit_the_series(author: Client, users: Series) -> None:
    ratio = make_series("webank.ratio", unit="percent", nature="ratio")
    publish((ratio, "2017", "0.64%"))
    told = pick(author, "figure", token="webank.ratio@2017", language="en")
    assert [one["code"] for one in told["transforms"]] == ["lin", "chg", "ch1"]
    assert told["scales"] == []


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("webank.users", "expected a period"),
        ("webank.nothing@2017", "webank.nothing"),
        ("webank.users@2017 | pct", "expected one of"),
        ("\x00", "expected a series key"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_is_expected(
    author: Client, users: Series, token: str, message: str
) -> None:
    assert message in pick(author, "figure", 400, token=token)["message"]


@pytest.mark.parametrize("what", ["series", "entities", "figure"])
def test_answers_need_the_right_to_write_texts(what: str) -> None:
    url = f"{PICK}/{what}/"
    assert browser_of("nobody").get(url).status_code == 403
    assert Client().get(url).status_code == 302
    assert log_in(User.objects.create_user("reader")).get(url).status_code == 302
    assert browser_of("Author").post(url).status_code == 405


def test_malformed_token_is_told_in_the_language_of_the_interface(
    author: Client, users: Series
) -> None:
    asked = {"token": "webank.users@20l7", "language": "en"}
    assert pick(author, "figure", 400, **asked)["message"].startswith("expected a period")
    chinese = log_in(User.objects.get(username="author"), "zh-hans")
    assert pick(chinese, "figure", 400, **asked)["message"].startswith("应为时期，如 2018、")
