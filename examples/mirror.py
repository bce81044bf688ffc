"""Keep a copy of the whole database in step: `python mirror.py https://…/api/v1 copy.sqlite`.

Python 3.11 or newer, nothing else. The first run takes everything, later ones what changed since;
`--watch 60` stays and looks every minute. A run that is cut off goes on where it was: each page is
written together with the cursor that comes after it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TABLES = """
CREATE TABLE IF NOT EXISTS observations (
    series TEXT, period TEXT, value TEXT, null_reason TEXT, unit TEXT, source TEXT, row TEXT,
    PRIMARY KEY (series, period));
CREATE TABLE IF NOT EXISTS definitions (
    type TEXT, key TEXT, row TEXT, PRIMARY KEY (type, key));
CREATE TABLE IF NOT EXISTS texts (
    type TEXT, key TEXT, language TEXT, row TEXT, PRIMARY KEY (type, key, language));
CREATE TABLE IF NOT EXISTS place (cursor TEXT);
"""
LIMIT = 10_000
TEXTS = ("case", "overview", "technology")


class Api:
    """The API, asked politely: it waits when it is told to."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address.rstrip("/")
        self.headers = {"Accept-Encoding": "gzip", "User-Agent": "mirror"}
        if key:
            self.headers["Authorization"] = f"Api-Key {key}"

    def get(self, url: str, **parameters: Any) -> Any:
        if not url.startswith(("http://", "https://")):
            url = f"{self.address}/{url}"
        query = urlencode(parameters)
        request = Request(f"{url}?{query}" if query else url, headers=self.headers)  # noqa: S310
        while True:
            try:
                with urlopen(request, timeout=60) as answer:  # noqa: S310
                    body = answer.read()
                    packed = answer.headers.get("Content-Encoding") == "gzip"
                    return json.loads(gzip.decompress(body) if packed else body)
            except HTTPError as error:
                if error.code not in (429, 503):
                    raise
                time.sleep(float(error.headers.get("Retry-After") or 5))

    def pages(self, since: str | None) -> Iterator[dict[str, Any]]:
        """The pages of the delta feed since a cursor, to the end."""
        given: dict[str, Any] = {"limit": LIMIT} | ({"since": since} if since else {})
        page = self.get("changes", **given)
        yield page
        while page["next"]:
            page = self.get(page["next"])
            yield page


def apply(database: sqlite3.Connection, api: Api, item: dict[str, Any]) -> None:
    """Put one item of the feed where it belongs, or take out what is gone."""
    kind = item["type"]
    if kind in ("observation", "derived"):
        row, slot = item["observation"], (item["series"], item["period"])
        database.execute("DELETE FROM observations WHERE series = ? AND period = ?", slot)
        if row is not None:
            values = [row[name] for name in ("value", "null_reason", "unit", "source")]
            database.execute(
                "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?)",
                [*slot, *values, json.dumps(row, ensure_ascii=False)],
            )
        return
    named = [kind, item["key"]] + ([item["language"]] if kind in TEXTS else [])
    table = "texts" if kind in TEXTS else "definitions"
    names = ("type", "key", "language")[: len(named)]
    where = " AND ".join(f"{name} = ?" for name in names)
    database.execute(f"DELETE FROM {table} WHERE {where}", named)  # noqa: S608
    row = None if item["action"] == "withdrawn" else fetched(api, item)
    if row is not None:
        holders = ", ".join("?" * (len(named) + 1))
        database.execute(f"INSERT INTO {table} VALUES ({holders})", [*named, row])  # noqa: S608


def fetched(api: Api, item: dict[str, Any]) -> str | None:
    """What the item is about, as it is now; None where it went meanwhile, as a later item says."""
    try:
        parameters = {"lang": item["language"]} if item["type"] in TEXTS else {}
        return json.dumps(api.get(item["url"], **parameters), ensure_ascii=False)
    except HTTPError as error:
        if error.code != 404:
            raise
        return None


def follow(database: sqlite3.Connection, api: Api) -> int:
    """Apply what changed since the last time; how many items that was."""
    place = database.execute("SELECT cursor FROM place").fetchone()
    count = 0
    for page in api.pages(place[0] if place else None):
        with database:  # the items and the cursor after them, or neither
            for item in page["results"]:
                apply(database, api, item)
            database.execute("DELETE FROM place")
            database.execute("INSERT INTO place VALUES (?)", [page["cursor"]])
        count += len(page["results"])
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of the API, such as https://example.org/api/v1")
    parser.add_argument("file", help="the SQLite database to keep in step")
    parser.add_argument("--key", default="", help="an API key, for a larger quota")
    parser.add_argument("--watch", type=float, metavar="SECONDS", help="stay and look again")
    given = parser.parse_args()
    database = sqlite3.connect(given.file)
    database.executescript(TABLES)
    api = Api(given.address, given.key)
    while True:
        count = follow(database, api)
        print(f"{count} changes", file=sys.stderr)
        if given.watch is None:
            return 0
        time.sleep(given.watch)


if __name__ == "__main__":
    sys.exit(main())
