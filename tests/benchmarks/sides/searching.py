"""Searches of two Chinese characters or a word over 20,000 documents, beside scans by ILIKE.

Texts are made of the sentences of the shipped ones, so a bigram is as common as it is in Chinese;
all documents are of one language, so no search has it easier for there being two.
"""

import random
import re
import time
from collections.abc import Callable, Iterator

from django.db import connection

from cases.search.queries import parse_query
from cases.search.tokens import HAN
from cases.selectors.search import search
from tests.benchmarks.rounds import ROOT
from tests.benchmarks.sides.panel import Counted

TEXTS, SERIES = 2_000, 18_000
SENTENCES = 50  # of a text: about 2,000 characters
CHINESE, WORDS = 240, 80
LANGUAGE = "zh-hans"
SCAN = """
    SELECT kind, key, title, summary, body, count(*) OVER () AS found
    FROM cases_searchdocument
    WHERE language = %(language)s
        AND (title ILIKE %(like)s OR summary ILIKE %(like)s OR body ILIKE %(like)s)
    ORDER BY title ILIKE %(like)s DESC, summary ILIKE %(like)s DESC, kind, key LIMIT 20
"""


def search_world() -> Iterator[Counted]:
    from django.core.management import call_command

    from cases.models import SearchDocument
    from cases.services.search_documents import Words, write_documents

    yield None
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    shipped = SearchDocument.objects.filter(language=LANGUAGE)
    series = [[*row.title.split(" · "), row.summary] for row in shipped.filter(kind="series")]
    draw = random.Random(5)
    sentences = _sentences()
    SearchDocument.objects.all().delete()
    documents = [
        Words(LANGUAGE, "case", f"case-{number}", draw.choice(sentences)[:20],
              draw.choice(sentences), "".join(draw.choices(sentences, k=SENTENCES)))
        for number in range(TEXTS)
    ]  # fmt: skip
    for number in range(SERIES):
        entity, name, definition = draw.choice(series)
        title = f"{entity}{number % 97}分行 · {name}"
        documents.append(Words(LANGUAGE, "series", f"s{number}.users", title, definition, "人"))
    write_documents(documents)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_searchdocument")
    yield None


def ours(characters: int = 2) -> Iterator[Counted]:
    """The selector: a page of twenty with counts and marked snippets."""
    yield from _timed(lambda words: search(parse_query(words), LANGUAGE).count, characters)


def scan() -> Iterator[Counted]:
    """What has the characters, read through: no stems, no snippets, no rank but by column."""

    def found(words: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(SCAN, {"language": LANGUAGE, "like": f"%{words}%"})
            rows = cursor.fetchall()
        return rows[0][-1] if rows else 0

    yield from _timed(found)


def _timed(find: Callable[[str], int], characters: int = 2) -> Iterator[Counted]:
    queries = _queries(characters)
    for words in queries[:20]:
        find(words)
    yield None
    took = []
    for words in queries:
        started = time.perf_counter()
        assert find(words)
        took.append(time.perf_counter() - started)
    slowest = sorted(took)[int(len(took) * 0.95)]
    yield {"items": len(queries), "written": round(slowest * 1000)}


def _queries(characters: int) -> list[str]:
    """Drawn from the texts by place: what is common there is asked for often."""
    draw = random.Random(7)
    text = "".join(_sentences())
    runs = re.findall(f"(?=([{HAN}]{{{characters}}}))", text)
    words = re.findall(r"[A-Za-z]{2,}", text)
    asked = draw.sample(runs, CHINESE) + draw.choices(words, k=WORDS)
    draw.shuffle(asked)
    return asked


def _sentences() -> list[str]:
    """Of the shipped Chinese texts, without markup."""
    whole = "".join(
        path.read_text(encoding="utf-8").partition("---\n")[2].partition("---\n")[2]
        for path in sorted((ROOT / "cases" / "content").glob("*.zh-hans.md"))
    )
    prose = re.sub(r"```.*?```|\{\{.*?\}\}|\{if=.*?\}|[\[\]#*]", "", whole, flags=re.DOTALL)
    return list(re.findall(r"[^。\n]{8,}。", prose))
