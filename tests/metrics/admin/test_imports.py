"""Imports in the admin: handed in, watched, looked at, decided."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from metrics.models import Change, ImportBatch, ImportLayout, Observation, Release, Series
from metrics.services.imports.checking import check_import
from metrics.services.publishing import publish_release
from tests.metrics.admin.conftest import staff
from tests.metrics.admin.forms import said
from tests.metrics.admin.staff import browser_of, log_in
from tests.metrics.factories import NOW, make_series, publish
from tests.metrics.services.imports.conftest import (
    checked,
    imported,
    make_layout,
    private_files,
    uploaded,
)

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]

LIST = "/admin/metrics/importbatch/"
ADD = f"{LIST}add/"
PART = {"hx-request": "true"}
FIRST = "entity,period,value\nacme,2017,10\nacme,2018,12.50\n"
BAD = "entity,period,value\nacme,2017,ten\nnobody,2018,1\n"
INLINE_CODE = re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+=|<style|\sstyle=")


@pytest.fixture(autouse=True)
def company() -> Series:
    return make_series("acme.revenue", nature="flow")


@pytest.fixture
def layout() -> ImportLayout:
    return make_layout()


def url(batch: ImportBatch, page: str = "change/") -> str:
    return f"{LIST}{batch.pk}/{page}"


def html(browser: Client, address: str, **options: Any) -> str:
    answer = browser.get(address, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def hand_in(browser: Client, layout: ImportLayout, content: str = FIRST, **more: Any) -> Any:
    file = SimpleUploadedFile("revenue.csv", content.encode())
    return browser.post(ADD, {"layout": layout.pk, "file": file} | more)


def decide(browser: Client, batch: ImportBatch, button: str = "_publish", **more: Any) -> Any:
    return browser.post(url(batch), {"kind": "new", button: "1"} | more)


def state(batch: ImportBatch) -> str:
    batch.refresh_from_db()
    return batch.state


# -- handing in ------------------------------------------------------------------------------
def test_file_is_kept_and_leads_to_its_page(admin: Client, layout: ImportLayout) -> None:
    answer = hand_in(admin, layout, vintage_on="2024-07-01")
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == url(batch)
    assert (batch.file_name, batch.state) == ("revenue.csv", "uploaded")
    assert str(batch.vintage_on) == "2024-07-01"
    assert batch.uploaded_by is not None


def test_file_that_waits_already_leads_to_the_page_of_the_other(
    admin: Client, layout: ImportLayout
) -> None:
    hand_in(admin, layout)
    answer = hand_in(admin, layout)
    assert answer.headers["Location"] == url(ImportBatch.objects.get())
    assert "waits already" in said(answer)


def test_empty_file_is_refused_beside_the_field(admin: Client, layout: ImportLayout) -> None:
    page = hand_in(admin, layout, "").content.decode()
    assert "The submitted file is empty." in page
    assert not ImportBatch.objects.exists()


def test_file_that_is_too_large_is_refused_with_the_limit(
    admin: Client, layout: ImportLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.services.imports.limits.MOST_BYTES", 10)
    page = hand_in(admin, layout).content.decode()
    assert "expected at most 10. Divide it." in page
    assert not ImportBatch.objects.exists()


def test_without_layouts_the_page_leads_to_the_first(admin: Client) -> None:
    page = html(admin, ADD)
    assert "There is no layout yet" in page
    assert "/admin/metrics/importlayout/add/" in page


@pytest.mark.parametrize("number", ["", "x", "٣", "9" * 40])
def test_layout_asked_for_may_be_anything(number: str, admin: Client, layout: Any) -> None:
    assert "<select" in html(admin, f"{ADD}?layout={number}")


# -- watching --------------------------------------------------------------------------------
def test_waiting_file_is_watched_by_htmx_and_by_a_link(admin: Client, layout: ImportLayout) -> None:
    batch = uploaded(layout, FIRST, now=timezone.now())
    page = html(admin, url(batch))
    assert f'hx-get="{url(batch)}" hx-trigger="every 2s"' in page
    assert "waits for a worker" in page
    assert f'<a href="{url(batch)}">Look again</a>' in page
    assert not INLINE_CODE.search(page)


def test_file_that_nobody_takes_says_that_no_worker_may_run(
    admin: Client, layout: ImportLayout
) -> None:
    batch = uploaded(layout, FIRST, now=NOW)
    assert "no worker is running" in html(admin, url(batch), headers=PART)


def test_checked_rows_are_counted_while_it_goes(admin: Client, layout: ImportLayout) -> None:
    batch = uploaded(layout, FIRST)
    ImportBatch.objects.update(
        state="checking", phase="reading", rows_done=2_000, rows_total=8_000, started_at=NOW
    )
    part = html(admin, url(batch), headers=PART)
    assert part.lstrip().startswith('<section id="moving"')
    assert 'max="8000" value="2000"' in part
    assert "2,000 / 8,000" in part


def test_htmx_loads_the_page_anew_once_the_check_is_done(
    admin: Client, layout: ImportLayout
) -> None:
    answer = admin.get(url(checked(layout, FIRST)), headers=PART)
    assert answer.headers["HX-Refresh"] == "true"
    assert "hx-get" not in html(admin, url(ImportBatch.objects.get()))


# -- problems --------------------------------------------------------------------------------
def test_problems_are_told_with_row_column_cell_and_what_is_expected(
    admin: Client, layout: ImportLayout
) -> None:
    batch = checked(layout, BAD)
    page = html(admin, url(batch))
    assert "2 problems" in page
    assert re.search(
        r'<th scope="row" class="number">2</th>\s*<td>value</td>\s*<td class="cell-text">ten</td>'
        r'\s*<td class="error-text">Not a number',
        page,
    )
    assert f'href="{url(batch, "problems.csv")}"' in page
    assert 'name="_publish"' not in page


def test_problems_are_told_in_chinese_too(layout: ImportLayout) -> None:
    browser = log_in(User.objects.create_superuser("root"), "zh-hans")
    page = html(browser, url(checked(layout, BAD)))
    assert "2 个问题" in page
    assert "Not a number" not in page


def test_many_problems_are_paged(admin: Client, layout: ImportLayout) -> None:
    rows = "".join(f"acme,{1900 + n},x\n" for n in range(60))
    batch = checked(layout, f"entity,period,value\n{rows}")
    assert "Page 1 of 2" in html(admin, url(batch))
    second = html(admin, f"{url(batch)}?page=2")
    assert second.count('class="error-text"') == 10
    for page in ("x", "-1", "0", "9" * 30):
        assert "of 2" in html(admin, f"{url(batch)}?page={page}")


# -- the difference --------------------------------------------------------------------------
def test_difference_shows_before_and_after(admin: Client, layout: ImportLayout) -> None:
    imported(layout, FIRST)
    page = html(admin, url(checked(layout, FIRST.replace("10", "11") + "acme,2019,5\n")))
    assert re.search(r"<del>10</del></td>\s*<td class=\"number\"><ins>11</ins>", page)
    assert "What the file would change" in page
    assert '<option value="new">new (1)</option>' in page
    assert not INLINE_CODE.search(page)


def test_difference_is_filtered_by_mark_and_entity(admin: Client, layout: ImportLayout) -> None:
    imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("10", "11") + "acme,2019,5\n")
    page = html(admin, f"{url(batch)}?mark=new")
    assert "<ins>5</ins>" in page
    assert "<ins>11</ins>" not in page
    assert "Nothing that fits." in html(admin, f"{url(batch)}?entity=zeta")
    assert "<ins>11</ins>" in html(admin, f"{url(batch)}?mark=nonsense&entity=ac")


def test_unchanged_file_says_so_and_offers_nothing_to_publish(
    admin: Client, layout: ImportLayout
) -> None:
    imported(layout, FIRST)
    page = html(admin, url(checked(layout, FIRST)))
    assert "The file says what stands already" in page
    assert 'name="_publish"' not in page


def test_failed_check_says_whose_fault_it_is(admin: Client, layout: ImportLayout) -> None:
    batch = uploaded(layout, FIRST)
    ImportBatch.objects.update(state="failed", failure="disk <full>")
    page = html(admin, url(batch))
    assert "a fault of this site" in page
    assert "disk &lt;full&gt;" in page


# -- deciding --------------------------------------------------------------------------------
def test_publisher_publishes_at_once(layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    answer = decide(browser_of("Publisher"), batch)
    assert "Published as change 1." in said(answer)
    assert state(batch) == "published"
    assert Observation.objects.current().count() == 2


def test_editor_leaves_it_for_approval_and_may_take_it_back(layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    editor = browser_of("Editor")
    assert "Leave for approval" in html(editor, url(batch))
    assert "waits for a publisher" in said(decide(editor, batch))
    assert Change.objects.latest_seq() == 0
    page = html(editor, url(batch))
    assert "until then readers see nothing of it" in page
    assert 'name="_publish"' not in page
    assert "no longer waits" in said(decide(editor, batch, "_take_back"))
    assert Release.objects.get().state == "rejected"
    assert 'name="_publish"' in html(editor, url(batch))


def test_revision_needs_a_reason(admin: Client, layout: ImportLayout) -> None:
    imported(layout, FIRST)
    batch = checked(layout, FIRST.replace("10", "11"))
    page = html(admin, url(batch))
    assert '<option value="revision" selected>' in page
    again = decide(admin, batch, kind="revision").content.decode()
    assert "Give a reason in at least one language." in again
    assert state(batch) == "staged"
    decide(admin, batch, kind="revision", reason_en="the source states it anew")
    release = Release.objects.order_by("-id").first()
    assert release is not None
    assert (release.kind, release.reason_en) == ("revision", "the source states it anew")


def test_values_edited_since_are_listed_and_a_new_comparison_resolves_them(
    admin: Client, company: Series, layout: ImportLayout
) -> None:
    batch = checked(layout, FIRST)
    publish((company, "2017", "99"), source=layout.source)
    assert "There was 1 publication since" in html(admin, url(batch))
    page = decide(admin, batch).content.decode()
    assert "Nothing is published: 1 value was edited" in page
    assert "<li>acme.revenue 2017</li>" in page
    assert state(batch) == "staged"
    assert "Compared with what stands now." in said(decide(admin, batch, "_compare"))
    assert "<del>99</del>" in html(admin, url(batch))
    decide(admin, batch, kind="revision", reason_en="anew")
    assert state(batch) == "published"


def test_rows_that_were_lost_are_read_again(admin: Client, layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    batch.rows.all().delete()
    assert "are being read again" in said(decide(admin, batch))
    assert state(batch) == "uploaded"


def test_discarded_file_is_not_published_any_more(admin: Client, layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    assert "discarded" in said(decide(admin, batch, "_discard"))
    assert state(batch) == "discarded"
    assert "decided meanwhile" in said(decide(admin, batch))
    assert Change.objects.latest_seq() == 0


def test_past_vintages_need_their_own_permission(layout: ImportLayout) -> None:
    imported(layout, FIRST, vintage_on="2020-01-01")
    past = make_layout("past", mode="backfill")
    batch = checked(past, FIRST.replace("10", "9"), vintage_on="2018-01-01")
    assert batch.state == "staged"
    assert 'name="_publish"' not in html(browser_of("Publisher"), url(batch))
    user = User.objects.get(username="publisher")
    user.user_permissions.add(Permission.objects.get(codename="backfill_vintage"))
    browser = log_in(user)
    assert "Add these past vintages" in html(browser, url(batch))
    decide(browser, batch)
    assert state(batch) == "published"


# -- releases --------------------------------------------------------------------------------
def test_release_of_an_import_leads_to_it_and_is_approved_there(layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    decide(browser_of("Editor"), batch)
    release = Release.objects.get()
    publisher = browser_of("Publisher")
    page = html(publisher, f"/admin/metrics/release/{release.pk}/change/")
    assert f'href="{url(batch)}"' in page
    publisher.post(f"/admin/metrics/release/{release.pk}/change/", {"_publish": "1"})
    assert state(batch) == "published"


def test_approval_of_values_edited_since_says_what_to_do(
    company: Series, layout: ImportLayout
) -> None:
    batch = checked(layout, FIRST)
    decide(browser_of("Editor"), batch)
    publish((company, "2017", "99"), source=layout.source)
    release = Release.objects.get(state="draft")
    address = f"/admin/metrics/release/{release.pk}/change/"
    answer = browser_of("Publisher").post(address, {"_publish": "1"})
    assert "acme.revenue 2017" in said(answer)
    assert state(batch) == "staged"


def test_rejected_release_gives_the_file_back(layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    decide(browser_of("Editor"), batch)
    release = Release.objects.get()
    browser_of("Publisher").post(f"/admin/metrics/release/{release.pk}/change/", {"_reject": "1"})
    batch.refresh_from_db()
    assert (batch.state, batch.release_id) == ("staged", None)


# -- undo ------------------------------------------------------------------------------------
def test_undo_shows_what_it_would_leave_and_needs_a_reason(
    admin: Client, company: Series, layout: ImportLayout
) -> None:
    batch = imported(layout, FIRST)
    assert f'href="{url(batch, "undo/")}"' in html(admin, url(batch))
    publish((company, "2018", "99"), source=layout.source, kind="correction")
    page = html(admin, url(batch, "undo/"))
    assert "1 value changed since and stays as it is" in page
    assert "<li>acme.revenue 2018</li>" in page
    again = admin.post(url(batch, "undo/")).content.decode()
    assert "Give a reason in at least one language." in again
    answer = admin.post(url(batch, "undo/"), {"reason_en": "wrong file"})
    assert "Undone as change" in said(answer)
    assert "1 slot that changed since was left as it is." in said(answer)
    assert state(batch) == "undone"
    assert "taken back" in html(admin, url(batch))


def test_undo_of_what_is_not_published_is_refused(admin: Client, layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    answer = admin.post(url(batch, "undo/"), {"reason_en": "why"})
    assert "Only a published file can be undone." in said(answer)


# -- who may what ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "reads", "imports", "undoes"),
    [
        ("nobody", 403, 403, 403),
        ("Author", 200, 403, 403),
        ("Editor", 200, 302, 403),
        ("Publisher", 200, 302, 302),
    ],
)
def test_role_may_read_import_and_undo(
    role: str, reads: int, imports: int, undoes: int, layout: ImportLayout
) -> None:
    done = imported(layout, FIRST)
    batch = checked(layout, FIRST + "acme,2019,1\n")
    browser = browser_of(role)
    for page in ("change/", "entities/", "problems.csv", "problems.xlsx"):
        assert browser.get(url(batch, page)).status_code == reads
    assert browser.get(url(batch), headers=PART).status_code == reads
    assert browser.get(LIST).status_code == reads
    assert browser.get(ADD).status_code == (200 if imports == 302 else 403)
    assert hand_in(browser, layout, FIRST + "acme,2020,1\n").status_code == imports
    assert decide(browser, batch, "_compare").status_code == imports
    assert decide(browser, batch).status_code == imports
    assert decide(browser, checked(layout, BAD), "_discard").status_code == imports
    assert browser.get(url(done, "undo/")).status_code == (200 if undoes == 302 else 403)
    assert browser.post(url(done, "undo/"), {"reason_en": "why"}).status_code == undoes


def test_buttons_are_only_shown_to_who_may_press_them(layout: ImportLayout) -> None:
    batch = checked(layout, FIRST)
    page = html(browser_of("Author"), url(batch))
    assert "<ins>10</ins>" in page
    assert 'type="submit" class="default"' not in page
    assert "_discard" not in page


@pytest.mark.parametrize("page", ["change/", "entities/", "undo/", "problems.csv"])
def test_who_is_not_logged_in_is_sent_to_log_in(
    page: str, client: Client, layout: ImportLayout
) -> None:
    answer = client.get(url(checked(layout, FIRST), page))
    assert answer.status_code == 302
    assert "/login/" in answer.headers["Location"]


@pytest.mark.parametrize("key", ["999", "x", "٣", "9" * 40])
def test_import_that_is_not_there_is_not_found(key: str, admin: Client) -> None:
    assert admin.get(f"{LIST}{key}/change/", follow=True).status_code == 404


def test_user_with_one_permission_alone_does_not_publish(layout: ImportLayout) -> None:
    browser = log_in(staff("reader", "view_importbatch", "publish_release"))
    assert decide(browser, checked(layout, FIRST)).status_code == 403


# -- the list --------------------------------------------------------------------------------
def test_list_tells_states_and_counts_and_leads_to_a_new_import(
    admin: Client, layout: ImportLayout
) -> None:
    checked(layout, FIRST)
    checked(layout, BAD)
    page = html(admin, LIST)
    assert "checked, ready to publish" in page
    assert "refused: see the messages" in page
    assert f'href="{ADD}"' in page


def test_pages_cost_the_same_at_one_and_twenty_rows(admin: Client, layout: ImportLayout) -> None:
    costs: dict[str, list[int]] = {"list": [], "page": []}
    for count in (1, 20):
        rows = "".join(f"acme,{1950 + n},{count}\n" for n in range(count))
        batch = checked(layout, f"entity,period,value\n{rows}")
        for _ in range(count - 1):
            uploaded(layout, f"{FIRST}acme,{1800 + ImportBatch.objects.count()},1\n")
        for name, address in (("list", LIST), ("page", url(batch))):
            with CaptureQueriesContext(connection) as queries:
                html(admin, address)
            costs[name].append(len(queries))
    assert costs["list"][0] == costs["list"][1]
    assert costs["page"][0] == costs["page"][1]


def test_check_by_a_worker_then_publication_through_the_pages(
    admin: Client, layout: ImportLayout
) -> None:
    hand_in(admin, layout)
    batch = ImportBatch.objects.get()
    check_import(batch.pk, now=timezone.now())
    decide(admin, batch)
    assert state(batch) == "published"
    assert batch.release is not None
    with pytest.raises(Exception, match="published"):
        publish_release(batch.release, actor=None, now=NOW)
