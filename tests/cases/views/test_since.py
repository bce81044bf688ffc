"""What changed in a text since the moment at which it was cited."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Publication
from metrics.models import Series
from metrics.services.clock import publishing
from tests.cases.conftest import BODY, rewrite
from tests.cases.views.reading import article, page, since
from tests.metrics.factories import NOW, make_series, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CASE = "/en/cases/webank/"


def test_nothing_changed_says_so(client: Client, then: int) -> None:
    publish((make_series("other.users"), "2018", "1万"), now=NOW + DAY)
    assert "Nothing: words and figures are the same." in since(page(client, f"{CASE}?as_of={then}"))


def test_figures_that_changed_stand_side_by_side(client: Client, then: int, users: Series) -> None:
    publish((users, "2018", "7,000万"), (users, "2019", "1亿"), kind="correction", now=NOW + DAY)
    told = since(page(client, f"{CASE}?as_of={then}"))
    assert "end of 2018 over 60 million 70 million" in told
    # @latest means another year now; the chart has one more column
    assert "over 60 million end of 2018 100 million end of 2019" in told
    assert "end of 2019 not reported 100 million" in told
    assert "end of 2017" not in told
    assert "Words" not in told


def test_value_that_was_withdrawn_is_told(client: Client, then: int, users: Series) -> None:
    with publishing("withdrawal", now=NOW + DAY) as change:
        row = users.observations.get(period="2018", seq_to=None)
        users.observations.filter(pk=row.pk).update(seq_to=change.seq)
    told = since(page(client, f"{CASE}?as_of={then}"))
    assert "end of 2018 over 60 million not reported" in told


def test_words_that_changed_are_marked_in_their_paragraph(
    client: Client, then: int, users: Series
) -> None:
    body = BODY.format(key="webank.users", entity="webank")
    rewrite("webank", body=body.replace("users, and", "clients, and"), now=NOW + DAY,
            standfirst="Standfirst of webank, with {{ webank.users@2018 }} users.")  # fmt: skip
    html = page(client, f"{CASE}?as_of={then}")
    told = html.partition('class="difference"')[2]
    assert told.count('class="difference__part"') == 1
    assert '<del><span class="visually-hidden">[removed: </span>users<' in told
    assert '<ins><span class="visually-hidden">[added: </span>clients<' in told
    assert "Figures" not in since(html)


def test_figure_alone_is_no_change_of_words(client: Client, then: int, users: Series) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    assert "Words" not in since(page(client, f"{CASE}?as_of={then}"))


def test_rewritten_paragraph_has_the_figures_of_either_time(
    client: Client, then: int, users: Series
) -> None:
    publish((users, "2018", "7,000万"), kind="correction", now=NOW + DAY)
    body = "It had {{ webank.users@2018 }} users, and {{ webank.users@latest | plain }} in the end."
    rewrite("webank", body=body, title="Another title", now=NOW + 2 * DAY)
    told = since(page(client, f"{CASE}?as_of={then}"))
    for part in ("Title [removed: Title of webank: more ] [added: Another title ]",
                 "An exhibit that is gone", "over 60", "70"):  # fmt: skip
        assert part in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("series: [webank.users]", "series: [webank.users]\nsubtitle: Below", "An exhibit"),
        ("type: column", "type: line", "An exhibit · the same words"),
        ("```timeline\nentity: webank\n```", "", "An exhibit that is gone"),
        ("## Scale", "## Scale\n\nOne <b> more.", "A new paragraph [added: One <b> more. ]"),
        ("## Scale\n\n", "", "A paragraph that is gone [removed: Scale ]"),
        ("It had", "**It** had", "A paragraph · the same words"),
    ],
)
def test_each_kind_of_change_is_named(
    client: Client, then: int, old: str, new: str, told: str
) -> None:
    body = BODY.format(key="webank.users", entity="webank")
    assert old in body
    rewrite("webank", body=body.replace(old, new), now=NOW + DAY)
    assert told in since(page(client, f"{CASE}?as_of={then}")).replace("&lt;b&gt;", "<b>")


def test_long_lists_are_cut_and_counted(client: Client, then: int, users: Series) -> None:
    years = [(users, str(1900 + n), "1万") for n in range(65)]
    publish(*years, now=NOW + DAY)
    rewrite("webank", body="\n\n".join(f"Par {n}." for n in range(70)), now=NOW + 2 * DAY)
    told = since(page(client, f"{CASE}?as_of={then}"))
    assert re.search(r"Words .* and \d+ more Figures .* and 5 more$", told)


def test_withdrawn_text_can_be_read_as_it_was(client: Client, then: int) -> None:
    with publishing("withdrawal", now=NOW + DAY) as change:
        live = Publication.objects.current().filter(text__case__slug="webank")
        live.update(seq_to=change.seq)
    assert client.get(CASE).status_code == 404
    html = page(client, f"{CASE}?as_of={then}")
    assert "It had over 60 million users" in article(html)
    assert "The text was withdrawn" in since(html)
    assert "canonical" not in html
    assert f'href="{CASE}"' not in html.partition("<main")[2]
