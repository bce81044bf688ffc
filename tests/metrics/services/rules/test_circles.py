"""Rules in a circle are refused, its series named in order, also when two save at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from metrics.models import Change, Rule, RuleInput
from metrics.services.publishing import publish_definitions
from metrics.services.rules import RuleError
from tests.metrics.factories import NOW, make_series
from tests.metrics.services.conftest import WAIT_SECONDS, Others

FORMULAS = {
    "first": {"output": "x.a", "inputs": {"n": "x.b"}, "formula": "n * 2"},
    "second": {"output": "x.b", "inputs": {"n": "x.c"}, "formula": "n[-1]"},
    "third": {"output": "x.c", "inputs": {"n": "x.a"}, "formula": "n + 1"},
}


def save(*keys: str) -> Change:
    definitions = {key: FORMULAS[key] for key in keys}
    return publish_definitions(actor=None, now=NOW, what="rules", rule_definitions=definitions)


def prepare() -> None:
    for key in ("x.a", "x.b", "x.c"):
        make_series(key, unit="times", nature="ratio")
    for key in FORMULAS:
        Rule.objects.create(key=key, kind="formula", name_zh_hans=key, name_en=key)


@pytest.mark.django_db
def test_circle_through_a_lag_names_its_series_in_order() -> None:
    prepare()
    save("first", "second")
    with pytest.raises(RuleError, match=r"x\.a ← x\.b ← x\.c ← x\.a"):
        save("third")
    assert not RuleInput.objects.filter(version__rule__key="third").exists()


@pytest.mark.django_db
def test_rule_that_takes_its_own_output_is_a_circle() -> None:
    prepare()
    Rule.objects.create(key="own", kind="formula", name_zh_hans="自身", name_en="own")
    own = {"output": "x.a", "inputs": {"n": "x.a"}, "formula": "n[-1] * 2"}
    with pytest.raises(RuleError, match=r"x\.a ← x\.a"):
        publish_definitions(actor=None, now=NOW, what="own", rule_definitions={"own": own})


@pytest.mark.django_db(transaction=True)
def test_halves_of_a_circle_saved_at_once_leave_one(others: Others) -> None:
    """The first holds the publishing lock when the second starts: that one waits, then sees it."""
    prepare()
    save("third")
    holds, go_on = threading.Event(), threading.Event()
    refused: list[RuleError] = []

    def first() -> None:
        with transaction.atomic():
            save("first")
            holds.set()
            assert go_on.wait(WAIT_SECONDS)

    one = others.start(first)
    assert holds.wait(WAIT_SECONDS)
    two = others.start(refusing(lambda: save("second"), refused))
    two.join(0.3)
    assert two.is_alive()  # it waits for the lock, and has read nothing that it will judge by
    go_on.set()
    one.join(WAIT_SECONDS)
    two.join(WAIT_SECONDS)
    assert [str(error).count(" ← ") for error in refused] == [3]
    made = set(RuleInput.objects.values_list("version__rule__key", flat=True))
    assert made == {"first", "third"}


def refusing(act: Callable[[], object], refused: list[RuleError]) -> Callable[[], None]:
    def run() -> None:
        try:
            act()
        except RuleError as error:
            refused.append(error)

    return run
