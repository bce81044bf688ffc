"""The shipped content, page by page: nothing missing, every figure leads to its row."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.test import Client

from cases.models import Case
from cases.selectors.addresses import text_url
from cases.services.content.loading import load_content
from metrics.models import Entity, Series, Source
from tests.metrics.factories import NOW

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
