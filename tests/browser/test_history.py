"""The public history of a case: what was published, what was put right, and what differs."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from cases.models import CaseText
from cases.services.texts import save_revision
from tests.browser.axe import violations
from tests.browser.test_dated import change_figure_and_words
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CASE = "/cases/webank/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_reader_follows_a_case_back(visit: Visit, language: str) -> None:
    change_figure_and_words(language)
    text = CaseText.objects.get(case__slug="webank", language=language)
    author = User.objects.get(username="author")
    parts = {"title": "Secret", "standfirst": "", "body": "Secret.\n"}
    save_revision(text, **parts, actor=author, now=timezone.now())
    page = visit.page
    visit.open(f"/{language}{CASE}")
    page.locator(".byline a[href$='/history/']").click()
    page.wait_for_url("**/history/")
    visit.shoot(f"history-{language}")
    assert page.locator(".history__entry").count() == 3
    assert "Secret" not in page.content()
    _look(visit)
    page.locator(".history__links a[href*='from=']").click()
    page.wait_for_selector(".difference ins")
    visit.shoot(f"history-comparison-{language}")
    _look(visit)
    page.select_option("#from", "2")
    page.select_option("#to", "1")
    page.locator(".filters button").click()
    page.wait_for_url("**/history/?from=2&to=1")
    assert page.locator(".difference del").count() >= 1
    page.locator("h1 a").click()
    page.locator(".history__entry--notice .history__links a").last.click()
    page.wait_for_selector(".dated")
    assert visit.faults == []


def _look(visit: Visit) -> None:
    assert violations(visit.page) == []
    for width in (390, 1280):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
