"""A web request publishes what is due: once a second at most, beside the request, never instead."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from fintechsite import due_releases
from fintechsite.due_releases import PublishDueReleases
from metrics.models import Change, Observation, Release, Series
from metrics.services.composing import add_value, compose_release
from metrics.services.scheduling import schedule_release
from tests.metrics.factories import NOW, SourceFactory, make_series

PATH = "/healthz"


@pytest.fixture(autouse=True)
def looks_once_a_second(settings: Any) -> None:
    settings.DUE_CHECK_SECONDS = 1.0


@pytest.fixture
def series() -> Series:
    return make_series("webank.users")


def due(series: Series) -> Release:
    """A release whose time has come by the clock of the machine."""
    words = {"zh-hans": "发布", "en": "Release"}
    release = compose_release(title=words, reason={}, kind="new", actor=None, now=NOW)
    add_value(release, series=series, period="2018", source=SourceFactory(), stated="1", actor=None)
    now = timezone.now()
    past = now - timedelta(minutes=2)
    schedule_release(release, at=now - timedelta(minutes=1), actor=None, now=past)
    return release


def ask(middleware: PublishDueReleases) -> HttpResponse:
    return middleware(RequestFactory().get(PATH))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", ["/en/series/webank.users/", "/admin/login/", "/api/v1/"])
def test_any_request_publishes_what_is_due_before_it_answers(series: Series, url: str) -> None:
    due(series)
    answer = Client().get(url)
    assert answer.status_code == 200
    assert Observation.objects.count() == Change.objects.count() == 1
    if "series" in url:
        assert "2018" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_reader_waits_for_no_long_publication(
    series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(series)
    go_on, ended = threading.Event(), threading.Event()

    def long(_now: object) -> None:
        go_on.wait(30)
        ended.set()

    monkeypatch.setattr(due_releases, "publish_due", long)
    monkeypatch.setattr(due_releases, "LONGEST_WAIT_SECONDS", 0.01)
    middleware = PublishDueReleases(lambda _request: HttpResponse("read"))
    assert ask(middleware).content == b"read"
    assert not ended.is_set()
    go_on.set()
    assert ended.wait(30)


@pytest.mark.django_db
def test_it_looks_once_a_second_by_one_query(
    settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    middleware = PublishDueReleases(lambda _request: HttpResponse())
    settings.DUE_CHECK_SECONDS = 3600.0
    with django_assert_num_queries(1):
        ask(middleware)
    with django_assert_num_queries(0):
        ask(middleware)
    settings.DUE_CHECK_SECONDS = 0
    with django_assert_num_queries(0):
        ask(PublishDueReleases(lambda _request: HttpResponse()))


@pytest.mark.parametrize("name", ["is_any_due", "publish_due"])
@pytest.mark.django_db
def test_fault_while_publishing_reaches_no_reader(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(_now: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(due_releases, "is_any_due", lambda _now: True)
    monkeypatch.setattr(due_releases, name, fail)
    middleware = PublishDueReleases(lambda _request: HttpResponse("read"))
    assert ask(middleware).content == b"read"
