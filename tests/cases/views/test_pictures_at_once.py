"""Many ask for pictures at once: each is drawn once, and no more at a time than may be."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from cases.views import picture_answers
from metrics.models import Series
from tests.cases.conftest import publish_case
from tests.cases.views.test_under_load import all_at_once
from tests.metrics.factories import make_series, publish

CHART = "/en/cases/webank/charts/chart-1.png"
PATIENCE = 60


@pytest.fixture(autouse=True)
def case(users: Series) -> None:
    publish_case("webank")
    cache.clear()


@pytest.mark.django_db(transaction=True)
def test_picture_that_many_ask_for_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = picture_answers.png_of

    def counted(svg: str, *, width: int) -> bytes:
        drawn.append(svg)
        return real(svg, width=width)

    monkeypatch.setattr(picture_answers, "png_of", counted)
    answers = all_at_once(lambda: Client().get(CHART), 12)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == len(drawn) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Other pictures are being drawn."), ("zh-hans", "正在绘制其他图片")],
)
def test_further_pictures_are_refused_for_a_moment_while_all_places_are_taken(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()
    real = picture_answers.png_of

    def slow(svg: str, *, width: int) -> bytes:
        begun.release()
        assert go_on.wait(PATIENCE)
        return real(svg, width=width)

    def ask(width: int) -> int:
        try:
            return Client().get(f"{CHART}?width={width}").status_code
        finally:
            connection.close()

    monkeypatch.setattr(picture_answers, "png_of", slow)
    other = CHART.replace("/en/", f"/{language}/")
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, width) for width in (400, 500)]
        try:
            for _ in asked:
                assert begun.acquire(timeout=PATIENCE)
            refused = Client().get(f"{other}?width=600")
        finally:
            go_on.set()
        assert [one.result(PATIENCE) for one in asked] == [200, 200]
    assert (refused.status_code, refused["Retry-After"]) == (503, "2")
    assert refused["Cache-Control"] == "no-store"
    assert words in refused.content.decode()
    assert Client().get(f"{other}?width=600").status_code == 200


@pytest.mark.django_db
def test_place_is_free_again_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(svg: str, *, width: int) -> bytes:
        raise RuntimeError("no ink")

    with monkeypatch.context() as patched:
        patched.setattr(picture_answers, "png_of", broken)
        for _ in range(3):
            with pytest.raises(RuntimeError, match="no ink"):
                Client().get(CHART)
    assert Client().get(CHART).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "a whole number of pixels from 200 to {}."), ("zh-hans", "应为 200 到 {} 之间")],
)
def test_picture_too_high_for_its_width_says_how_wide_it_may_be(language: str, words: str) -> None:
    keys = [f"entity-{number}.sales" for number in range(8)]
    rows = [(make_series(key), year, "5") for key in keys for year in ("2017", "2018")]
    publish(*rows)
    path = f"/{language}/compare/chart.png?layout=panels&s={'~'.join(keys)}&width="
    refused = Client().get(f"{path}2400")
    told = refused.content.decode()
    most = next(n for n in range(2400, 1200, -1) if words.format(n) in told)
    assert refused.status_code == 400
    assert Client().get(f"{path}{most}").status_code == 200
    assert Client().get(f"{path}{most + 1}").status_code == 400
