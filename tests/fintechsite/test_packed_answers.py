"""What the API says is packed for who takes it, and is the same unpacked."""

import gzip
import zlib
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from fintechsite.packed_answers import SMALLEST, PackedAnswers
from tests.metrics.factories import make_series, publish

pytestmark = pytest.mark.django_db
TAKES = {"accept-encoding": "gzip, br"}
KEYS = [f"e-{number}.users" for number in range(12)]
ROWS = f"/api/v1/observations?series={','.join(KEYS)}"
ADDRESSES = [ROWS, f"{ROWS}&format=csv", f"{ROWS}&format=sdmx-csv", f"{ROWS}&format=jsonl",
             "/api/v1/observations?format=csv", "/api/v1/observations?format=jsonl",
             "/api/v1/schema"]  # fmt: skip


@pytest.fixture(autouse=True)
def rows() -> None:
    publish(*((make_series(key), "2018", "8.29亿") for key in KEYS))


@pytest.mark.parametrize("url", ADDRESSES)
def test_packed_answer_is_the_plain_one(client: Client, url: str) -> None:
    plain, packed = client.get(url), client.get(url, headers=TAKES)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    body = packed.getvalue()
    assert gzip.decompress(body) == plain.getvalue()
    assert packed.headers.get("Content-Length", str(len(body))) == str(len(body))
    for name in ("ETag", "Content-Type", "Vary", "Link"):
        assert packed.headers.get(name) == plain.headers.get(name)
    assert plain["Vary"].endswith("Accept-Encoding")


def test_known_answer_varies_as_the_whole_does(client: Client) -> None:
    first = client.get(ROWS, headers=TAKES)
    for _ in range(2):  # by the whole stack, then by what it leaves behind
        known = client.get(ROWS, headers={**TAKES, "if-none-match": first["ETag"]})
        assert (known.status_code, known.content, known["Vary"]) == (304, b"", first["Vary"])
        assert "Content-Encoding" not in known


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("/api/v1/", TAKES),
        (ROWS, {"accept-encoding": "gzip;q=0"}),
        (ROWS, {}),
        (f"{ROWS}&format=xlsx", TAKES),
    ],
)
def test_what_is_small_packed_already_or_not_taken_is_plain(
    client: Client, url: str, headers: dict[str, str]
) -> None:
    assert "Content-Encoding" not in client.get(url, headers=headers)


def test_head_says_what_get_says(client: Client) -> None:
    got, head = client.get(ROWS, headers=TAKES), client.head(ROWS, headers=TAKES)
    assert head.content == b""
    assert head["Content-Length"] == got["Content-Length"]
    assert head["Content-Encoding"] == "gzip"


def test_pages_of_readers_are_let_be(client: Client) -> None:
    assert "Accept-Encoding" not in client.get("/healthz", headers=TAKES).headers.get("Vary", "")


def asked(answer: Any) -> Any:
    request = RequestFactory().get("/api/v1/observations", headers=TAKES)
    return PackedAnswers(lambda _request: answer)(request)


def test_part_of_a_file_is_not_packed() -> None:
    part = HttpResponse(b"x" * SMALLEST, status=206, content_type="text/csv")
    assert "Content-Encoding" not in asked(part)


def test_stream_that_breaks_off_has_no_end_and_is_closed() -> None:
    closed = []

    class Broken:
        def __iter__(self) -> Any:
            yield b"series,period\r\n" * 10_000
            raise TimeoutError

        def close(self) -> None:
            closed.append(True)

    answer = asked(StreamingHttpResponse(Broken(), content_type="text/csv"))
    chunks: list[bytes] = []
    with pytest.raises(TimeoutError):
        chunks.extend(answer)
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    unpacker.decompress(b"".join(chunks))
    assert not unpacker.eof
    answer.close()
    assert closed


def test_request_needs_no_header(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/api/v1/units")
    assert "Content-Encoding" not in PackedAnswers(lambda _request: HttpResponse())(request)
