"""A picture in a text: its markup, its words, its bytes, and who gets them."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import PageSnapshot, Publication
from cases.selectors.addresses import picture_url
from metrics.models import Series
from tests.cases.conftest import publish_case, rewrite, write
from tests.cases.drawn import make_picture
from tests.cases.views.reading import page
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, publish

pytestmark = pytest.mark.django_db
URL = "/en/cases/webank/"
IMAGE = """```image
picture: branch
alt: 'A branch with "{{ webank.users@2018 }}" on its wall'
caption: It has <{{ webank.users@2018 }}> users.
```
"""


def show(client: Client, body: str, **words: str) -> str:
    rewrite("webank", body=body, now=NOW, **words)
    PageSnapshot.objects.all().delete()
    html = page(client, URL)
    start = html.index('<figure class="picture">')
    return html[start : html.index("</figure>", start)]


@pytest.fixture
def case(users: Series) -> None:
    publish_case("webank")


@pytest.mark.usefixtures("case")
def test_picture_has_its_size_its_words_and_its_credit(client: Client) -> None:
    picture = make_picture(credit_en="A. Photographer & son")
    html = show(client, IMAGE)
    tag = re.search(r"<img [^>]*>", html)
    assert tag is not None
    assert f'src="{picture_url(picture)}" width="40" height="30"' in tag[0]
    assert 'loading="lazy"' in tag[0]
    alt = re.search(r'alt="([^"]*)"', tag[0])
    assert alt is not None
    assert unescape(alt[1]) == 'A branch with "over 60 million" on its wall'
    assert "&lt;" in html
    assert 'href="/en/series/webank.users/#2018"' in html
    assert "Picture: A. Photographer &amp; son" in html


@pytest.mark.usefixtures("case")
def test_picture_without_caption_and_credit_has_none(client: Client) -> None:
    make_picture()
    assert "<figcaption" not in show(client, "```image\npicture: branch\nalt: A branch.\n```\n")


@pytest.mark.usefixtures("case")
def test_words_for_the_blind_change_with_the_data_and_are_dated_where_they_turn_false(
    client: Client, users: Series
) -> None:
    make_picture()
    publish((users, "2017", "5,000万"), kind="correction", now=NOW)
    alt = """'It [grew]{if="webank.users@2018 > webank.users@2017"} to {{ webank.users@2018 }}.'"""
    assert "It grew to over 60 million." in show(
        client, f"```image\npicture: branch\nalt: {alt}\n```\n"
    )
    publish((users, "2018", "7,000万"), kind="correction", now=NOW)
    assert "It grew to 70 million." in page(client, URL)
    publish((users, "2018", "4,000万"), kind="correction", now=NOW)
    html = page(client, URL)
    found = re.search(r'alt="([^"]*)"', html[html.index('class="picture') :])
    assert found is not None
    assert re.fullmatch(
        r"It grew to 70 million\. \(As of .+; the data have changed since\)", found[1]
    )


@pytest.mark.usefixtures("case")
def test_more_pictures_cost_no_more_queries(client: Client) -> None:
    def cost(count: int) -> int:
        names = [make_picture(f"p-{count}-{n}").slug for n in range(count)]
        show(client, "".join(f"```image\npicture: {n}\nalt: A\n```\n\n" for n in names))
        PageSnapshot.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            page(client, URL)
        return len(captured)

    assert cost(1) == cost(20)


@pytest.mark.usefixtures("case")
def test_bytes_are_kept_for_ever_by_whoever_stands_between(client: Client) -> None:
    picture = make_picture()
    show(client, IMAGE)
    answer = client.get(picture_url(picture))
    assert answer.content == bytes(picture.content)
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(picture_url(picture), headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(picture_url(picture)).status_code == 200


@pytest.mark.parametrize("role", ["nobody", "Author", "Editor", "Publisher"])
def test_picture_of_a_draft_is_only_for_those_who_read_drafts(users: Series, role: str) -> None:
    picture = make_picture()
    write("webank")
    answer = browser_of(role).get(picture_url(picture))
    assert answer.status_code == (404 if role == "nobody" else 200)
    if role != "nobody":
        assert answer["Cache-Control"] == "no-store"


def test_picture_that_no_text_showed_is_not_there_for_readers(client: Client) -> None:
    assert client.get(picture_url(make_picture())).status_code == 404
    user = User.objects.create_user("reader")
    client.force_login(user)
    assert client.get(picture_url(make_picture("other"))).status_code == 404


@pytest.mark.usefixtures("case")
def test_address_of_other_bytes_or_another_format_is_not_there(client: Client) -> None:
    picture = make_picture()
    show(client, IMAGE)
    right = picture_url(picture)
    assert client.get(right).status_code == 200
    assert client.get(right.replace(".png", ".jpg")).status_code == 404
    assert client.get(right.replace(picture.tag, "0" * 16)).status_code == 404


@pytest.mark.usefixtures("case")
def test_picture_that_was_shown_stays_for_pages_of_the_past(client: Client) -> None:
    picture = make_picture()
    show(client, IMAGE)
    rewrite("webank", body="Without.", now=NOW)
    assert Publication.objects.current().filter(pictures=picture).count() == 0
    assert client.get(picture_url(picture)).status_code == 200
