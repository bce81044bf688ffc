"""Groups and rules in the admin: what does not fit is refused, and what fits is computed."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from metrics.models import Change, DerivedValue, Group, Rule, RuleVersion, Series
from metrics.services.publishing import publish_definitions
from metrics.services.refresh import refresh_all
from tests.metrics.admin.forms import faults, fill_in, shown
from tests.metrics.admin.staff import log_in
from tests.metrics.factories import NOW, make_group, make_series, publish

pytestmark = pytest.mark.django_db

ADD = "/admin/metrics/rule/add/"
RATIO = {"key": "per-head", "name_zh_hans": "人均", "name_en": "Per head", "kind": "ratio"}


@pytest.fixture
def values() -> None:
    sales, heads = make_series("acme.sales"), make_series("acme.heads")
    publish((sales, "2018", "500"), (heads, "2018", "20"))


def definition(numerator: str = "acme.sales", output: str = "acme.sales-per-head") -> str:
    make_series("acme.sales-per-head", unit="times", nature="ratio")
    inputs = {"numerator": numerator, "denominator": "acme.heads"}
    return json.dumps({"output": output, "inputs": inputs})


def page_of(rule: Rule | Group) -> str:
    return reverse(f"admin:metrics_{rule._meta.model_name}_change", args=[rule.pk])


def derived(key: str, period: str = "2018") -> Decimal | None:
    found = DerivedValue.objects.filter(series__key=key, period=period).first()
    return found.value if found else None


@pytest.mark.usefixtures("values")
def test_new_rule_is_computed_at_once(admin: Client) -> None:
    answer = fill_in(admin, ADD, **RATIO, definition=definition())
    assert answer.status_code == 302
    assert derived("acme.sales-per-head") == Decimal(25)
    assert Change.objects.order_by("-seq").first().kind == "definition"


@pytest.mark.usefixtures("values")
def test_quotient_of_what_is_never_below_zero_has_a_bound(admin: Client) -> None:
    publish((make_series("acme.heads"), "2018", "近20"), kind="correction")
    fill_in(admin, ADD, **RATIO, definition=definition())
    rule = Rule.objects.get()
    assert DerivedValue.objects.get(series__key="acme.sales-per-head").value is None
    told = json.loads(definition()) | {"nonnegative": True}
    fill_in(admin, page_of(rule), definition=json.dumps(told))
    cell = DerivedValue.objects.get(series__key="acme.sales-per-head")
    assert (cell.value, cell.upper) == (cell.lower, None)
    seq = Change.objects.latest_seq()
    answer = fill_in(admin, ADD, **RATIO | {"key": "less", "kind": "difference"},
                     definition=json.dumps({"nonnegative": True}))  # fmt: skip
    assert list(faults(answer)) == ["definition"]
    assert Change.objects.latest_seq() == seq


@pytest.mark.usefixtures("values")
def test_changed_definition_makes_the_next_version(admin: Client) -> None:
    fill_in(admin, ADD, **RATIO, definition=definition())
    rule = Rule.objects.get()
    page = admin.get(page_of(rule))
    assert json.loads(shown(page)["definition"])["inputs"]["numerator"] == "acme.sales"
    publish((make_series("acme.profit"), "2018", "100"))
    fill_in(admin, page_of(rule), definition=definition("acme.profit"))
    assert derived("acme.sales-per-head") == Decimal(5)
    numbers = RuleVersion.objects.filter(rule=rule).values_list("number", "seq_to")
    assert [number for number, _ in numbers] == [1, 2]
    assert numbers[1][1] is None


@pytest.mark.usefixtures("values")
def test_renamed_rule_keeps_its_version(admin: Client) -> None:
    fill_in(admin, ADD, **RATIO, definition=definition())
    fill_in(admin, page_of(Rule.objects.get()), name_en="Sales per head")
    assert Rule.objects.get().name_en == "Sales per head"
    assert RuleVersion.objects.count() == 1


@pytest.mark.usefixtures("values")
@pytest.mark.parametrize(
    "text",
    [
        '{"output": "acme.sales-per-head", "inputs": {"numerator": "no.such"}}',
        '{"output": "nobody.nothing", "inputs": {}}',
        '{"output": 5}',
        '{"output": "acme.sales-per-head", "inputs": ["acme.sales"]}',
        '{"output": "acme.sales-per-head", "inputs": {"numerator": 7, "denominator": 8}}',
        '["acme.sales"]',
        "not json",
        '{"outputs": "acme.sales"}',
        '{"output": "acme.sales-per-head", "nonnegative": "yes"}',
        "",
    ],
)
def test_definition_that_does_not_fit_is_refused_and_kept(admin: Client, text: str) -> None:
    make_series("acme.sales-per-head", unit="times", nature="ratio")
    seq = Change.objects.latest_seq()
    answer = fill_in(admin, ADD, **RATIO, definition=text)
    assert list(faults(answer)) == ["definition"]
    assert answer.context["adminform"].form["definition"].value() == text
    assert not Rule.objects.exists()
    assert Change.objects.latest_seq() == seq


@pytest.mark.usefixtures("values")
def test_circle_is_refused_and_the_input_kept(admin: Client) -> None:
    fill_in(admin, ADD, **RATIO, definition=definition())
    back = json.dumps(
        {
            "output": "acme.sales",
            "inputs": {"numerator": "acme.sales-per-head", "denominator": "acme.heads"},
        }
    )
    answer = fill_in(admin, ADD, **RATIO | {"key": "back"}, definition=back)
    assert "rules go in a circle" in faults(answer)["definition"]
    assert shown(answer)["key"] == "back"
    assert Rule.objects.count() == 1


@pytest.mark.usefixtures("values")
def test_key_that_is_taken_is_refused(admin: Client) -> None:
    fill_in(admin, ADD, **RATIO, definition=definition())
    answer = fill_in(admin, ADD, **RATIO, definition=definition())
    assert "key" in faults(answer)


@pytest.mark.parametrize(("kind", "field"), [("sum", "group"), ("implied-prior", "kind")])
def test_kind_that_cannot_stand_alone_is_refused(admin: Client, kind: str, field: str) -> None:
    make_series("acme.total")
    text = json.dumps({"output": "acme.total"})
    answer = fill_in(admin, ADD, **RATIO | {"kind": kind}, definition=text)
    assert field in faults(answer)


def test_rule_of_an_indicator_is_only_read(admin: Client) -> None:
    users = make_series("webank.users")
    growth = make_series(
        "webank.users-growth", unit="growth", nature="ratio", growth_of=users.indicator
    )
    publish((users, "2018", "100"), (growth, "2018", "25%"), definitions_changed=True)
    rule = Rule.objects.get()
    page = admin.get(page_of(rule))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert "webank" in page.content.decode() or "users" in page.content.decode()
    assert admin.post(page_of(rule), {"key": "x"}).status_code == 403
    assert admin.get(page_of(rule).replace("/change/", "/delete/")).status_code == 403


@pytest.fixture
def shares() -> tuple[Group, list[Series]]:
    """Shares of two members in their sum: 30 and 10; a third, 60, stands outside."""
    members = [make_series(f"e-{n}.sales") for n in range(3)]
    make_series("e-0.sales-share", unit="percent", nature="ratio")
    group = make_group("all", members[:2])
    Rule.objects.create(key="share", kind="share", group=group, name_zh_hans="份额", name_en="s")
    publish(
        *[(m, "2018", text) for m, text in zip(members, ("30", "10", "60"), strict=True)],
        rule_definitions={"share": {"output": "sales-share"}},
    )
    return group, members


def members_of(answer_or_page: Any, *series: Series) -> dict[str, Any]:
    """The inline rows that a browser sends for members added below the ones that are there."""
    start = int(shown(answer_or_page)["members-INITIAL_FORMS"])
    data: dict[str, Any] = {"members-TOTAL_FORMS": str(start + len(series))}
    for number, one in enumerate(series, start):
        data |= {f"members-{number}-series": one.pk, f"members-{number}-position": number}
    return data


def test_added_member_recomputes_the_group(
    admin: Client, shares: tuple[Group, list[Series]]
) -> None:
    group, members = shares
    assert derived("e-0.sales-share") == Decimal(75)
    url = page_of(group)
    answer = fill_in(admin, url, **members_of(admin.get(url), members[2]))
    assert answer.status_code == 302
    assert derived("e-0.sales-share") == Decimal(30)
    assert derived("e-2.sales-share") == Decimal(60)


def test_removed_member_recomputes_the_group(
    admin: Client, shares: tuple[Group, list[Series]]
) -> None:
    group, _ = shares
    assert fill_in(admin, page_of(group), **{"members-1-DELETE": "on"}).status_code == 302
    assert group.members.count() == 1
    assert derived("e-0.sales-share") == Decimal(100)


def test_member_twice_is_refused_and_the_input_kept(
    admin: Client, shares: tuple[Group, list[Series]]
) -> None:
    group, members = shares
    url = page_of(group)
    answer = fill_in(admin, url, name_en="New name", **members_of(admin.get(url), members[0]))
    assert answer.status_code == 200
    assert shown(answer)["name_en"] == "New name"
    assert group.members.count() == 2


def test_group_that_a_rule_computes_is_not_deleted(
    admin: Client, shares: tuple[Group, list[Series]]
) -> None:
    group, _ = shares
    admin.post(page_of(group).replace("/change/", "/delete/"), {"post": "yes"})
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.usefixtures("values")
def test_rule_that_made_values_is_not_deleted(admin: Client) -> None:
    fill_in(admin, ADD, **RATIO, definition=definition())
    url = page_of(Rule.objects.get()).replace("/change/", "/delete/")
    assert admin.get(url).context["protected"]
    admin.post(url, {"post": "yes"})
    assert derived("acme.sales-per-head") == Decimal(25)


def test_rule_that_made_values_of_the_past_is_not_deleted(
    admin: Client, shares: tuple[Group, list[Series]]
) -> None:
    """Nothing of it stands any more, and as of then it still answers."""
    group, _ = shares
    group.members.all().delete()
    publish_definitions(actor=None, now=NOW, what="members")
    refresh_all(now=NOW)
    assert not DerivedValue.objects.exists()
    rule = Rule.objects.get()
    url = page_of(rule).replace("/change/", "/delete/")
    assert admin.get(url).context["protected"] == [str(rule)]
    admin.post(url, {"post": "yes"})
    assert Rule.objects.exists()


FORMULA = RATIO | {"kind": "formula"}


def formula(text: str) -> str:
    make_series("acme.sales-per-head", unit="times", nature="ratio")
    inputs = {"s": "acme.sales", "h": "acme.heads"}
    return json.dumps({"output": "acme.sales-per-head", "inputs": inputs, "formula": text})


@pytest.mark.usefixtures("values")
def test_new_formula_is_computed_at_once(admin: Client) -> None:
    assert fill_in(admin, ADD, **FORMULA, definition=formula("s / h")).status_code == 302
    assert derived("acme.sales-per-head") == Decimal(25)


@pytest.mark.usefixtures("values")
def test_formula_that_natures_forbid_is_refused_with_the_place(admin: Client) -> None:
    answer = fill_in(admin, ADD, **FORMULA, definition=formula("(s + s[-1]) / h"))
    assert "(s + ‸s[-1]) / h" in faults(answer)["definition"]
    assert "values of several periods are not summed" in faults(answer)["definition"]
    assert not Rule.objects.exists()


@pytest.mark.usefixtures("values")
def test_rule_that_natures_forbid_is_refused_with_what_is_expected(admin: Client) -> None:
    rates = [make_series(f"e-{n}.rate", unit="percent", nature="ratio") for n in range(2)]
    group = make_group("rates", rates)
    total = make_series("acme.rates", unit="percent", nature="ratio")
    form = RATIO | {"kind": "sum", "group": group.pk}
    answer = fill_in(admin, ADD, **form, definition=json.dumps({"output": total.key}))
    reason = "rule per-head: e-0.rate is of nature ratio, which is not summed"
    assert faults(answer)["definition"] == reason
    gap = {"minuend": "e-0.rate", "subtrahend": "acme.sales"}
    text = json.dumps({"output": total.key, "inputs": gap})
    answer = fill_in(admin, ADD, **RATIO | {"kind": "difference"}, definition=text)
    assert "e-0.rate is in percent and acme.sales in person" in faults(answer)["definition"]
    assert not Rule.objects.exists()


@pytest.mark.usefixtures("values")
def test_member_of_another_unit_is_refused_in_a_group_that_is_summed(admin: Client) -> None:
    sales = make_series("acme.sales")
    group = make_group("all", [sales])
    total = make_series("acme.total")
    form = RATIO | {"kind": "sum", "group": group.pk}
    fill_in(admin, ADD, **form, definition=json.dumps({"output": total.key}))
    other = make_series("acme.costs", unit="currency")
    url = page_of(group)
    answer = fill_in(admin, url, **members_of(admin.get(url), other))
    assert "expected one unit" in answer.content.decode()
    assert group.members.count() == 1


@pytest.mark.usefixtures("values")
def test_faulty_formula_is_refused_under_the_field_with_the_place_marked(admin: Client) -> None:
    answer = fill_in(admin, ADD, **FORMULA, definition=formula("s / / h"))
    assert "s / ‸/ h" in faults(answer)["definition"]
    assert "character 5" in faults(answer)["definition"]
    assert not Rule.objects.exists()


@pytest.mark.usefixtures("values")
def test_formula_takes_no_group_and_others_no_formula(admin: Client) -> None:
    group = make_group("all", [make_series("acme.sales")])
    answer = fill_in(admin, ADD, **FORMULA, group=group.pk, definition=formula("s / h"))
    assert "group" in faults(answer)
    answer = fill_in(admin, ADD, **RATIO, definition=formula("s / h"))
    assert "definition" in faults(answer)


@pytest.mark.usefixtures("values")
def test_chinese_editor_is_told_of_a_circle_and_of_an_unknown_series(admin: Client) -> None:
    chinese = log_in(User.objects.get(username="root"), "zh-hans")
    fill_in(chinese, ADD, **RATIO, definition=definition())
    inputs = {"numerator": "acme.sales-per-head", "denominator": "acme.heads"}
    back = json.dumps({"output": "acme.sales", "inputs": inputs})
    answer = fill_in(chinese, ADD, **RATIO | {"key": "back"}, definition=back)
    assert "规则形成循环：acme.sales" in faults(answer)["definition"]
    lost = json.dumps({"output": "acme.nothing", "inputs": inputs})
    answer = fill_in(chinese, ADD, **RATIO | {"key": "lost"}, definition=lost)
    assert "规则 lost：没有“acme.nothing”这条序列" in faults(answer)["definition"]
