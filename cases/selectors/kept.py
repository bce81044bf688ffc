"""The kept page of an address, found by one query that is as short as it can be made."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from django.conf import settings

from metrics.selectors.at_once import AtOnce

RENDERED_BY: Final = ("templates", "cases", "metrics", "static", "fintechsite/locale")
# Written out: to put this together from models takes longer than to answer it.
_FOUND: Final = """
    SELECT etag, CASE WHEN etag = ANY($1::text[]) THEN NULL ELSE {column} END
    FROM cases_pagesnapshot WHERE path = $2 AND seq_to IS NULL
"""
_PACKED: Final = AtOnce("kept_gzipped", _FOUND.format(column="gzipped"))
_PLAIN: Final = AtOnce("kept_html", _FOUND.format(column="html"))


@dataclass(frozen=True, slots=True)
class Served:
    """A snapshot as it goes out; `body` is None where the reader has it already."""

    etag: str
    body: bytes | None


@cache
def code_digest() -> str:
    """What renders pages, as a digest: a snapshot made by other code is not served, nor one made
    where the site had another address, which is written in it."""
    digest = blake2b(settings.SITE_URL.encode(), digest_size=6)
    for folder in RENDERED_BY:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".po", ".css", ".js"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def find_snapshot(path: str, *, gzipped: bool, known_etags: Collection[str] = ()) -> Served | None:
    """The current snapshot of a path, made by this code. One query."""
    known = [tag for tag in known_etags if tag.replace("-", "").isalnum()]
    found = (_PACKED if gzipped else _PLAIN).row("{" + ",".join(known) + "}", path)
    if found is None:
        return None
    etag = str(found[0], "ascii") if found[0] else ""
    return Served(etag, found[1]) if etag.startswith(code_digest()) else None
