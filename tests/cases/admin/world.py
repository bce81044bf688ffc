"""Rows of every model that the admin lists: as many of each as asked for."""

from decimal import Decimal

from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, CaseText, Export, PassageRedaction
from cases.services.drift import report_error
from cases.services.redacting import ask_passage_redaction
from cases.services.snapshots import store_snapshot
from cases.services.texts import publish_revision, save_revision
from metrics.models import (
    Change,
    Event,
    Group,
    ImportBatch,
    ImportLayout,
    Indicator,
    RefreshRun,
    Release,
    Rule,
    Series,
    StaleSeries,
    ValueRedaction,
)
from metrics.services.imports.layout import freeze_layout
from metrics.services.publishing import publish_definitions
from metrics.services.redacting import ask_value_redaction
from metrics.services.staging import stage_observation
from tests.cases.drawn import make_picture
from tests.metrics.factories import (
    NOW,
    SourceFactory,
    UnitFactory,
    make_group,
    make_release,
    make_series,
    publish,
)
from tests.metrics.services.imports.conftest import imported, make_layout
from tests.partners.admin.rows import make_partner

REASONS = {"reason_zh_hans": "法院裁定", "reason_en": "Court order"}


def make_world(count: int, *, start: int = 0) -> None:
    """So many definitions, values, rules, texts and releases, numbered from `start`."""
    for number in range(start, start + count):
        users, growth = _measures(number)
        publish((users, "2018", "1.51亿"), (growth, "2018", "17.5%"))
        _rule(number, users)
        _text(number)
        _waiting(number, users)
        _redaction(number, users)
        _import(number, users)
        make_picture(f"picture-{number}")
        StaleSeries.objects.create(series=users, error=f"fault {number}")
        RefreshRun.objects.create(started_at=NOW, finished_at=NOW, targets=number)
        make_partner(number)
    publish_definitions(actor=None, now=NOW, what="rules")
    seq = Change.objects.latest_seq()
    for number in range(start, start + count):  # last, because definitions drop them
        Export.objects.create(
            seq=number, published_at=NOW, built_at=NOW, file=f"{number}.zip", sha256="0" * 64,
            size=1, rows=1,
        )  # fmt: skip
        store_snapshot(f"/zh-hans/{number}/", b"<p>", "x", seq=seq, depends_on=["texts"])


def make_rows_for_every_page(admin: Client) -> None:
    """Two of each, and an import that can be undone and an indicator that was redefined."""
    make_world(2)
    make_series("acme.revenue", nature="flow")
    imported(make_layout(), "entity,period,value\nacme,2018,10\n")
    given = {
        "since": "2018",
        "definition_zh_hans": "新",
        "definition_en": "New",
        "reason_en": "So.",
    }
    indicator = Indicator.objects.get(key="users-0")
    answer = admin.post(f"/admin/metrics/indicator/{indicator.pk}/redefine/", given)
    assert answer.status_code == 302


def _measures(number: int) -> tuple[Series, Series]:
    users = make_series(f"e-{number}.users-{number}")
    growth = make_series(
        f"e-{number}.growth-{number}",
        unit="growth",
        nature="ratio",
        growth_of=users.indicator,
    )
    UnitFactory(key=f"unit-{number}")
    source = SourceFactory(slug=f"source-{number}")
    Event.objects.create(
        entity=users.entity,
        slug="opens",
        period="2014",
        label_zh_hans="开业",
        label_en="Opens",
        source=source,
        period_start=NOW.date(),
    )
    return users, growth


def _asker(number: int) -> User:
    return User.objects.get_or_create(username=f"asker-{number}", is_superuser=True)[0]


def _redaction(number: int, users: Series) -> None:
    redaction = ValueRedaction(series=users, period="2018", **REASONS)
    ask_value_redaction(redaction, actor=_asker(number), now=NOW)


def _rule(number: int, users: Series) -> None:
    group: Group = make_group(f"group-{number}", [users], total=users)
    make_series(f"e-{number}.rank-{number}", unit="rank", nature="rank")
    key = f"rank-{number}"
    Rule.objects.create(key=key, kind="rank", group=group, name_zh_hans="名次", name_en="Rank")
    definitions = {key: {"output": key}}
    publish_definitions(actor=None, now=NOW, what=key, rule_definitions=definitions)


def _text(number: int) -> None:
    text = CaseText.objects.create(
        case=Case.objects.create(slug=f"case-{number}"), language="zh-hans"
    )
    body = f"有{{{{ e-{number}.users-{number}@2018 }}}}。\n"
    revision = save_revision(text, title="题", standfirst="", body=body, actor=None, now=NOW)
    publish_revision(revision, actor=None, now=NOW)
    report_error(text, key="", words="不对。", seq=1, now=NOW)
    ask_passage_redaction(
        PassageRedaction(text=text, passage=body.strip(), **REASONS), actor=_asker(number), now=NOW
    )


def _import(number: int, users: Series) -> None:
    """A file that was read and is the same as what stands."""
    layout = ImportLayout.objects.create(
        slug=f"layout-{number}",
        name_zh_hans="版式",
        name_en="Layout",
        columns={"entity": "entity", "period": "period", "value": "value"},
        indicator=users.indicator,
        source=SourceFactory(),
    )
    ImportBatch.objects.create(
        layout=layout,
        layout_frozen=freeze_layout(layout),
        file=f"{number}.csv",
        file_name=f"{number}.csv",
        size=1,
        sha256=str(number),
        state="unchanged",
        uploaded_at=NOW,
    )


def _waiting(number: int, users: Series) -> Release:
    release = make_release("correction")
    stage_observation(
        release,
        series=users,
        period="2018",
        source=SourceFactory(),
        value=Decimal(number),
    ).save()
    return release
