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
VALUES = ("observation", "derived")
TEXTS = ("case", "overview", "technology")
Name = tuple[str, ...]  # of a definition: type and key; of a text its language too


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


def apply(database: sqlite3.Connection, api: Api, items: list[dict[str, Any]]) -> None:
    """Values as the feed tells them, definitions and texts as they are now: fetched once a page."""
    series: set[str] = set()
    addresses: dict[Name, str | None] = {}
    for item in items:
        if item["type"] in VALUES:
            put(database, item["series"], item["period"], item["observation"])
            series.add(item["series"])
        else:
            is_gone = item["action"] == "withdrawn"
            addresses[name_of(item)] = None if is_gone else item["url"]
    is_allowed = allowed(database)
    for name, address in (quoting(database, api, series) | addresses).items():
        keep(database, name, fetched(api, name, address) if address else None)
    after = allowed(database)
    if any(is_allowed[key] != after.get(key) for key in is_allowed):
        read_again(database, api)


def put(database: sqlite3.Connection, series: str, period: str, row: dict[str, Any] | None) -> None:
    """A value in its slot; without a row the slot is empty."""
    slot = (series, period)
    database.execute("DELETE FROM observations WHERE series = ? AND period = ?", slot)
    if row is not None:
        values = [row[name] for name in ("value", "null_reason", "unit", "source")]
        database.execute(
            "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?)",
            [*slot, *values, json.dumps(row, ensure_ascii=False)],
        )


def name_of(item: dict[str, Any]) -> Name:
    language = (item["language"],) if item["type"] in TEXTS else ()
    return (item["type"], item["key"], *language)


def keep(database: sqlite3.Connection, name: Name, row: dict[str, Any] | None) -> None:
    """A definition or a text in place of what is there; None: it is gone."""
    table = "texts" if name[0] in TEXTS else "definitions"
    where = " AND ".join(f"{column} = ?" for column in ("type", "key", "language")[: len(name)])
    database.execute(f"DELETE FROM {table} WHERE {where}", name)  # noqa: S608
    if row is not None:
        holders = ", ".join("?" * (len(name) + 1))
        text = json.dumps(row, ensure_ascii=False)
        database.execute(f"INSERT INTO {table} VALUES ({holders})", [*name, text])  # noqa: S608


def fetched(api: Api, name: Name, address: str) -> dict[str, Any] | None:
    """What is there now; None where it went meanwhile, as a later item says."""
    try:
        row: dict[str, Any] = api.get(address, **({"lang": name[2]} if name[2:] else {}))
    except HTTPError as error:
        if error.code != 404:
            raise
        return None
    row.pop("summary", None)  # of a series: it follows from the values
    return row


def quoting(database: sqlite3.Connection, api: Api, series: set[str]) -> dict[Name, str]:
    """The texts that have figures of some series in their words, and where they are."""
    found: dict[Name, str] = {}
    for kind, key, language, row in database.execute("SELECT * FROM texts").fetchall():
        if series.intersection(json.loads(row)["quoted_series"]):
            folder = "technologies" if kind == "technology" else "cases"
            found[kind, key, language] = f"{api.address}/{folder}/{key}"
    return found


def allowed(database: sqlite3.Connection) -> dict[str, bool]:
    """Whether each source lets its figures be offered."""
    rows = database.execute("SELECT key, row FROM definitions WHERE type = 'source'")
    return {key: json.loads(row)["redistributable"] for key, row in rows}


def read_again(database: sqlite3.Connection, api: Api) -> None:
    """Every value: a source lets us offer its figures, or no longer does. Nothing of the record
    changed by that, so the feed tells of the source alone.
    """
    keys = [key for (key,) in database.execute("SELECT DISTINCT series FROM observations")]
    for key in keys:
        page = api.get(f"series/{key}/observations", limit=LIMIT)
        while True:
            for row in page["results"]:
                put(database, key, row["period"], row)
            if not page["next"]:
                break
            page = api.get(page["next"])


def follow(database: sqlite3.Connection, api: Api) -> int:
    """Apply what changed since the last time; how many items that was."""
    place = database.execute("SELECT cursor FROM place").fetchone()
    count = 0
    for page in api.pages(place[0] if place else None):
        with database:  # the items and the cursor after them, or neither
            apply(database, api, page["results"])
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
