"""The whole way of a sentence: written, reviewed by another, scheduled, put right, cited."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from cases.models import CaseText, Drift
from metrics.models import Change, Series
from tests.browser.conftest import PASSWORD, log_in
from tests.browser.editing import select
from tests.browser.test_walk import step
from tests.browser.visit import Visit
from tests.metrics.factories import publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CASE = "/zh-hans/cases/webank/"


def test_sentence_from_its_author_to_whoever_cites_it(
    visit: Visit, text: CaseText, settings: Settings
) -> None:
    settings.DUE_CHECK_SECONDS = 0.01  # the site of this test looks, as a web process does
    write_with_picker(visit, text)
    refuse_own_text(visit, text)
    approve(visit, text)
    schedule(visit, text)
    cited = go_live_on_time(visit)
    correct()
    accept_drift(visit)
    read_notice(visit)
    visit.open(f"{CASE}?as_of={cited}")
    assert "超过6,000万人在用" in plain(visit)
    visit.shoot("story-cited")
    restore(visit, text)
    assert visit.faults == []


def plain(visit: Visit) -> str:
    return visit.page.inner_text("main").replace("\u2009", "").replace(" ", "")


def write_with_picker(visit: Visit, text: CaseText) -> None:
    """An editor writes, and takes the figure from the picker."""
    log_in(visit, "editor")
    visit.open(f"/admin/cases/casetext/{text.pk}/change/")
    page = visit.page
    body = page.locator("#id_body")
    body.fill("有【】人在用。")
    select(body, "【】")
    page.get_by_role("button", name="数值…").click()
    dialog = page.get_by_role("dialog", name="数值")
    page.keyboard.type("webank 注册")
    expect(dialog.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-printed]")).to_have_text("超过6,000万")
    dialog.get_by_label("时期").select_option("2017")
    dialog.get_by_role("button", name="插入").click()
    expect(body).to_have_value("有{{ webank.registered-users@2017 }}人在用。")
    page.locator("input[name=_review]").first.click()
    step(visit, "submitted")
    visit.shoot("story-submitted")


def refuse_own_text(visit: Visit, text: CaseText) -> None:
    """Whoever wrote last does not approve: the page says why."""
    visit.open(f"/admin/cases/casetext/{text.pk}/review/")
    expect(visit.page.locator("button[name=step][value=approved]")).to_have_count(0)
    text.refresh_from_db()
    assert text.state == "in-review"


def approve(visit: Visit, text: CaseText) -> None:
    second = User.objects.create_user("second", password=PASSWORD, is_staff=True)
    second.groups.add(Group.objects.get(name="Editor"))
    review = f"/admin/cases/casetext/{text.pk}/review/"
    log_in(visit, "second")
    visit.open(review)
    step(visit, "approved")


def schedule(visit: Visit, text: CaseText) -> None:
    """A publisher puts the text into a release, looks at what it does and gives it a time."""
    log_in(visit, "publisher")
    visit.open("/admin/metrics/release/compose/")
    page = visit.page
    page.get_by_label("标题（中文）").fill("微众银行新稿")
    page.get_by_label("标题（英文）").fill("WeBank, new text")
    page.locator(".submit-row input[type=submit]").click()
    offers = page.locator("#part-texts .release-part__offers")
    offers.locator("summary").click()
    offers.get_by_role("button").first.click()
    page.get_by_role("link", name="将带来的变化").click()
    expect(page.locator("main")).to_contain_text("超过6,000万")
    visit.shoot("story-impact")
    page.go_back()
    page.get_by_role("link", name="排定时间").click()
    at = timezone.localtime(timezone.now() + timedelta(minutes=2))
    page.locator("#id_at").fill(at.strftime("%Y-%m-%dT%H:%M"))
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator("input[name=_unschedule]")).to_be_visible()
    visit.open("/admin/metrics/release/calendar/")
    visit.shoot("story-calendar")
    text.refresh_from_db()
    assert text.state == "scheduled"


def go_live_on_time(visit: Visit) -> int:
    """No worker runs: the first who reads at the minute sees it."""
    before = Change.objects.latest_seq()
    visit.open(CASE)
    assert "超过6,000万人在用" not in plain(visit)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        visit.open(CASE)
    assert "超过6,000万人在用" in plain(visit)
    assert Change.objects.latest_seq() == before + 1
    return before + 1


def correct() -> None:
    users = Series.objects.get(key="webank.registered-users")
    publish((users, "2017", "超过6,100万"), kind="correction", now=timezone.now())


def accept_drift(visit: Visit) -> None:
    """The sentence reads otherwise now: the queue shows both, and somebody looks at it."""
    row = Drift.objects.get(text__case__slug="webank", text__language="zh-hans", state="open")
    assert ("6,000万" in row.before, "6,100万" in row.after) == (True, True)
    visit.open("/admin/cases/drift/")
    visit.shoot("story-queue")
    visit.open(f"/admin/cases/drift/{row.pk}/settle/")
    expect(visit.page.locator(".drift__words ins").first).to_be_visible()
    visit.shoot("story-drift")
    visit.page.locator("button[name=act][value=accept]").click()
    visit.page.wait_for_selector(".messagelist .success")
    row.refresh_from_db()
    assert row.state == "accepted"


def read_notice(visit: Visit) -> None:
    visit.open(CASE)
    assert "超过6,100万人在用" in plain(visit)
    notices = visit.page.inner_text("section.notices").replace("\u2009", "").replace(" ", "")
    assert "超过6,000万" in notices
    assert "超过6,100万" in notices
    visit.shoot("story-notice")


def restore(visit: Visit, text: CaseText) -> None:
    """The former words are a draft again; readers keep what they have."""
    visit.open(f"/admin/cases/casetext/{text.pk}/history/")
    page = visit.page
    page.locator("input[name=from][value='2']").check()
    page.locator("input[name=to][value='1']").check()
    page.locator(".revisions .button").click()
    page.locator(".restore .button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert text.revisions.get(number=3).body == text.revisions.get(number=1).body
    visit.open(CASE)
    assert "超过6,100万人在用" in plain(visit)
