"""A case read as it stood when it was cited: the notice, and what changed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import CaseText
from cases.services.texts import publish_revision, save_revision
from metrics.models import Change, Series
from tests.browser.axe import violations
from tests.browser.visit import Visit
from tests.metrics.factories import publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CASE = "/cases/webank/"
WORDS = {
    "zh-hans": ("购物偏好、虚拟资产、微信支付用在何处", "购物习惯、微信支付用在哪里"),
    "en": ("Shopping habits, virtual assets, where and how often", "Shopping habits, where"),
}


def change_figure_and_words(language: str) -> int:
    """A correction and a rewritten paragraph; the seq that stood before them."""
    before = Change.objects.latest_seq()
    now = timezone.now() + timedelta(minutes=1)
    series = Series.objects.get(key="webank.registered-users")
    publish((series, "2017", "超过7,000万"), kind="correction", now=now)
    text = CaseText.objects.get(case__slug="webank", language=language)
    old = text.revisions.order_by("-number")[0]
    words = WORDS[language]
    body = old.body.replace(*words).replace("\n\n## ", "\n\nOne more.\n\n## ", 1)
    revision = save_revision(
        text, title=old.title, standfirst=old.standfirst, body=body, actor=None, now=now
    )
    publish_revision(revision, actor=None, now=now)
    return before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_cited_page_stays_and_tells_what_changed(visit: Visit, language: str) -> None:
    before = change_figure_and_words(language)
    page = visit.page
    visit.open(f"/{language}{CASE}?as_of={before}")
    visit.shoot(f"dated-case-{language}")
    page.locator(".dated a[href='#since']").click()
    assert page.locator("#since").is_visible()
    assert page.locator(".difference ins").count() >= 1
    assert page.locator(".difference del").count() >= 1
    table = page.locator(".since table").inner_text()
    assert ("6,000" in table and "7,000" in table) or ("60" in table and "70" in table)
    assert violations(page) == []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    address = page.locator("a.figure[href*='registered-users']").first.get_attribute("href") or ""
    assert f"?as_of={before}#2017" in address
    visit.open(address)
    visit.shoot(f"dated-series-{language}")
    page.locator(".dated a").first.click()
    page.wait_for_url("**/webank.registered-users/")
    assert visit.faults == []


def test_day_is_chosen_in_the_form_without_script(visit: Visit) -> None:
    page = visit.page
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visit.open(f"/en{CASE}")
    page.fill("#as_of", "2020-01-01")
    page.click(".as-of button")
    page.wait_for_url("**/?as_of=2020-01-01")
    assert "Nothing was published at this address on 1 January 2020" in page.inner_text("main")
    assert [fault[:3] for fault in visit.faults if not fault.startswith("console")] == ["404"]
