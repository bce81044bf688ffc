"""Whether everybody can use the admin: axe finds nothing serious on any of its pages."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.browser.axe import serious_violations
from tests.browser.conftest import PASSWORD, log_in
from tests.browser.visit import Visit
from tests.cases.admin.addresses import model_pages, own_pages
from tests.cases.admin.world import make_rows_for_every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PARTS = 4  # of many pages, so that several workers share them


@pytest.mark.parametrize(
    ("theme", "pages", "part"),
    [
        ("light", own_pages, slice(None)),
        ("dark", own_pages, slice(None)),
        *(("light", model_pages, slice(first, None, PARTS)) for first in range(PARTS)),
    ],
)
def test_no_page_has_a_serious_fault(
    visit: Visit, theme: str, pages: Callable[[], list[str]], part: slice
) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    plain = Client()
    plain.force_login(root)
    make_rows_for_every_page(plain)
    addresses = [url for url in pages() if _is_ours(url) and plain.get(url).status_code == 200]
    assert len(addresses) > 20
    log_in(visit, "root")
    visit.page.evaluate(f"localStorage.setItem('theme', '{theme}')")
    faults = {}
    for url in addresses[part]:
        visit.open(url)
        if found := serious_violations(visit.page):
            faults[url] = found
    assert not faults, "\n".join(f"{url}: {found}" for url, found in faults.items())


def _is_ours(url: str) -> bool:
    """Not the pages of accounts, which are Django's own."""
    return not url.startswith(("/admin/auth/", "/admin/axes/", "/admin/otp_"))
