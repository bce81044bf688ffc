"""The search index has what readers see, from the moment they see it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cases.models import CaseText, ContentRecord, PassageRedaction, SearchDocument
from cases.search.queries import parse_query
from cases.selectors.search import search
from cases.services.redacting import ask_passage_redaction, redact_passage
from cases.services.search_documents import Words, write_documents
from cases.services.search_index import rebuild_if_due, wrong_documents
from cases.services.texts import save_revision
from cases.services.workflow import take_step
from metrics.models import Entity, Release, Series, ValueRedaction
from metrics.services.publishing import publish_definitions, publish_release
from metrics.services.redacting import ask_value_redaction, redact_value
from metrics.services.withdrawing import withdraw_release
from tests.cases.conftest import publish_case, rewrite
from tests.metrics.factories import NOW, SourceFactory, make_series, publish

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ROSE = '[It rose]{if="webank.users@2018 > 50000000"} to {{ webank.users@2018 }}.\n'
CLAIM = '[The bank more than doubled]{if="webank.users@2018 > 50000000"} in a year.\n'


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def text(users: Series) -> CaseText:
    publish_case("webank", languages=("en",))
    return CaseText.objects.get(case__slug="webank", language="en")


def found(words: str, language: str = "en") -> list[tuple[str, str]]:
    """Kind and key of what is found."""
    page = search(parse_query(words), language)
    assert page.count == len(page.found)
    return sorted((one.kind, one.key) for one in page.found)


def texts_found(words: str) -> list[str]:
    return [key for kind, key in found(words) if kind == "case"]


def superusers() -> tuple[User, User]:
    return User.objects.create_superuser("first"), User.objects.create_superuser("second")


@pytest.mark.usefixtures("text")
def test_text_is_found_by_its_words_and_its_figures() -> None:
    for words in ("Title", "standfirst", "scale", "60 million", "over 60 million", "users"):
        assert texts_found(words) == ["webank"], words
    assert texts_found("50 million") == []


def test_figure_that_changes_is_found_as_it_reads_now(users: Series, text: CaseText) -> None:
    publish((users, "2018", "7,300万"), kind="correction", now=NOW + 2 * MINUTE)
    assert texts_found("73 million") == ["webank"]
    assert texts_found("60 million") == []
    assert wrong_definitions_aside() == []


def wrong_definitions_aside() -> list[tuple[str, str, str]]:
    """Definitions that tests make beside the services are not told of."""
    return [tuple(one) for one in wrong_documents() if one.kind == "case"]  # type: ignore[misc]


def test_text_that_is_rewritten_is_found_by_its_new_words(text: CaseText) -> None:
    rewrite("webank", body="Nothing but giraffes.\n", now=NOW + 2 * MINUTE)
    assert texts_found("giraffe") == ["webank"]
    assert texts_found("scale") == []


def test_draft_is_not_found(text: CaseText) -> None:
    save_revision(
        text, title="Giraffes", standfirst="", body="Giraffes.\n", actor=None, now=NOW + 2 * MINUTE
    )
    assert texts_found("giraffe") == []
    assert texts_found("scale") == ["webank"]


def test_archived_text_is_not_found(text: CaseText) -> None:
    user = User.objects.create_superuser("publisher")
    take_step(text, "archived", actor=user, now=NOW + 2 * MINUTE, note="Wrong")
    assert found("scale") == []
    assert not SearchDocument.objects.filter(kind="case").exists()


def test_withdrawn_release_leaves_what_stood_before(text: CaseText) -> None:
    rewrite("webank", body="Nothing but giraffes.\n", now=NOW + 2 * MINUTE)
    release = Release.objects.order_by("-pk")[0]
    withdraw_release(release, reason={"en": "by mistake"}, actor=None, now=NOW + 3 * MINUTE)
    assert texts_found("giraffe") == []
    assert texts_found("scale") == ["webank"]
    first = Release.objects.filter(publications__text=text).order_by("pk")[0]
    assert first.state == "published"


def test_first_publication_that_is_withdrawn_is_not_found(users: Series) -> None:
    publish_case("webank", languages=("en",))
    release = Release.objects.order_by("-pk")[0]
    withdraw_release(release, reason={"en": "by mistake"}, actor=None, now=NOW + 3 * MINUTE)
    assert found("scale") == []


def test_sentence_that_holds_no_longer_is_found_as_it_is_served(
    users: Series, text: CaseText
) -> None:
    rewrite("webank", body=f"It grew to {{{{ webank.users@2018 }}}}. {CLAIM}", now=NOW + 2 * MINUTE)
    publish((users, "2018", "4,100万"), kind="correction", now=NOW + 3 * MINUTE)
    assert texts_found("doubled") == ["webank"]
    assert texts_found("41 million") == ["webank"]
    rewrite("webank", body="It had {{ webank.users@2018 }} users.\n", now=NOW + 4 * MINUTE)
    assert texts_found("doubled") == []


def test_withheld_sentence_with_a_figure_keeps_the_figure_of_then(
    users: Series, text: CaseText
) -> None:
    rewrite("webank", body=ROSE, now=NOW + 2 * MINUTE)
    publish((users, "2018", "4,100万"), kind="correction", now=NOW + 3 * MINUTE)
    assert texts_found("60 million") == ["webank"]
    assert texts_found("41 million") == []


def test_redacted_passage_is_found_no_more(text: CaseText) -> None:
    passage = "Its founder lives at 5 Elm Street."
    rewrite("webank", body=f"It grew. {passage} It is a bank.\n", now=NOW + 2 * MINUTE)
    assert texts_found("elm street") == ["webank"]
    first, second = superusers()
    redaction = PassageRedaction(text=text, passage=passage, reason_zh_hans="隐私", reason_en="No")
    ask_passage_redaction(redaction, actor=first, now=NOW + 3 * MINUTE)
    redact_passage(redaction, actor=second, now=NOW + 4 * MINUTE)
    assert found("elm") == []
    assert "Elm" not in everything()
    assert texts_found("grew") == ["webank"]


def test_redacted_value_is_found_no_more(users: Series, text: CaseText) -> None:
    rewrite("webank", body=ROSE, now=NOW + 2 * MINUTE)
    publish((users, "2018", "4,100万"), kind="correction", now=NOW + 3 * MINUTE)
    first, second = superusers()
    redaction = ValueRedaction(
        series=users, period="2018", reason_zh_hans="隐私", reason_en="Privacy"
    )
    ask_value_redaction(redaction, actor=first, now=NOW + 4 * MINUTE)
    redact_value(redaction, actor=second, now=NOW + 5 * MINUTE)
    assert texts_found("60 million") == []
    assert "60 million" not in everything()
    assert "41 million" not in everything()


def everything() -> str:
    return str(list(SearchDocument.objects.values()))


def test_definitions_are_found_from_their_publication_on() -> None:
    SourceFactory(slug="cnnic-43", title_en="Statistical report", publisher_en="CNNIC")
    make_series("webank.users")
    assert found("users") == []
    publish_definitions(actor=None, now=NOW, what="webank")
    assert found("registered users") == [("series", "webank.users")]
    assert found("用户", "zh-hans") == [("series", "webank.users")]
    assert found("webank") == [("entity", "webank"), ("series", "webank.users")]
    assert found("cnnic") == [("source", "cnnic-43")]
    assert wrong_documents() == []


def test_renamed_and_deleted_definitions_are_found_as_they_are_now() -> None:
    make_series("webank.users")
    SourceFactory(slug="old")
    publish_definitions(actor=None, now=NOW, what="webank")
    Entity.objects.filter(slug="webank").update(name_en="Giraffe Bank")
    SourceFactory(slug="old").delete()
    publish_definitions(actor=None, now=NOW + MINUTE, what="webank")
    assert found("giraffe") == [("entity", "webank"), ("series", "webank.users")]
    assert found("old") == []


def test_name_missing_in_a_language_is_that_of_the_other() -> None:
    make_series("webank.users")
    Entity.objects.filter(slug="webank").update(name_zh_hans="")
    publish_definitions(actor=None, now=NOW, what="webank")
    assert found("webank 用户", "zh-hans") == [("series", "webank.users")]


def test_what_does_not_change_is_not_written_again() -> None:
    for number in range(20):
        make_series(f"entity-{number}.users")
    publish_definitions(actor=None, now=NOW, what="many")
    with CaptureQueriesContext(connection) as captured:
        publish_definitions(actor=None, now=NOW + MINUTE, what="nothing")
    assert not [q for q in captured if "INSERT INTO cases_searchdocument" in q["sql"]]


@pytest.mark.parametrize("many", [1, 20])
def test_new_series_are_written_by_one_statement(many: int) -> None:
    for number in range(many):
        make_series(f"entity-{number}.users")
    with CaptureQueriesContext(connection) as captured:
        publish_definitions(actor=None, now=NOW, what="many")
    written = [q for q in captured if "INSERT INTO cases_searchdocument" in q["sql"]]
    assert len(written) == 1
    assert SearchDocument.objects.filter(kind="series").count() == 2 * many


def test_values_that_nothing_quotes_cost_one_query(users: Series) -> None:
    publish_case("webank", languages=("en",))
    other = make_series("other.users")
    with CaptureQueriesContext(connection) as captured:
        publish((other, "2018", "100"))
    assert not [q for q in captured if "cases_searchdocument" in q["sql"]]


def test_refused_release_leaves_the_index_as_it_was(text: CaseText) -> None:
    revision = save_revision(
        text, title="Giraffes", standfirst="", body="Giraffes.\n", actor=None, now=NOW + MINUTE
    )

    def fail(_release: Release, _change: object) -> None:
        raise RuntimeError

    release = Release.objects.create(title_en="x", kind="new", created_at=NOW)
    release.texts.create(revision=revision)
    with pytest.raises(RuntimeError):
        publish_release(release, actor=None, now=NOW + 2 * MINUTE, record=fail)  # type: ignore[arg-type]
    assert found("giraffe") == []


def test_text_of_any_length_is_stored() -> None:
    body = "".join(chr(0x20000 + n % 40_000) for n in range(300_000))
    write_documents([Words("en", "case", "long", "Giraffe", "", body)])
    assert found("giraffe") == [("case", "long")]
    assert found(body[:2]) == [("case", "long")]


@pytest.fixture
def whole(text: CaseText) -> None:
    call_command("rebuild_search", verbosity=0)


@pytest.mark.usefixtures("whole")
def test_rebuilt_index_is_the_one_that_publications_kept() -> None:
    rows = ("language", "kind", "key", "title", "summary", "body", "squeezed", "headings", "vector")
    rewrite("webank", body="Nothing but giraffes.\n", now=NOW + 2 * MINUTE)
    kept = set(SearchDocument.objects.values_list(*rows))
    assert wrong_documents() == []
    call_command("rebuild_search")
    assert set(SearchDocument.objects.values_list(*rows)) == kept


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.filter(kind="case").delete(),
        lambda rows: rows.filter(kind="case").update(body="Draft"),
        lambda rows: rows.filter(kind="case").update(vector="'draft':1A"),
        lambda rows: rows.filter(kind="case").update(key="secret"),
        lambda rows: rows.filter(kind="series").update(title="Draft"),
    ],
)
def test_verify_tells_what_is_wrong(spoil: Callable[[object], object]) -> None:
    call_command("rebuild_search", verify=True)
    spoil(SearchDocument.objects)
    with pytest.raises(CommandError, match="not what readers see"):
        call_command("rebuild_search", verify=True)
    call_command("rebuild_search")
    call_command("rebuild_search", verify=True)


def test_database_from_before_the_search_gets_its_index_once(text: CaseText) -> None:
    SearchDocument.objects.all().delete()
    assert rebuild_if_due() is not None
    assert texts_found("scale") == ["webank"]
    assert rebuild_if_due() is None
    ContentRecord.objects.filter(file="search").update(digest="0")
    assert rebuild_if_due() is not None


def test_shipped_content_is_found_once_it_is_loaded() -> None:
    call_command("load_content", verbosity=0)
    call_command("rebuild_search", verify=True)
    assert found("829 million")[0] == ("case", "ant-financial")
    chinese = search(parse_query("微众银行"), "zh-hans")
    assert [(one.kind, one.key) for one in chinese.found[:2]] == [
        ("entity", "webank"),
        ("case", "webank"),
    ]
    assert chinese.count > 20
    assert search(parse_query("8.29亿"), "zh-hans").count == 2
