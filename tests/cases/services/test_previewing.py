"""The preview of a release: its publication tried, told, and gone without a trace."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from cases.models import CaseText, PageSnapshot
from cases.services.composing import add_text
from cases.services.texts import publish_revision, save_revision
from metrics.models import Release, ReleasePreview, Rule, Series
from metrics.services import previewing
from metrics.services.clock import lock_clock
from metrics.services.composing import add_import, add_value, compose_release
from metrics.services.previewing import PreviewError, preview_of
from metrics.services.publishing import publish_definitions, publish_release
from tests.cases.conftest import publish_case
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish
from tests.metrics.services.conftest import WAIT_SECONDS, Others, others
from tests.metrics.services.imports.conftest import checked, make_layout, private_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
__all__ = ["others", "private_files"]
MADE = "metrics_releasepreview"


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def users() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "5,000万"), (series, "2018", "6,000万"))
    publish_case("webank", languages=("en",))
    return series


def composed(kind: str = "correction") -> Release:
    words = {"zh-hans": "发布", "en": "Release"}
    return compose_release(title=words, reason={"en": "so"}, kind=kind, actor=None, now=NOW)


def correction(series: Series, stated: str = "7,000万") -> Release:
    release = composed()
    add_value(
        release, series=series, period="2018", source=SourceFactory(), stated=stated, actor=None
    )
    return release


def found(release: Release) -> dict[str, Any]:
    return preview_of(release, actor=None, now=NOW).found


def every_row() -> dict[str, str]:
    """What every table holds but that of previews, as digests."""
    tables = [name for name in connection.introspection.table_names() if name != MADE]
    digests = {}
    with connection.cursor() as cursor:
        for name in tables:
            rows = f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t"  # noqa: S608
            cursor.execute(rows)
            digests[name] = cursor.fetchone()[0]
    return digests


def test_sentences_and_figures_of_live_texts_are_told_before_and_after(users: Series) -> None:
    told = found(correction(users))
    assert told["summary"]["inserted"] == told["summary"]["closed"] == 1
    (impact,) = told["impacts"]
    assert (impact["title"], impact["language"]) == ("webank (en)", "en")
    lines = [tuple(line) for line in impact["lines"]]
    sentence = "It had {n} users, and {n} at last."
    assert ("", sentence.format(n="60 million"), sentence.format(n="70 million")) in lines
    assert ("Webank · Users · end of 2018", "60 million", "70 million") in lines


def test_sentence_that_turns_false_is_told_with_what_readers_get(users: Series) -> None:
    text = CaseText.objects.get(case__slug="webank", language="en")
    condition = "webank.users@2018 > 45000000"
    body = f'Users [doubled]{{if="{condition}"}} to {{{{ webank.users@2018 }}}}.\n'
    revision = save_revision(text, title="t", standfirst="", body=body, actor=None, now=NOW)
    publish_revision(revision, actor=None, now=NOW)
    (impact,) = found(correction(users, "3,000万"))["impacts"]
    false = [line for line in impact["lines"] if line[2] == "Users doubled to 60 million."]
    assert [line[1] for line in false] == ["Users doubled to 30 million."]


def test_derived_value_that_a_text_quotes_is_told(users: Series) -> None:
    publish_definitions(actor=None, now=NOW, what="series")
    total = make_series("acme.users")
    make_series("webank.ratio", unit="times", nature="ratio")
    publish((total, "2018", "3,000万"))
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": "webank.users", "denominator": "acme.users"}
    definition = {"output": "webank.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})
    publish_case("ratio", key="webank.ratio", languages=("en",))
    impacts = found(correction(users, "9,000万"))["impacts"]
    (ratio,) = [one for one in impacts if one["title"] == "ratio (en)"]
    assert ratio["lines"][-1][1:] == ["2 times", "3 times"]


def test_places_in_rankings_are_told(users: Series) -> None:
    other = make_series("acme.users")
    publish((other, "2018", "6,500万"))
    for slug in ("webank", "acme"):
        make_series(f"{slug}.rank", unit="rank", nature="rank")
    Rule.objects.create(
        key="rank", kind="rank", name_zh_hans="名次", name_en="Rank",
        group=make_group("rivals", [users, other]),
    )  # fmt: skip
    definitions = {"rank": {"output": "rank"}}
    publish_definitions(actor=None, now=NOW, what="rank", rule_definitions=definitions)
    places = {tuple(place) for place in found(correction(users))["places"]}
    assert places == {("webank.rank", "2018", "2", "1"), ("acme.rank", "2018", "1", "2")}


def test_new_words_are_told_beside_the_old(users: Series) -> None:
    text = CaseText.objects.get(case__slug="webank", language="en")
    save_revision(text, title="New title", standfirst="", body="New.\n", actor=None, now=NOW)
    CaseText.objects.filter(pk=text.pk).update(state="approved")
    release = composed("revision")
    text.refresh_from_db()
    add_text(release, text, actor=None)
    (impact,) = found(release)["impacts"]
    assert ["", "Title of webank: more", "New title"] in impact["lines"]


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_leaks(users: Series, fails: bool, django_capture_on_commit_callbacks: Any) -> None:
    release = correction(users)
    add_import(release, _file(), actor=None)
    Client().get("/en/cases/webank/")
    assert PageSnapshot.objects.current().exists()
    if fails:
        publish((users, "2018", "6,100万"))
        publish((make_series("acme.revenue"), "2018", "11"))  # the file conflicts now
        Client().get("/en/cases/webank/")
    before = every_row()
    with django_capture_on_commit_callbacks() as callbacks:
        told = found(release)
    assert bool(told["refusal"]) == fails
    assert callbacks == []
    assert every_row() == before
    assert ReleasePreview.objects.count() == 1


def _file() -> Any:
    make_series("acme.revenue", nature="flow")
    return checked(make_layout(), "entity,period,value\nacme,2018,10\n")


def test_preview_is_kept_while_it_holds(users: Series) -> None:
    release = correction(users)
    first = preview_of(release, actor=None, now=NOW)
    assert preview_of(release, actor=None, now=NOW).made_at == first.made_at
    publish((users, "2019", "8,000万"))
    again = preview_of(release, actor=None, now=NOW)
    assert again.seq == first.seq + 1
    add_value(release, series=users, period="2020", source=SourceFactory(), stated="1", actor=None)
    assert preview_of(release, actor=None, now=NOW).found["summary"]["inserted"] == 2
    assert ReleasePreview.objects.count() == 1


def test_refusal_is_told_in_both_languages(users: Series) -> None:
    release = composed("revision")
    text = CaseText.objects.get(case__slug="webank", language="en")
    Release.objects.filter(pk=release.pk).update(created_by=User.objects.create_user("editor"))
    revision = save_revision(text, title="x", standfirst="", body="x", actor=None, now=NOW)
    release.texts.create(revision=revision)
    told = found(release)
    assert told["refusal"]["en"] == f"“{revision}” is not approved."
    assert told["refusal"]["zh-hans"] == f"“{revision}”未经批准。"
    assert told["impacts"] == []


def test_decided_release_has_no_preview(users: Series) -> None:
    release = correction(users)
    publish_release(release, actor=None, now=NOW)
    with pytest.raises(PreviewError, match="already decided"):
        preview_of(release, actor=None, now=NOW)


def test_only_who_composes_or_publishes_previews(users: Series) -> None:
    with pytest.raises(PermissionDenied):
        preview_of(correction(users), actor=User.objects.create_user("author"), now=NOW)


def test_trial_that_takes_too_long_is_broken_off(
    users: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = correction(users)
    before = every_row()
    monkeypatch.setattr(previewing, "MOST_SECONDS", -1.0)
    monkeypatch.setattr(previewing, "LOCK_SECONDS", 1.0)
    with pytest.raises(PreviewError, match="took longer"):
        preview_of(release, actor=None, now=NOW)
    assert every_row() == before
    assert not ReleasePreview.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_preview_waits_for_nobody_who_publishes(
    users: Series, others: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = correction(users)
    monkeypatch.setattr(previewing, "LOCK_SECONDS", 0.1)
    holds, go_on = threading.Event(), threading.Event()

    def publish_for_long() -> None:
        with transaction.atomic():
            lock_clock()
            holds.set()
            go_on.wait(WAIT_SECONDS)

    others.start(publish_for_long)
    assert holds.wait(WAIT_SECONDS)
    try:
        with pytest.raises(PreviewError, match="Somebody is publishing"):
            preview_of(release, actor=None, now=NOW)
    finally:
        go_on.set()


@pytest.mark.django_db(transaction=True)
def test_limits_of_a_preview_end_with_it(users: Series) -> None:
    preview_of(correction(users), actor=None, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
        )
        assert cursor.fetchone() == ("0", "0")


def test_large_file_is_tried_in_what_texts_depend_on(
    users: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.services.imports.trimming.MANY", 2)
    for key in ("webank.revenue", "acme.revenue", "other.revenue"):
        make_series(key, nature="flow")
    publish_case("revenue", key="webank.revenue", languages=("en",))
    rows = "webank,2018,10\nacme,2018,20\nother,2018,30\n"
    batch = checked(make_layout(), f"entity,period,value\n{rows}")
    release = composed()
    add_import(release, batch, actor=None)
    before = every_row()
    told = found(release)
    assert told["left_out"] == 2
    assert told["summary"]["inserted"] == 1
    assert [one["title"] for one in told["impacts"]] == ["revenue (en)"]
    assert every_row() == before
    change = publish_release(release, actor=None, now=NOW)
    assert change.summary["inserted"] == 3


def test_large_file_that_no_text_depends_on_is_left_out(
    users: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.services.imports.trimming.MANY", 0)
    release = correction(users)
    add_import(release, _file(), actor=None)
    told = found(release)
    assert (told["left_out"], told["refusal"]) == (1, {})
    assert told["summary"]["inserted"] == 1
