"""The number of queries of a page of the past does not grow with what it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.services.texts import stage_text
from metrics.models import Change, Rule
from metrics.services.publishing import publish_release
from tests.cases.conftest import write
from tests.cases.views.reading import page
from tests.metrics.factories import NOW, make_group, make_release, make_series, publish

pytestmark = pytest.mark.django_db


def add_periods(numbers: range) -> None:
    series = make_series("webank.users")
    publish(*((series, str(1990 + number), "100万") for number in numbers))


def add_cases(numbers: range) -> None:
    series = [make_series(f"entity-{number}.users") for number in numbers]
    publish(*((one, year, "100") for one in series for year in ("2017", "2018")))
    release = make_release()
    for number, one in zip(numbers, series, strict=True):
        stage_text(release, write(f"case-{number}", key=one.key))
        technology = Case.objects.get(slug="big-data")
        Case.objects.get(slug=f"case-{number}").technologies.add(technology)
    publish_release(release, actor=None, now=NOW)


def add_members(numbers: range) -> None:
    """To the group whose sum the case quotes."""
    members = [make_series(f"part-{n}.users") for n in numbers]
    total = make_series("webank.users")
    rule = Rule.objects.filter(key="sum").first()
    definitions: dict[str, Any] = {}
    if rule is None:
        group = make_group("parts", members)
        Rule.objects.create(key="sum", kind="sum", name_en="Total", group=group)
        definitions = {"sum": {"output": total.key}}
    elif rule.group:
        for n, one in zip(numbers, members, strict=True):
            rule.group.members.create(series=one, position=n)
    rows = [(one, str(year), "7") for one in members for year in (2012, 2013)]
    publish(*rows, definitions_changed=True, rule_definitions=definitions)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("cases/webank/", add_periods),
        ("cases/webank/", add_members),
        ("technologies/big-data/", add_cases),
        ("series/webank.users/", add_periods),
        ("series/webank.users/", add_cases),
        ("series/webank.users/", add_members),
    ],
)
def test_page_takes_as_many_queries_for_twenty_rows_as_for_one(
    client: Client, path: str, add: Callable[[range], None]
) -> None:
    def queries() -> int:
        seq = Change.objects.latest_seq()
        with CaptureQueriesContext(connection) as captured:
            page(client, f"/en/{path}?as_of={seq}")
        return len(captured)

    add(range(1))
    one = queries()
    add(range(1, 20))
    assert queries() == one
