"""Webhooks in the admin: made, tried, replayed, switched; and by whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from partners.models import Delivery, Partner, Webhook
from partners.services.delivering import deliver_due
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import make_series, publish
from tests.partners.admin.test_keys import shown
from tests.partners.outgoing.receiver import Receiver
from tests.partners.services.conftest import receiver, webhook

pytestmark = pytest.mark.django_db
__all__ = ["receiver", "webhook"]

ADD = "/admin/partners/webhook/add/"
URL = "https://partner.example/hook?key=theirs"
PAGES = ["change", "edit", "secret", "replay"]


def page_of(hook: Webhook, page: str = "change") -> str:
    return f"/admin/partners/webhook/{hook.pk}/{page}/"


def filled(whose: Partner, **fields: Any) -> dict[str, Any]:
    return {"partner": whose.pk, "url": URL, "kinds": ["release", "correction"], **fields}


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_secret_of_a_new_webhook_is_shown_once(manager: Client, partner: Partner) -> None:
    publish((make_series("webank.users"), "2017", "5"))
    secret = shown(manager.post(ADD, filled(partner)))
    hook = Webhook.objects.get()
    assert secret == hook.secret
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert (hook.kinds, hook.seen_seq) == (["correction", "release"], 1)
    for url in (page_of(hook), page_of(hook, "history"), "/admin/partners/webhook/"):
        assert secret not in manager.get(url).content.decode(), url
    assert secret not in str(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    "url",
    ["http://partner.example/", "https://user:word@partner.example/", "https://partner.example:22/",
     "partner.example", "https://", "https://partner.example/#x", "javascript:alert(1)"],
)  # fmt: skip
def test_address_that_is_no_target_is_refused(
    manager: Client, partner: Partner, settings: Any, url: str
) -> None:
    settings.WEBHOOK_LOCAL = False
    answer = manager.post(ADD, filled(partner, url=url))
    assert list(answer.context["form"].errors) == ["url"]
    assert not Webhook.objects.exists()


def test_webhook_is_given_another_address_and_other_kinds(
    manager: Client, webhook: Webhook
) -> None:
    form = manager.get(page_of(webhook, "edit")).context["form"]
    assert form.initial == {"url": webhook.url, "kinds": webhook.kinds}
    manager.post(page_of(webhook, "edit"), {"url": URL, "kinds": ["withdrawal"]})
    webhook.refresh_from_db()
    assert (webhook.url, webhook.kinds) == (URL, ["withdrawal"])


def test_new_secret_is_asked_for_first(manager: Client, webhook: Webhook) -> None:
    manager.get(page_of(webhook, "secret"))
    old = Webhook.objects.get().secret
    assert old == webhook.secret
    new = shown(manager.post(page_of(webhook, "secret")))
    hook = Webhook.objects.get()
    assert (hook.secret, hook.old_secret) == (new, old)


def test_test_button_sends_a_message_whose_fate_the_page_tells(
    manager: Client, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.statuses, receiver.body = [500], b"<script>alert(1)</script>"
    page = manager.get(page_of(webhook)).content.decode()
    assert f'formaction="{page_of(webhook, "act")}" name="act" value="test"' in page
    answer = manager.post(page_of(webhook, "act"), {"act": "test"}, follow=True)
    assert len(told(answer)) == 1
    deliver_due()
    line = manager.get(page_of(webhook)).context["deliveries"][0]
    assert (line.status, line.attempts, line.state) == (500, 1, "waiting")
    log = manager.get(f"/admin/partners/delivery/{line.pk}/change/").content.decode()
    assert "&lt;script&gt;" in log
    assert "<script>alert" not in log


def test_message_that_ended_is_sent_again(
    manager: Client, webhook: Webhook, receiver: Receiver
) -> None:
    manager.post(page_of(webhook, "act"), {"act": "test"})
    url = f"/admin/partners/delivery/{Delivery.objects.get().pk}"
    assert "formaction" not in manager.get(f"{url}/change/").content.decode()
    assert "error" in str(manager.post(f"{url}/replay/", follow=True).content)
    deliver_due()
    assert "formaction" in manager.get(f"{url}/change/").content.decode()
    manager.post(f"{url}/replay/")
    deliver_due()
    assert len(receiver.requests) == 2


def test_everything_since_a_change_is_replayed(
    manager: Client, webhook: Webhook, receiver: Receiver
) -> None:
    for year in ("2017", "2018"):
        publish((make_series("webank.users"), year, "5"))
    Webhook.objects.update(seen_seq=2)  # told of neither
    answer = manager.post(page_of(webhook, "replay"), {"seq": "1"}, follow=True)
    assert told(answer) == ["2 messages are sent again."]
    assert deliver_due() == 2


@pytest.mark.parametrize("seq", ["", "0", "-1", "x", "9" * 30])
def test_change_that_cannot_be_is_refused(manager: Client, webhook: Webhook, seq: str) -> None:
    answer = manager.post(page_of(webhook, "replay"), {"seq": seq})
    assert list(answer.context["form"].errors) == ["seq"]


def test_switch_stops_and_starts_what_is_sent(manager: Client, webhook: Webhook) -> None:
    manager.post(page_of(webhook, "act"), {"act": "off"})
    hook = Webhook.objects.get()
    assert (hook.is_active, hook.disabled_reason) == (False, "staff")
    manager.post(page_of(webhook, "act"), {"act": "test"})
    assert not Delivery.objects.exists()
    manager.post(page_of(webhook, "act"), {"act": "on"})
    assert Webhook.objects.get().is_active


def test_unknown_act_is_refused(manager: Client, webhook: Webhook) -> None:
    assert manager.post(page_of(webhook, "act"), {"act": "explode"}).status_code == 400


def test_first_page_tells_what_was_given_up(manager: Client, webhook: Webhook) -> None:
    now = timezone.now()
    given_up = {"next_attempt_at": None, "gave_up_at": now, "last_error": "timeout"}
    for days in (1, 8):
        Delivery.objects.create(
            webhook=webhook, kind="test", message_id=f"msg_{days}", created_at=now, started_at=now,
            **given_up | {"gave_up_at": now - timedelta(days=days)},
        )  # fmt: skip
    (panel,) = manager.get("/admin/").context["panels"]
    assert (panel.panel.key, panel.summary.count) == ("webhooks", 1)
    assert panel.summary.lines[0].note == "test: no answer in time"
    listed = manager.get(panel.url)
    assert listed.status_code == 200
    assert listed.context["cl"].result_count == 2


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_other_roles_see_and_do_nothing_of_webhooks(role: str, webhook: Webhook) -> None:
    browser = browser_of(role)
    urls = [ADD, "/admin/partners/webhook/", "/admin/partners/delivery/"]
    urls += [page_of(webhook, page) for page in [*PAGES, "act"]]
    for url in urls:
        assert browser.get(url).status_code == 403, url
        assert browser.post(url, {"act": "off", "seq": "1"}).status_code == 403, url
    assert Webhook.objects.get().is_active


def test_page_of_a_webhook_leads_to_all_its_messages(manager: Client, webhook: Webhook) -> None:
    manager.post(page_of(webhook, "act"), {"act": "test"})
    (link,) = re.findall(
        r'href="(/admin/partners/delivery/\?[^"]+)"', manager.get(page_of(webhook)).content.decode()
    )
    assert manager.get(link).context["cl"].result_count == 1
