"""Snapshots: served by one query, dropped by what changes them, never to those who edit."""

import gzip
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseText, PageSnapshot
from cases.selectors import kept
from cases.services import snapshots
from cases.services.texts import publish_revision, save_revision
from metrics.models import Series
from metrics.services.publishing import publish_definitions
from tests.cases.conftest import publish_case
from tests.metrics.factories import NOW, make_series, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

STORED = (
    "", "cases/webank/", "technologies/big-data/", "overview/", "entities/webank/",
    "series/webank.users/", "sources/report-2019/",
)  # fmt: skip
LATER = NOW + timedelta(days=1)


def is_stored(path: str) -> bool:
    return PageSnapshot.objects.current().filter(path=path).exists()


@pytest.mark.parametrize("path", STORED)
def test_second_reader_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    first = client.get(f"/en/{path}")
    with django_assert_num_queries(1):
        second = client.get(f"/en/{path}")
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Cache-Control"] == "public, s-maxage=5"
    assert second["Vary"] == "Accept-Encoding"
    assert second["Content-Language"] == "en"
    assert not second.cookies


def test_known_page_is_a_304_for_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = client.get("/en/cases/webank/")["ETag"]
    with django_assert_num_queries(1):
        response = client.get("/en/cases/webank/", headers={"If-None-Match": f'"x", {etag}'})
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip", True), ("br, gzip;q=0.8", True), ("", False), ("gzip;q=0", False), ("br", False)],
)
def test_page_is_packed_for_those_who_accept_it(
    client: Client, accepted: str, is_packed: bool
) -> None:
    plain = client.get("/en/").content
    response = client.get("/en/", headers={"Accept-Encoding": accepted})
    assert response.has_header("Content-Encoding") == is_packed
    assert (gzip.decompress(response.content) if is_packed else response.content) == plain


def test_head_answers_like_get_without_the_body(client: Client) -> None:
    first = client.get("/en/")
    response = client.head("/en/")
    assert (response.status_code, response["ETag"]) == (200, first["ETag"])
    assert response.content == b""


@pytest.mark.parametrize("path", ["", "cases/webank/", "series/webank.users/", "entities/webank/"])
def test_changed_value_is_shown_at_once(client: Client, users: Series, path: str) -> None:
    before = client.get(f"/en/{path}")
    assert "over 60 million" in before.content.decode()
    publish((users, "2018", "7,000万"), kind="correction", now=LATER)
    after = client.get(f"/en/{path}", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "70 million" in after.content.decode()


def test_changed_words_are_shown_at_once(client: Client, users: Series) -> None:

    for path in ("/en/", "/en/cases/webank/", "/en/entities/webank/"):
        client.get(path)
    text = CaseText.objects.get(case__slug="webank", language="en")
    revision = save_revision(
        text, title="A new title", standfirst="", body="Words.", actor=None, now=LATER
    )
    publish_revision(revision, actor=None, now=LATER)
    for path in ("/en/", "/en/cases/webank/", "/en/entities/webank/"):
        assert "A new title" in client.get(path).content.decode()


def test_unrelated_value_leaves_the_snapshot(client: Client) -> None:
    client.get("/en/cases/webank/")
    publish((make_series("other.users"), "2018", "1万"), now=LATER)
    assert is_stored("/en/cases/webank/")


def test_edited_definition_drops_every_snapshot(client: Client) -> None:
    for path in STORED:
        client.get(f"/en/{path}")
    publish_definitions(actor=None, now=LATER, what="unit")
    assert not PageSnapshot.objects.current().exists()


def test_superseded_case_is_kept_as_a_record(client: Client, users: Series) -> None:
    client.get("/en/cases/webank/")
    client.get("/en/series/webank.users/")
    change = publish((users, "2018", "7,000万"), kind="correction", now=LATER)
    kept = PageSnapshot.objects.get()
    assert (kept.path, kept.seq_to) == ("/en/cases/webank/", change.seq)


def test_staff_read_the_live_page(client: Client) -> None:
    client.force_login(User.objects.create_user("editor", is_staff=True))
    response = client.get("/en/cases/webank/")
    assert response.status_code == 200
    assert "ETag" not in response
    assert not is_stored("/en/cases/webank/")


def test_logged_in_reader_gets_the_snapshot(client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/en/cases/webank/").has_header("ETag")


@pytest.mark.parametrize("path", ["?x=1", "cases/", "series/", "methods/", "cases/none/"])
def test_other_pages_are_not_kept(client: Client, path: str) -> None:
    client.get(f"/en/{path}")
    assert not PageSnapshot.objects.exists()


def test_page_rendered_before_a_change_is_not_kept(users: Series) -> None:
    seq = publish((users, "2018", "7,000万"), now=LATER).seq
    assert not snapshots.store_snapshot("/en/x/", b"old", "x", seq=seq - 1, depends_on=())
    assert snapshots.store_snapshot("/en/x/", b"new", "x", seq=seq, depends_on=())


def test_snapshot_of_other_code_is_made_anew(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        for module in (kept, snapshots):
            patched.setattr(module, "code_digest", lambda: "0" * 12)
        old = client.get("/en/")["ETag"]
    new = client.get("/en/")["ETag"]
    assert old.startswith('W/"000000000000-')
    assert new != old
    assert PageSnapshot.objects.current().get(path="/en/").etag == new[3:-1]


def test_technology_published_later_appears_on_its_cases(client: Client) -> None:

    new = Case.objects.create(slug="blockchain", kind="technology")
    Case.objects.get(slug="webank").technologies.add(new)
    assert "Title of blockchain" not in client.get("/en/cases/webank/").content.decode()
    publish_case("blockchain", kind="technology")
    assert "Title of blockchain" in client.get("/en/cases/webank/").content.decode()
    assert "Title of blockchain" in client.get("/en/").content.decode()


def test_text_that_has_nothing_in_common_leaves_the_snapshot(client: Client) -> None:
    client.get("/en/cases/webank/")
    publish_case("stranger")
    assert is_stored("/en/cases/webank/")


def test_case_published_later_appears_beside_those_it_resembles(client: Client) -> None:
    near = Case.objects.create(slug="near", kind="case")
    near.technologies.set(Case.objects.get(slug="webank").technologies.all())
    assert "Title of near" not in client.get("/en/cases/webank/").content.decode()
    publish_case("near")
    assert "Title of near" in client.get("/en/cases/webank/").content.decode()


def test_technology_of_a_case_beside_is_named_once_it_is_published(client: Client) -> None:
    new = Case.objects.create(slug="blockchain", kind="technology")
    near = Case.objects.create(slug="near", kind="case")
    near.technologies.set([*Case.objects.get(slug="webank").technologies.all(), new])
    publish_case("near")
    assert "Title of near" in client.get("/en/cases/webank/").content.decode()
    publish_case("blockchain", kind="technology")
    assert not is_stored("/en/cases/webank/")
