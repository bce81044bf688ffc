"""Adding pictures: what is taken, what is told, what stays."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Picture
from tests.cases.conftest import publish_case, rewrite
from tests.cases.drawn import drawn, make_picture
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
ADD = "/admin/cases/picture/add/"


def send(browser: Client, content: bytes, name: str = "a.png", **given: str) -> str:
    """What the form says of an upload; empty where it was taken."""
    file = SimpleUploadedFile(name, content)
    answer = browser.post(ADD, {"slug": "branch", "file": file, **given})
    if answer.status_code == 302:
        return ""
    found = re.search(r'class="errorlist"[^>]*>(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else "?"


def test_author_adds_a_picture(author: Client) -> None:
    assert send(author, drawn("PNG", 3200, 100), credit_en="A") == ""
    picture = Picture.objects.get()
    assert (picture.slug, picture.width, picture.height) == ("branch", 1600, 50)
    assert picture.credit_en == "A"
    assert picture.added_by is not None
    shown = author.get(f"/admin/cases/picture/{picture.pk}/change/").content.decode()
    assert f"/pictures/branch.{picture.tag}.png" in shown
    assert "picture: branch" in shown


def test_what_is_no_picture_is_told_in_the_form(author: Client) -> None:
    assert "PNG, JPEG or WebP" in send(author, b"%PDF-1.4 nothing")
    assert "already exists" in (make_picture() and send(author, drawn()))
    assert Picture.objects.count() == 1


def test_upload_over_the_bound_is_told(author: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.admin.pictures.MOST_UPLOADED", 10)
    assert "at most 10 bytes" in send(author, drawn())


def test_picture_cannot_be_changed(admin: Client) -> None:
    picture = make_picture()
    url = f"/admin/cases/picture/{picture.pk}/change/"
    assert admin.post(url, {"slug": "other"}).status_code == 403
    picture.refresh_from_db()
    assert picture.slug == "branch"


def test_shown_picture_is_not_deleted_and_another_is(author: Client) -> None:
    publish((make_series("webank.users"), "2018", "1"))
    publish_case("webank")
    shown, other = make_picture(), make_picture("other")
    rewrite("webank", body="```image\npicture: branch\nalt: A\n```\n", now=NOW)
    page = author.get(f"/admin/cases/picture/{shown.pk}/delete/").content.decode()
    assert "branch – webank" in page
    author.post(f"/admin/cases/picture/{shown.pk}/delete/", {"post": "yes"})
    author.post(f"/admin/cases/picture/{other.pk}/delete/", {"post": "yes"})
    assert list(Picture.objects.values_list("slug", flat=True)) == ["branch"]


def test_pictures_need_the_right_to_write_texts() -> None:
    assert browser_of("nobody").get(ADD).status_code == 403
    assert Client().get(ADD).status_code == 302
