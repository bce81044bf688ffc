"""Redactions in the admin: superusers alone, and two of them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from cases.models import CaseText, PassageRedaction
from metrics.models import Observation, Series, ValueRedaction
from tests.cases.conftest import publish_case
from tests.cases.views.reading import plain
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db
VALUES, WORDS = "/admin/metrics/valueredaction/", "/admin/cases/passageredaction/"
REASONS = {"reason_zh_hans": "法院裁定", "reason_en": "Court order"}


@pytest.fixture
def users() -> Series:
    series = make_series("webank.users")
    publish((series, "2018", "超过6,000万"))
    return series


@pytest.fixture
def text(users: Series) -> CaseText:
    publish_case("webank")
    return CaseText.objects.get(case__slug="webank", language="en")


@pytest.fixture
def first() -> Client:
    return log_in(User.objects.create_superuser("first"))


@pytest.fixture
def second() -> Client:
    return log_in(User.objects.create_superuser("second"))


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_value_is_asked_for_and_done_by_another(
    first: Client, second: Client, users: Series
) -> None:
    answer = first.post(f"{VALUES}add/", {"series": users.pk, "period": "2018", **REASONS})
    assert answer.status_code == 302, plain(answer.content.decode())
    redaction = ValueRedaction.objects.get()
    page = f"{VALUES}{redaction.pk}/change/"
    assert "Another superuser has to do it." in shown(first, page)
    first.post(page, {"act": "do"})
    assert Observation.objects.filter(period="2018", value__isnull=False).exists()
    offered = shown(second, page)
    assert "What would be blanked" in offered
    assert "Take it out of the record" in offered
    assert "This cannot be undone" in offered
    second.post(page, {"act": "do"})
    assert not Observation.objects.filter(period="2018", value__isnull=False).exists()
    assert "What was blanked" in shown(second, page)
    told = Client().get("/en/series/webank.users/").content.decode()
    assert "Taken out of the record" in told
    assert "Court order" in told
    second.post(page, {"act": "lift"})
    assert ValueRedaction.objects.get().state == "lifted"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"period": "20181", **REASONS}, "expected 2018"),
        ({"period": "2011", **REASONS}, "no value for 2011"),
        ({"period": "2018", "reason_en": "x"}, "This field is required"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_the_form(
    first: Client, users: Series, given: dict[str, str], said: str
) -> None:
    answer = first.post(f"{VALUES}add/", {"series": str(users.pk), **given})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not ValueRedaction.objects.exists()


def test_passage_is_taken_out_and_the_log_does_not_keep_it(
    first: Client, second: Client, text: CaseText
) -> None:
    first.post(f"{WORDS}add/", {"text": text.pk, "passage": "Standfirst of webank", **REASONS})
    page = f"{WORDS}{PassageRedaction.objects.get().pk}/change/"
    assert "Standfirst of webank" in shown(second, page)
    second.post(page, {"act": "do"})
    assert "Standfirst of webank" not in shown(second, page)
    assert "(removed)" in Client().get("/en/cases/webank/").content.decode()
    log = f"{list(LogEntry.objects.values())}"
    assert "Standfirst of webank" not in log


def test_refusal_changes_nothing(first: Client, second: Client, text: CaseText) -> None:
    first.post(f"{WORDS}add/", {"text": text.pk, "passage": "Standfirst of webank", **REASONS})
    page = f"{WORDS}{PassageRedaction.objects.get().pk}/change/"
    second.post(page, {"act": "refuse"})
    assert PassageRedaction.objects.get().state == "refused"
    assert "(removed)" not in Client().get("/en/cases/webank/").content.decode()


@pytest.mark.parametrize("role", ["Publisher", "Editor", "Author", "nobody"])
def test_it_takes_a_superuser(role: str, first: Client, users: Series) -> None:
    first.post(f"{VALUES}add/", {"series": users.pk, "period": "2018", **REASONS})
    page = f"{VALUES}{ValueRedaction.objects.get().pk}/change/"
    browser = browser_of(role)
    for url in (VALUES, f"{VALUES}add/", page, WORDS, f"{WORDS}add/"):
        assert browser.get(url).status_code == 403, url
        assert browser.post(url, {"act": "do"}).status_code == 403, url
    assert Client().get(page).status_code == 302
