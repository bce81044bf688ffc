"""Text and data go live together: who polls at full speed never sees one without the other."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from cases.models import CaseText, Revision
from cases.services.texts import save_revision, stage_text
from metrics.models import Release, Rule, Series
from metrics.services.composing import add_value, compose_release
from metrics.services.publishing import publish_definitions
from metrics.services.scheduling import publish_due, schedule_release
from tests.cases.conftest import write
from tests.metrics.factories import NOW, SourceFactory, make_series, publish
from tests.metrics.services.conftest import WAIT_SECONDS, Others, others

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["others"]
EDITIONS = 15
PAGE, SERIES = "/en/cases/webank/", "/en/series/webank.users/"
API_TEXT = "/api/v1/cases/webank?lang=en"
API_DATA = "/api/v1/series/webank.users/observations"
API_DERIVED = "/api/v1/series/webank.ratio/observations"
BODY = "Edition {n}: {{{{ webank.users@2018 }}}} users, ratio {{{{ webank.ratio@2018 }}}}.\n"


@pytest.fixture
def text() -> CaseText:
    """Edition 1 of a text that quotes a value and one that is derived of it."""
    users, other = make_series("webank.users"), make_series("acme.users")
    make_series("webank.ratio", unit="times", nature="ratio")
    Rule.objects.create(key="ratio", kind="ratio", name_zh_hans="比", name_en="Ratio")
    inputs = {"numerator": "webank.users", "denominator": "acme.users"}
    definition = {"output": "webank.ratio", "inputs": inputs}
    publish_definitions(actor=None, now=NOW, what="r", rule_definitions={"ratio": definition})
    publish((other, "2018", "1"))
    text = write("webank").text
    schedule(text, users, 1)
    publish_due(_moment(1))
    return text


def _moment(n: int) -> object:
    return NOW + timedelta(minutes=n)


def _edition(text: CaseText, n: int) -> Revision:
    body = BODY.format(n=n)
    return save_revision(text, title="Title", standfirst="", body=body, actor=None, now=NOW)


def schedule(text: CaseText, users: Series, n: int) -> Release:
    """A release that holds edition n and the value n."""
    words = {"zh-hans": f"第{n}版", "en": f"Edition {n}"}
    release = compose_release(title=words, reason={}, kind="new", actor=None, now=NOW)
    stage_text(release, _edition(text, n))
    value = {"series": users, "period": "2018", "source": SourceFactory()}
    add_value(release, stated=str(n), actor=None, **value)
    schedule_release(release, at=_moment(n), actor=None, now=NOW)
    return release


class Reader:
    """One connection that polls; what it saw is told by the edition that each answer is of."""

    def __init__(self) -> None:
        self.client = Client()
        self.editions: set[int] = set()

    def html(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def page(self) -> int:
        """The words, the value and the derived value of a page are of one edition."""
        html = self.html(PAGE)
        found = re.search(r"Edition (\d+): (.*?)</p>", html, re.DOTALL)
        assert found is not None
        numbers = re.findall(r'<data value="([\d.]+)">', found[2])
        assert numbers == [found[1], found[1]]
        return self._saw(int(found[1]))

    def series(self) -> int:
        found = re.search(r'id="2018".*?<data value="([\d.]+)">', self.html(SERIES), re.DOTALL)
        assert found is not None
        return self._saw(int(found[1]))

    def text(self) -> int:
        """The text of the API has its figures in it."""
        text = self.client.get(API_TEXT).json()["text"]
        found = re.fullmatch(r"Edition (\d+): (\d+) users, ratio (\d+) times?\.\s*", text)
        assert found is not None, text
        assert found[1] == found[2] == found[3]
        return self._saw(int(found[1]))

    def data(self) -> int:
        return self._value(API_DATA)

    def derived(self) -> int:
        return self._value(API_DERIVED)

    def _value(self, url: str) -> int:
        rows = self.client.get(url).json()["results"]
        (value,) = [row["value"] for row in rows if row["period"] == "2018"]
        return self._saw(int(value))

    def _saw(self, edition: int) -> int:
        self.editions.add(edition)
        return edition


def poll(reader: Reader, asks: list[Callable[[], int]], end: threading.Event) -> None:
    """Whatever is asked next is of the same edition or of a later one."""
    latest = 0
    while True:
        is_last = end.is_set()
        for ask in asks:
            edition = ask()
            assert edition >= latest
            latest = edition
        if is_last:
            return


def each_once_in_any_order(reader: Reader) -> Iterator[list[Callable[[], int]]]:
    """A reader of pages, a client of the API, and one who takes from both by turns."""
    yield [reader.page, reader.series]
    yield [reader.text, reader.data, reader.derived]
    yield [reader.data, reader.page, reader.derived, reader.text, reader.series]


def test_text_and_data_are_never_seen_apart(text: CaseText, others: Others) -> None:
    users = Series.objects.get(key="webank.users")
    end, started = threading.Event(), threading.Barrier(4, timeout=WAIT_SECONDS)
    readers = [Reader() for _number in range(3)]
    for number, reader in enumerate(readers):
        asks = list(each_once_in_any_order(reader))[number]

        def work(reader: Reader = reader, asks: list[Callable[[], int]] = asks) -> None:
            started.wait()
            poll(reader, asks, end)

        others.start(work)
    started.wait()
    try:
        for n in range(2, EDITIONS + 1):
            schedule(text, users, n)
            assert len(publish_due(_moment(n))) == 1
    finally:
        end.set()
    others.end()
    assert not others.errors
    for reader in readers:
        assert EDITIONS in reader.editions
