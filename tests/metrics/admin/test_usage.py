"""A definition in use is not deleted: the page says what uses it and how often."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, CaseText
from cases.services.texts import save_revision
from metrics.models import Entity, Indicator, Series, Source, Unit
from metrics.selectors import usage
from tests.metrics.admin.staff import log_in
from tests.metrics.factories import NOW, SourceFactory, make_group, make_series, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    return log_in(User.objects.create_superuser("root"))


@pytest.fixture
def users() -> Series:
    series = make_series("webank.users")
    publish((series, "2017", "50"), (series, "2018", "60"))
    return series


def asked(admin: Client, row: Source | Unit | Entity | Indicator | Series) -> str:
    """The page that asks whether to delete, and that the answer yes deletes nothing in use."""
    url = f"/admin/metrics/{row._meta.model_name}/{row.pk}/delete/"
    shown = " ".join(admin.get(url).content.decode().split())
    admin.post(url, {"post": "yes"})
    return shown


@pytest.mark.parametrize(
    ("which", "told"),
    [
        (Source, "Observations: 2"),
        (Unit, "Indicators: 1"),
        (Entity, "Series: 1"),
        (Indicator, "Series: 1"),
        (Series, "Observations: 2"),
    ],
)
def test_what_is_in_use_stays(admin: Client, users: Series, which: type[Source], told: str) -> None:
    row = which.objects.get()
    shown = asked(admin, row).lower()
    assert told.lower() in shown
    assert which.objects.filter(pk=row.pk).exists()


def test_words_that_nobody_has_published_are_a_use(admin: Client) -> None:
    series = make_series("acme.users")
    text = CaseText.objects.create(case=Case.objects.create(slug="acme"), language="en")
    body = "It has {{ acme.users@2018 }} users.\n"
    save_revision(text, title="Acme", standfirst="", body=body, actor=None, now=NOW)
    assert "case texts: 1" in asked(admin, series).lower()
    make_group("few", [other := make_series("zeta.users")])
    assert "1" in asked(admin, other)
    assert Series.objects.count() == 2


def test_many_at_once_are_refused_together(admin: Client, users: Series) -> None:
    idle = SourceFactory(slug="idle")
    chosen = [str(pk) for pk in Source.objects.values_list("pk", flat=True)]
    given = {"action": "delete_selected", "_selected_action": chosen}
    shown = admin.post("/admin/metrics/source/", given).content.decode()
    assert "observations: 2" in shown.lower()
    admin.post("/admin/metrics/source/", given | {"post": "yes"})
    assert Source.objects.count() == len(chosen)
    admin.post(f"/admin/metrics/source/{idle.pk}/delete/", {"post": "yes"})
    assert not Source.objects.filter(pk=idle.pk).exists()


def test_counting_ends_where_it_says_more(users: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "MOST_COUNTED", 1)
    told = [str(use) for use in usage.uses_of(Source.objects.get())]
    assert any(one.endswith(("over 1", "超过 1")) for one in told), told
