"""The shipped content, page by page: nothing missing, every figure leads to its row."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.test import Client

from cases.models import Case
from cases.selectors.addresses import text_url
from cases.services.content.loading import load_content
from metrics.models import Change, Entity, Series, Source
from tests.cases.views.reading import article, page, plain, since
from tests.metrics.factories import NOW

LANGUAGES = ("zh-hans", "en")
# The records of the figures of a text, which stand at the end of the page.
RECORDS = '<h2 class="print-only">.*?</h2>|<aside class="note".*?</aside>'
CONTENT = Path(__file__).parents[3] / "cases" / "content"


def data_pages(language: str) -> list[str]:
    return [
        *(f"/{language}/series/{key}/" for key in Series.objects.values_list("key", flat=True)),
        *(
            f"/{language}/entities/{slug}/"
            for slug in Entity.objects.values_list("slug", flat=True)
        ),
        *(f"/{language}/sources/{slug}/" for slug in Source.objects.values_list("slug", flat=True)),
    ]


@pytest.mark.django_db
def test_shipped_content_is_whole_in_both_languages(client: Client) -> None:
    load_content(CONTENT, now=NOW)

    @cache
    def page(url: str) -> str:
        response = client.get(url)
        assert response.status_code == 200, url
        return response.content.decode()

    for language in ("zh-hans", "en"):
        texts = [text_url(case.kind, case.slug, language) for case in Case.objects.all()]
        assert len(texts) == 12
        for url in [f"/{language}/", f"/{language}/cases/", f"/{language}/series/", *texts]:
            html = page(url)
            assert "figure--missing" not in html, url
            assert "figure--broken" not in html, url
            for target, anchor in set(re.findall(rf'"(/{language}/series/[^"#]+/)#([^"]+)"', html)):
                assert f'<tr id="{anchor}">' in page(target), (url, target, anchor)
        for url in data_pages(language):
            page(url)


def records(html: str) -> list[str]:
    return [plain(one) for one in re.findall(RECORDS, html, flags=re.DOTALL)]


@pytest.mark.django_db
def test_page_as_of_now_shows_what_the_present_page_does(client: Client) -> None:
    """Every derived value included: what is stored now is what is computed for the past."""
    load_content(CONTENT, now=NOW)
    now = Change.objects.latest_seq()
    paths = [text_url(one.kind, one.slug, code) for one in Case.objects.all() for code in LANGUAGES]
    derived = Series.objects.filter(derived_values__isnull=False).distinct()
    paths += [f"/en/series/{key}/" for key in derived.values_list("key", flat=True)]
    for path in paths:
        dated = page(client, f"{path}?as_of={now}")
        present = page(client, path).partition("<main")[2].partition(">")[2]
        present = present.partition('<form class="filters as-of')[0]
        # reports and citations are of now, and what to copy of a chart of its moment
        only_now = (
            '<a rel="nofollow".*?</a>|<section class="cite.*?</section>|<textarea.*?</textarea>'
        )
        if "/series/" in path:  # the sentences that quote a series are those of now
            only_now += '|<ol class="case-list.*?</ol>'
        present = re.sub(only_now, "", present, flags=re.DOTALL)
        assert records(re.sub(only_now, "", dated, flags=re.DOTALL)) == records(present), path
        shown = plain(re.sub(RECORDS, "", present, flags=re.DOTALL))
        dated = re.sub(only_now, "", dated, flags=re.DOTALL)
        assert (
            article(dated).replace("Words of", "Updated").replace("文字发布于", "更新于") == shown
        )
        assert "same." in since(dated) or "均相同。" in since(dated), path
