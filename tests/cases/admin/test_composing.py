"""A release is composed in the admin: filled, read, and never by who may not."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CaseText
from metrics.models import Observation, Release
from tests.cases.conftest import write
from tests.metrics.admin.forms import said
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import SourceFactory

pytestmark = pytest.mark.django_db

WORDS = {"title_zh_hans": "新季度", "title_en": "New quarter", "kind": "new"}


def page_of(release: Release) -> str:
    return reverse("admin:metrics_release_change", args=[release.pk])


def compose(browser: Client, **words: Any) -> Release:
    answer = browser.post(reverse("admin:metrics_release_compose"), WORDS | words)
    assert answer.status_code == 302
    return Release.objects.latest("pk")


def html_of(browser: Client, release: Release) -> str:
    answer = browser.get(page_of(release))
    assert answer.status_code == 200
    return str(answer.content.decode())


def buttons(html: str, name: str) -> list[str]:
    return re.findall(f'name="{name}" value="([^"]*)"', html)


@pytest.fixture
def approved(roles: None) -> CaseText:
    text = write("big-data").text
    CaseText.objects.filter(pk=text.pk).update(state="approved")
    return text


def test_editor_composes_and_publisher_publishes(
    editor: Client, publisher: Client, row: Observation, approved: CaseText
) -> None:
    release = compose(editor)
    assert (release.title_en, release.state) == ("New quarter", "draft")
    html = html_of(editor, release)
    assert "It holds nothing." in html
    assert buttons(html, "_add") == [f"texts:{approved.pk}"]
    editor.post(page_of(release), {"_add": f"texts:{approved.pk}"})
    value = {"series": row.series_id, "period": "2018", "source": SourceFactory().pk}
    value |= {"stated": "7,000万", "status": "A", "preferred": "on"}
    answer = editor.post(reverse("admin:metrics_release_value", args=[release.pk]), value)
    assert "is in the release" in said(answer)
    html = html_of(editor, release)
    assert "Nothing: it can be published as it is." in html
    assert "webank.users 2018: 7,000万" in html
    assert 'name="_publish"' not in html
    publisher.post(page_of(release), {"_publish": "1"})
    release.refresh_from_db()
    assert release.state == "published"
    assert approved.publications.current().exists()


def test_what_was_added_is_taken_out(editor: Client, approved: CaseText) -> None:
    release = compose(editor)
    editor.post(page_of(release), {"_add": f"texts:{approved.pk}"})
    (value,) = buttons(html_of(editor, release), "_take_out")
    editor.post(page_of(release), {"_take_out": value})
    assert not release.texts.exists()


def test_what_cannot_be_added_is_told(editor: Client, approved: CaseText) -> None:
    one, other = compose(editor), compose(editor)
    for release in (one, other):
        answer = editor.post(page_of(release), {"_add": f"texts:{approved.pk}"})
    assert "stands in the release “New quarter”" in said(answer)
    for data in ("texts:x", "texts:999", "nothing:1", ":", ""):
        answer = editor.post(page_of(one), {"_add": data})
        assert answer.status_code == 302
        assert said(answer)


def test_correction_needs_a_reason(editor: Client) -> None:
    page = editor.post(reverse("admin:metrics_release_compose"), WORDS | {"kind": "correction"})
    assert "Give a reason in at least one language." in page.content.decode()
    assert not Release.objects.exists()


def test_title_and_reason_are_edited_while_it_waits(editor: Client) -> None:
    release = compose(editor)
    url = reverse("admin:metrics_release_describe", args=[release.pk])
    assert 'value="New quarter"' in editor.get(url).content.decode()
    editor.post(url, WORDS | {"title_en": "Q4", "kind": "revision", "reason_en": "restated"})
    release.refresh_from_db()
    assert (release.title_en, release.kind, release.reason_en) == ("Q4", "revision", "restated")
    Release.objects.filter(pk=release.pk).update(state="rejected")
    page = editor.post(url, WORDS)
    assert "was already decided" in page.content.decode()


def test_wrong_value_is_shown_at_its_field(editor: Client, row: Observation) -> None:
    release = compose(editor)
    url = reverse("admin:metrics_release_value", args=[release.pk])
    value = {"series": row.series_id, "period": "2018-13", "source": SourceFactory().pk}
    page = editor.post(url, value | {"stated": "1", "status": "A"})
    assert page.status_code == 200
    assert "period" in page.context["form"].errors
    assert not release.staged.exists()


@pytest.mark.parametrize("role", ["nobody", "Author"])
def test_who_may_not_compose_changes_nothing(role: str, editor: Client, approved: CaseText) -> None:
    release = compose(editor)
    browser = browser_of(role)
    for data in ({"_add": f"texts:{approved.pk}"}, {"_take_out": "texts:1"}, {"_publish": "1"}):
        assert browser.post(page_of(release), data).status_code == 403
    for name in ("compose", "describe", "value"):
        args = [] if name == "compose" else [release.pk]
        url = reverse(f"admin:metrics_release_{name}", args=args)
        assert browser.get(url).status_code == 403
        assert browser.post(url, WORDS).status_code == 403
    assert not release.texts.exists()
    assert Release.objects.count() == 1
