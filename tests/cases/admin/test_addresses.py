"""No address of the admin is left out of the tests, and none opens to who may not see it."""

from typing import Any, Final

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.cases.admin import addresses
from tests.cases.admin.world import make_rows_for_every_page
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.services.imports.conftest import private_files

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]

ALL: Final = {"nobody", "Author", "Editor", "Publisher"}
STAFF: Final = ALL - {"nobody"}
EDITORS: Final = {"Editor", "Publisher"}
# Pages of ours → which roles open them; "nobody" is staff without any right.
OPEN_TO: Final[dict[str, set[str]]] = {
    "index": ALL,
    "guide": ALL,
    "password_change": ALL,
    "second_factor_set_up": ALL,
    "second_factor_codes": ALL,
    "auth_user_second_factor": set(),
    "auth_user_password_change": set(),
    "metrics_indicator_redefine": {"Publisher"},
    "metrics_indicator_comparable": {"Publisher"},
    "metrics_indicator_take_back": {"Publisher"},
    "metrics_importlayout_try": STAFF,
    "metrics_importbatch_entities": STAFF,
    "metrics_importbatch_undo": {"Publisher"},
    "metrics_release_calendar": STAFF,
    "metrics_release_compose": EDITORS,
    "metrics_release_describe": EDITORS,
    "metrics_release_preview": EDITORS,
    "metrics_release_schedule": {"Publisher"},
    "metrics_release_withdraw": {"Publisher"},
    "metrics_release_value": EDITORS,
    "metrics_staleseries_progress": STAFF,
    "metrics_observation_withdraw": EDITORS,
    "metrics_observation_grid": STAFF,
    "cases_drift_settle": STAFF,
    "cases_casetext_compare": STAFF,
    "cases_casetext_languages": STAFF,
    "cases_casetext_source": STAFF,
    "cases_casetext_review": STAFF,
    # whose group is none of these (tests/partners/admin)
    "partners_apikey_rotate": set(),
    "partners_apikey_revoke": set(),
    "partners_webhook_edit": set(),
    "partners_webhook_secret": set(),
    "partners_webhook_replay": set(),
}


@pytest.fixture
def world(admin: Client) -> None:
    make_rows_for_every_page(admin)


def test_every_address_is_a_page_under_test_or_none() -> None:
    assert addresses.names() == set(addresses.OWN) | addresses.NO_PAGES
    assert set(OPEN_TO) == set(addresses.OWN)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", sorted(ALL))
def test_pages_of_ours_open_to_who_may_see_them(role: str) -> None:
    browser = browser_of(role)
    statuses = [browser.get(url, follow=True).status_code for url in addresses.own_pages()]
    found = dict(zip(addresses.OWN, statuses, strict=True))
    assert found == {name: 200 if role in roles else 403 for name, roles in OPEN_TO.items()}


@pytest.mark.usefixtures("world")
def test_pages_open_to_a_superuser(admin: Client) -> None:
    statuses = {url: admin.get(url, follow=True).status_code for url in addresses.own_pages()}
    assert statuses == dict.fromkeys(statuses, 200)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("who", [None, "reader"])
def test_who_is_not_staff_is_sent_to_log_in(who: str | None) -> None:
    browser = log_in(User.objects.create_user(who)) if who else Client()
    for url in [*addresses.own_pages(), *addresses.model_pages()]:
        for answer in (browser.get(url), browser.post(url)):
            assert answer.status_code == 302, url
            assert answer["Location"].startswith("/admin/login/"), url


@pytest.mark.usefixtures("world")
def test_staff_without_rights_opens_no_page_of_a_model() -> None:
    browser = browser_of("nobody")
    for url in addresses.model_pages():
        assert browser.get(url).status_code == 403, url
        assert browser.post(url, {"post": "yes"}).status_code == 403, url


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", ["Author", "Editor", "Publisher"])
def test_no_role_opens_accounts_or_partners(role: str) -> None:
    browser = browser_of(role)
    pages = [url for url in addresses.model_pages() if _is_of_accounts(url)]
    assert len(pages) >= 8
    for url in pages:
        assert browser.get(url).status_code == 403, url
        assert browser.post(url, {"post": "yes"}).status_code == 403, url


def _is_of_accounts(url: str) -> bool:
    return url.startswith(("/admin/auth/", "/admin/axes/", "/admin/partners/"))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", ["nobody", "Author"])
def test_answers_to_scripts_and_files_ask_for_the_same_rights(role: str, admin: Client) -> None:
    browser = browser_of(role)
    expected = {"nobody": (403, 403, 403, 403), "Author": (200, 403, 403, 403)}[role]
    batch = addresses._batch()[0]
    found: tuple[Any, ...] = (
        browser.get(f"/admin/metrics/importbatch/{batch}/problems.csv").status_code,
        browser.post(f"/admin/metrics/importbatch/{batch}/entities/", {}).status_code,
        browser.post("/admin/metrics/observation/grid/check/", {}).status_code,
        browser.post("/admin/metrics/staleseries/progress/retry/", {}).status_code,
    )
    assert found == expected
