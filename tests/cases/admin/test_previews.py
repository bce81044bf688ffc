"""The page that tells what a release would change."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CaseText
from metrics.models import Observation, Release, ReleasePreview
from metrics.services.composing import add_value
from metrics.services.publishing import publish_release
from tests.cases.admin.test_composing import compose, page_of
from tests.metrics.admin.forms import said
from tests.metrics.factories import NOW, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(editor: Client, row: Observation, text: CaseText) -> Release:
    """A corrected value that the live text quotes."""
    release = compose(editor, kind="correction", reason_en="misread")
    value = {"series": row.series, "period": "2017", "source": SourceFactory()}
    add_value(release, stated="7,000万", actor=None, **value)
    return release


def preview_page(release: Release) -> str:
    return reverse("admin:metrics_release_preview", args=[release.pk])


def test_editor_reads_what_would_change(editor: Client, release: Release) -> None:
    assert preview_page(release) in editor.get(page_of(release)).content.decode()
    html = editor.get(preview_page(release)).content.decode()
    for told in (
        "注册用户超过6,000万。",
        "注册用户7,000万。",
        "webank (zh-hans)",
        "Values written",
    ):
        assert told in html
    assert Observation.objects.current().get().stated == "超过6,000万"
    editor.get(preview_page(release))
    assert ReleasePreview.objects.count() == 1


def test_refusal_is_told_on_the_page(editor: Client, release: Release, text: CaseText) -> None:
    revision = text.revisions.create(number=9, title="x", body="x", created_at=NOW)
    release.texts.create(revision=revision)
    html = editor.get(preview_page(release)).content.decode()
    assert "It would be refused:" in html
    assert "is not approved." in html


def test_decided_release_leads_back_with_the_reason(editor: Client, release: Release) -> None:
    publish_release(release, actor=None, now=NOW)
    answer = editor.get(preview_page(release))
    assert answer.status_code == 302
    assert "was already decided" in said(answer)
