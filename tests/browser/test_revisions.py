"""An author looks at the revisions of a text, compares two and restores the former one."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import CaseText
from cases.services.texts import save_revision
from tests.browser.axe import serious_violations
from tests.browser.conftest import log_in
from tests.browser.test_editor_conflict import save_as_editor
from tests.browser.visit import DESK, PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_revision_is_found_compared_and_restored(
    visit: Visit, text: CaseText, language: str
) -> None:
    rewrite(text)
    log_in(visit, "author")
    page = visit.page
    choose_language(page, language)
    visit.open(f"/admin/cases/casetext/{text.pk}/change/")
    page.locator(".object-tools a[href$='/history/']").click()
    expect(page.locator(".revision")).to_have_count(3)
    visit.shoot(f"revisions-{language}")
    look(page)
    page.locator("input[name=from][value='3']").check()
    page.locator("input[name=to][value='1']").check()
    page.locator(".revisions .button").click()
    expect(page.locator(".compared ins").first).to_be_visible()
    visit.shoot(f"revisions-compared-{language}")
    look(page)
    page.locator(".restore .button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".revision")).to_have_count(4)
    assert text.revisions.get(number=4).body == text.revisions.get(number=1).body
    visit.shoot(f"revisions-restored-{language}")
    assert visit.faults == []


def rewrite(text: CaseText) -> None:
    """An author rewrites title and a paragraph; the editor adds one."""
    old = text.revisions.get()
    save_revision(
        text,
        title=f"{old.title}（新）",
        standfirst=old.standfirst,
        body=old.body.replace("购物偏好、虚拟资产、微信支付用在何处", "购物习惯、微信支付用在哪里"),
        actor=User.objects.get(username="author"),
        now=timezone.now(),
        note="更短的说法",
    )
    save_as_editor(text, "编辑的一段。")


def choose_language(page: Page, language: str) -> None:
    page.locator(f".language-switch button[value='{language}']").click()
    page.wait_for_selector("#content-main")


def look(page: Page) -> None:
    """Axe finds nothing serious in either theme, and nothing is wider than the screen."""
    for theme in ("light", "dark"):
        page.evaluate(f"() => {{ document.documentElement.dataset.theme = '{theme}'; }}")
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            assert serious_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate("() => { document.documentElement.dataset.theme = 'light'; }")
