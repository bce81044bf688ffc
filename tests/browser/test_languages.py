"""An author finds a translation that lags, sees what changed in its source, and catches up."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import CaseText
from cases.services.texts import publish_revision, save_revision
from tests.browser.conftest import log_in
from tests.browser.test_editor_conflict import save_as_editor
from tests.browser.test_revisions import choose_language, look
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_translation_that_lags_is_brought_in_step(
    visit: Visit, text: CaseText, language: str
) -> None:
    rewrite_and_publish(text)
    save_as_editor(text, "编辑的一段。")
    translation = CaseText.objects.get(case=text.case, language="en")
    log_in(visit, "author")
    page = visit.page
    choose_language(page, language)
    page.locator("#panel-lagging .panel__count a").click()
    expect(page.locator(".languages tbody tr")).to_have_count(1)
    page.locator(".languages__filter a").first.click()
    visit.shoot(f"languages-{language}")
    look(page)
    page.locator(".languages__lags a").first.click()
    expect(page.locator(".compared")).to_have_count(2)
    visit.shoot(f"source-{language}")
    look(page)
    visit.open(f"/admin/cases/casetext/{translation.pk}/change/")
    expect(page.locator(".lags a")).to_be_visible()
    page.locator("#id_follows").scroll_into_view_if_needed()
    visit.shoot(f"translation-{language}")
    assert visit.faults == []
    look(page)
    visit.faults.clear()  # axe styles the frame of the preview, which its policy forbids
    page.select_option("#id_follows", "3")
    page.fill("#id_body", f"{page.input_value('#id_body')}\nOne more paragraph.\n")
    page.locator("input[name=_save]").first.click()
    page.wait_for_selector(".messagelist .success")
    latest = translation.revisions.order_by("-number")[0]
    assert latest.number == 2
    assert latest.source_revision == text.revisions.get(number=3)
    visit.open("/admin/cases/casetext/languages/?lags=1")
    expect(page.locator(".languages")).to_have_count(0)
    assert visit.faults == []


def rewrite_and_publish(text: CaseText) -> None:
    old = text.revisions.get()
    body = old.body.replace("购物偏好、虚拟资产、微信支付用在何处", "购物习惯、微信支付用在哪里")
    words = {"title": old.title, "standfirst": old.standfirst, "body": body}
    revision = save_revision(text, **words, actor=None, now=timezone.now())
    publish_revision(revision, actor=None, now=timezone.now())
