"""Reading pages as their readers do: the words, without the markup."""

import re

from django.test import Client


def page(client: Client, path: str, status: int = 200) -> str:
    """The HTML at an address that answers with the status."""
    response = client.get(path)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def plain(html: str) -> str:
    """The words of a piece of HTML, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def words(html: str) -> str:
    """What stands in the main part of a page."""
    return plain(html.partition("<main")[2].partition(">")[2].partition("</main>")[0])


def article(html: str) -> str:
    """A page of the past without the notice above and the list of changes below."""
    main = html.partition("</aside>")[2]
    return plain(main.partition('<section class="since"')[0])


def since(html: str) -> str:
    """What a page of the past tells of the changes since."""
    listed = html.partition('<section class="since"')[2].partition(">")[2]
    return plain(listed.partition("</section>")[0])
