"""The public history of a text: publications, what was put right between them, comparisons."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import CaseText, Publication
from cases.services.texts import publish_revision, save_revision
from cases.services.workflow import take_step
from metrics.models import Change, Series
from tests.cases.conftest import BODY, publish_case, rewrite
from tests.cases.views.reading import page, plain, words
from tests.cases.views.test_queries import queries
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CASE = "/en/cases/webank/"
HISTORY = f"{CASE}history/"
WORDS = BODY.format(key="webank.users", entity="webank")


@pytest.fixture
def case(users: Series) -> CaseText:
    """A case of which readers have the first revision, in both languages."""
    publish_case("webank")
    return CaseText.objects.get(case__slug="webank", language="en")


def entries(html: str) -> list[str]:
    """What each entry says, the newest first."""
    return [plain(one) for one in html.split('<li class="history__entry')[1:]]


def said(client: Client, address: str = HISTORY) -> list[str]:
    listed = page(client, address).partition("</ol>\n")[0]
    return [one.partition("> ")[2] for one in entries(listed)]


def correct(series: Series, period: str, stated: str, day: int = 1) -> Change:
    return publish((series, period, stated), kind="correction", now=NOW + day * DAY)


def test_first_publication_is_told_with_its_words(client: Client, case: CaseText) -> None:
    (entry,) = said(client)
    assert entry.startswith("23 November 2026 First published · Release Revision 1: ")
    assert re.search(r"\d\d words The page as of then$", entry)


def test_page_of_the_text_leads_to_its_history(client: Client, case: CaseText) -> None:
    assert f'<a href="{HISTORY}">History</a>' in page(client, CASE)
    assert 'href="/zh-hans/cases/webank/history/">历史</a>' in page(
        client, "/zh-hans/cases/webank/"
    )
    draft = browser_of("Author").get("/en/preview/webank/").content.decode()
    assert "history/" not in draft.partition("<main")[2]


def test_publications_are_listed_newest_first_with_words_changed(
    client: Client, case: CaseText
) -> None:
    rewrite("webank", body=WORDS.replace("It had", "The bank had"), now=NOW + DAY)
    second, first = said(client)
    assert second.startswith("24 November 2026 Rewritten")
    # "The bank" for "It"; the standfirst became one word
    assert re.search(r"Revision 2: 2 words added, \d+ removed", second)
    assert first.startswith("23 November 2026 First published")
    html = page(client, HISTORY)
    assert f'href="{HISTORY}?from=1&amp;to=2"' in html
    seq = Publication.objects.current().get(text=case).seq_from
    assert f'href="{CASE}?as_of={seq}"' in html
    assert page(client, f"{CASE}?as_of={seq - 1}")
    assert f'href="{CASE}?as_of={seq - 1}"' in html


def test_correction_stands_in_the_same_line_with_old_and_new_value(
    client: Client, case: CaseText, users: Series
) -> None:
    correct(users, "2018", "7,000万")
    rewrite("webank", body="No figure now.\n", now=NOW + 2 * DAY)
    correct(users, "2018", "8,000万", 3)
    rewritten, corrected, _first = said(client)
    assert rewritten.startswith("25 November 2026 Rewritten")
    assert corrected.startswith("24 November 2026 Corrected Webank · Users · end of 2018")
    assert "before: over 60 million → now: 70 million" in corrected
    assert "80 million" not in page(client, HISTORY)  # these words quoted it no more


def test_correction_is_told_of_what_the_words_of_the_time_quoted(
    client: Client, case: CaseText, users: Series
) -> None:
    series = make_series("webank.clients")
    publish((series, "2018", "1万"))
    correct(series, "2018", "2万")
    rewrite("webank", body="Now {{ webank.clients@2018 }}.\n", now=NOW + 2 * DAY)
    assert not any("Corrected" in one for one in said(client))
    correct(series, "2018", "3万", 3)
    assert "before: 20,000 → now: 30,000" in said(client)[0]


def test_text_taken_from_readers_keeps_its_history(client: Client, case: CaseText) -> None:
    root = User.objects.create_superuser("root")
    take_step(case, "archived", actor=root, now=NOW + DAY, note="superseded")
    assert client.get(CASE).status_code == 404
    taken, _first = said(client)
    assert taken.startswith("24 November 2026 Taken from readers superseded")
    assert taken.endswith("The page before")
    html = page(client, HISTORY)
    assert "readers do not see it any more" in html
    assert f'href="{CASE}"' not in html.partition("<main")[2]
    text = CaseText.objects.get(pk=case.pk)
    publish_revision(text.revisions.get(), actor=None, now=NOW + 2 * DAY)
    again, _taken, _first = said(client)
    assert "Revision 1: the same words" in again


def test_reason_of_a_release_is_told_and_a_note_of_a_draft_is_not(
    client: Client, case: CaseText
) -> None:
    parts = {"title": "T", "standfirst": "", "body": "Hidden words.\n"}
    save_revision(case, **parts, actor=None, now=NOW, note="Internal note")
    anna = User.objects.create_user("anna", first_name="Anna")
    revision = save_revision(
        case, **(parts | {"body": "Public words.\n"}), actor=anna, now=NOW, note="Other note"
    )
    publish_revision(revision, actor=None, now=NOW + DAY, note="A name was wrong.")
    html = page(client, HISTORY)
    assert "A name was wrong." in html
    for hidden in ("note", "anna", "Anna", "Hidden"):
        assert hidden not in words(html), hidden


@pytest.mark.parametrize(
    ("kind", "path"), [("technology", "technologies/big-data"), ("overview", "overview")]
)
def test_every_kind_of_text_has_one(client: Client, users: Series, kind: str, path: str) -> None:
    publish_case(path.rpartition("/")[2], kind=kind)
    for language in ("en", "zh-hans"):
        html = page(client, f"/{language}/{path}/history/")
        assert len(entries(html)) == 1
        assert f'href="/{language}/{path}/history/"' in page(client, f"/{language}/{path}/")


def test_comparison_marks_words_in_their_paragraphs(
    client: Client, case: CaseText, users: Series
) -> None:
    correct(users, "2018", "7,000万")
    rewrite("webank", body=WORDS.replace("It had", "The bank had"), title="New", now=NOW + 2 * DAY)
    html = page(client, f"{HISTORY}?from=1&to=2")
    told = words(html)
    assert "From revision 1 to revision 2" in told
    assert "Title [removed: Title of webank: more ] [added: New ]" in told
    assert "[removed: It ] [added: The bank ] had" in told
    # each side with the figures of its time
    assert "[removed: over 60 ] [added: 70 ] million users" in told
    assert "paragraphs are the same" in told
    back = words(page(client, f"{HISTORY}?from=2&to=1"))
    assert "[removed: The bank ] [added: It ] had" in back
    assert words(page(client, f"{HISTORY}?to=2")) == told
    assert "The words are the same." in page(client, f"{HISTORY}?from=1&to=1")


def test_comparison_leads_to_the_list_in_the_other_language(client: Client, case: CaseText) -> None:
    rewrite("webank", body="New.\n", now=NOW + DAY)
    html = page(client, f"{HISTORY}?from=1&to=2")
    assert 'href="/zh-hans/cases/webank/history/" lang="zh-Hans"' in html
    seq = Change.objects.latest_seq()
    html = page(client, f"{HISTORY}?before={seq}")
    assert f'href="/zh-hans/cases/webank/history/?before={seq}"' in html


@pytest.mark.parametrize("who", ["", "nobody", "Author", "Editor", "Publisher"])
def test_revision_that_was_never_published_is_as_unknown_as_none(case: CaseText, who: str) -> None:
    parts = {"title": "Secret", "standfirst": "Secret.", "body": "Secret words.\n"}
    save_revision(case, **parts, actor=None, now=NOW)
    browser = browser_of(who) if who else Client()
    html = page(browser, HISTORY)
    assert "Secret" not in html
    assert len(entries(html)) == 1
    pages = [
        f"{HISTORY}?{asked}" for asked in ("from=1&to=2", "from=2&to=1", "to=2", "from=2&to=2")
    ]
    for address in pages:
        hidden, unknown = browser.get(address), browser.get(address.replace("2", "77"))
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content.decode() == unknown.content.decode().replace("77", "2")


@pytest.mark.parametrize("who", ["", "nobody", "Author", "Editor", "Publisher"])
def test_text_that_readers_never_had_has_no_history(users: Series, who: str) -> None:
    publish_case("webank", languages=("zh-hans",))
    text = CaseText.objects.create(case=CaseText.objects.get().case, language="en")
    save_revision(text, title="Secret", standfirst="", body="x\n", actor=None, now=NOW)
    browser = browser_of(who) if who else Client()
    html = page(browser, HISTORY, 404)
    assert "Secret" not in html
    assert 'href="/zh-hans/cases/webank/history/"' in html
    assert browser.get("/en/technologies/webank/history/").status_code == 404
    assert browser.get("/en/cases/nothing/history/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("from=x&to=1", "Expected one number of a published revision"),
        ("from=1&to=0", "Expected one number of a published revision"),
        ("from=1&from=2&to=1", "Expected one number of a published revision"),
        ("from=1", "Expected with it the number of a published revision"),
        ("to=9999999999", "Expected one number of a published revision"),
        ("before=-1", "Expected one number of a change"),
        ("page=2", "This page takes only before, from, to."),
        ("as_of=1", "This page shows what stands now and takes no as_of."),
    ],
)
def test_parameter_that_cannot_be_read_says_what_is_allowed(
    client: Client, case: CaseText, asked: str, told: str
) -> None:
    assert told in words(page(client, f"{HISTORY}?{asked}", 400))


def test_long_history_is_paged_without_gap_or_repetition(
    client: Client, case: CaseText, users: Series
) -> None:
    for number in range(30):
        rewrite("webank", body=f"{WORDS}\n\nMore {number}.\n", now=NOW + (2 * number + 1) * DAY)
        correct(users, "2018", f"{number + 10},000万", 2 * number + 2)
    found: list[str] = []
    address = HISTORY
    for size in (20, 20, 20, 1):
        html = page(client, address)
        shown = re.findall(r'id="change-(\d+)"', html)
        assert len(shown) == size
        found += shown
        older = re.search(r'href="(\?before=\d+)" rel="next"', html)
        address = f"{HISTORY}{older[1]}" if older else ""
    assert address == ""
    assert len(set(found)) == 61
    assert found == sorted(found, key=int, reverse=True)
    assert "First published" in html
    first = int(found[-1])
    assert client.get(f"{HISTORY}?before={first}").status_code == 404


def test_twenty_entries_take_as_many_queries_as_one(
    client: Client, case: CaseText, users: Series
) -> None:
    def add(numbers: range) -> None:
        for number in numbers:
            rewrite("webank", body=f"{WORDS}\n\nMore {number}.\n", now=NOW + (2 * number) * DAY)
            correct(users, "2018", f"{number + 10},000万", 2 * number + 1)

    add(range(1, 2))
    one = queries(client, HISTORY)
    compared = queries(client, f"{HISTORY}?from=1&to=2")
    add(range(2, 12))
    assert queries(client, HISTORY) == one
    assert queries(client, f"{HISTORY}?from=1&to=2") == compared
    assert one <= 25
