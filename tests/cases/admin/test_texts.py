"""Writing texts in the admin: every save is a revision."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from cases.markup.chart_fields import CHART_TYPES
from cases.models import Case, CaseText, Publication, Revision
from cases.services.texts import publish_revision, save_revision
from metrics.models import Change
from tests.cases.admin.conftest import BODY
from tests.metrics.admin.forms import faults, fill_in, said, shown
from tests.metrics.admin.staff import log_in
from tests.metrics.factories import NOW

pytestmark = pytest.mark.django_db

ADD = "/admin/cases/casetext/add/"


def page_of(text: CaseText) -> str:
    return reverse("admin:cases_casetext_change", args=[text.pk])


def numbers(text: CaseText) -> list[int]:
    return sorted(text.revisions.values_list("number", flat=True))


def live(text: CaseText) -> Revision:
    return Publication.objects.current().get(text=text).revision


def test_form_shows_the_latest_words(author: Client, text: CaseText) -> None:
    fields = shown(author.get(page_of(text)))
    assert (fields["title"], fields["standfirst"], fields["seen"]) == (
        "微众银行",
        "一家银行。",
        "1",
    )
    assert fields["body"] == BODY


def test_save_keeps_a_revision_and_readers_see_the_old_words(
    author: Client, text: CaseText
) -> None:
    body = BODY.replace("\n", "\r\n") + "\r\n新的一段。\r\n\r\n"
    answer = fill_in(author, page_of(text), body=body, note="一段")
    latest = text.revisions.get(number=2)
    assert latest.body == f"{BODY}\n新的一段。\n"
    assert (latest.note, latest.created_by.get_username()) == ("一段", "author")
    assert live(text).number == 1
    assert answer.status_code == 302
    assert "Saved as revision 2; readers still see revision 1." in said(answer)


def test_same_words_make_no_revision(author: Client, text: CaseText) -> None:
    answer = fill_in(author, page_of(text))
    assert "The words are those of revision 1: nothing to save." in said(answer)
    assert numbers(text) == [1]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("一。\n\n注册用户{{ webank.users }}。", "Line 3:"),
        ("一。\n\n```chart\ntype: pie\n```", "Line "),
        ("用户{{ webank.visitors@2017 }}。", "Unknown series “webank.visitors”."),
        ("用户{{ webank.users@2016 }}。", "“webank.users” has no value for 2016; it has: 2017."),
        ("```timeline\nentity: nobody\n```", "Unknown entity “nobody”."),
    ],
)
def test_body_a_reader_could_not_be_shown_is_refused_and_kept(
    author: Client, text: CaseText, body: str, message: str
) -> None:
    answer = fill_in(author, page_of(text), body=body)
    assert message in faults(answer)["body"]
    assert shown(answer)["body"] == body
    assert numbers(text) == [1]


@pytest.mark.parametrize("field", ["title", "standfirst"])
def test_malformed_token_names_the_field_it_is_in(
    author: Client, text: CaseText, field: str
) -> None:
    answer = fill_in(author, page_of(text), **{field: "用户 {{ webank.users }} 人"})
    assert field in faults(answer)


def test_unknown_series_in_the_title_is_refused(author: Client, text: CaseText) -> None:
    answer = fill_in(author, page_of(text), title="{{ webank.visitors@2017 }}")
    assert "webank.visitors" in " ".join(faults(answer).values())


def test_empty_body_is_refused(author: Client, text: CaseText) -> None:
    assert "body" in faults(fill_in(author, page_of(text), body=""))


def test_text_in_a_new_language_is_written_and_published(
    publisher: Client, text: CaseText, client: Client
) -> None:
    named = fill_in(publisher, ADD, case=text.case.pk, language="en")
    page = page_of(CaseText.objects.get(language="en"))
    assert named["Location"] == page
    fill_in(publisher, page, title="WeBank", body="It has {{ webank.users@2017 }} users.")
    written = CaseText.objects.get(language="en").revisions.get()
    publish_revision(written, actor=None, now=NOW)
    assert live(CaseText.objects.get(language="en")).title == "WeBank"
    assert "60 million" in client.get("/en/cases/webank/").content.decode()


def test_second_text_in_a_language_is_refused(author: Client, text: CaseText) -> None:
    answer = fill_in(author, ADD, case=text.case.pk, language="zh-hans")
    assert "__all__" in faults(answer)
    assert CaseText.objects.count() == 1


def test_who_only_reads_is_led_to_the_review(text: CaseText) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_casetext"))
    answer = log_in(reader).get(page_of(text))
    page = answer.content.decode()
    assert f"/admin/cases/casetext/{text.pk}/review/" in page
    assert "data-toolbar" not in page
    assert "<textarea" not in page


def test_locked_text_has_no_tools(author: Client, text: CaseText) -> None:
    assert "data-toolbar" in author.get(page_of(text)).content.decode()
    CaseText.objects.update(state="approved")
    assert "data-toolbar" not in author.get(page_of(text)).content.decode()


def test_published_text_is_not_deleted(admin: Client, text: CaseText) -> None:
    url = reverse("admin:cases_casetext_delete", args=[text.pk])
    assert admin.post(url, {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [text.pk], "post": "yes"}
    admin.post("/admin/cases/casetext/", action)
    assert CaseText.objects.filter(pk=text.pk).exists()


def test_list_tells_which_revision_is_live(admin: Client, text: CaseText) -> None:
    save_revision(text, title="二", standfirst="", body="二。\n", actor=None, now=NOW)
    page = admin.get("/admin/cases/casetext/").content.decode()
    assert "#1" in page
    assert "#2" in page


def test_case_page_links_its_texts_and_adds_a_language(admin: Client, text: CaseText) -> None:
    url = reverse("admin:cases_case_change", args=[text.case.pk])
    assert page_of(text) in admin.get(url).content.decode()
    changes = {"texts-TOTAL_FORMS": "2", "texts-1-language": "en", "texts-1-case": text.case.pk}
    assert fill_in(admin, url, **changes).status_code == 302
    assert CaseText.objects.get(language="en").case == text.case


def test_saved_case_ticks_the_clock(admin: Client, text: CaseText) -> None:
    before = Change.objects.latest_seq()
    fill_in(admin, reverse("admin:cases_case_change", args=[text.case.pk]), position=7)
    change = Change.objects.get(pk=Change.objects.latest_seq())
    assert (change.seq, change.kind) == (before + 1, "definition")
    assert Case.objects.get().position == 7


def test_claims_stand_beside_the_words(author: Client, text: CaseText) -> None:
    body = (
        '有{{ webank.users@2017 }}人，覆盖567座城市，[很多]{if="webank.users@2017 < 1"}，增长。\n'
    )
    save_revision(text, title="题", standfirst="", body=body, actor=None, now=NOW)
    html = author.get(page_of(text)).content.decode()
    panel = html.partition('aria-labelledby="claims"')[2].partition("</section>")[0]
    assert "saved last" in panel
    for told in ("unbound number", "“567", "no longer true", "webank.users@2017", "“增长”"):
        assert told in panel


def test_chinese_editor_is_told_in_chinese_whoever_parsed_the_text_first(
    author: Client, text: CaseText
) -> None:
    body = (
        "用户{{ webank.users }}。\n\n```chart\ntype: pie\ntitle: 图\nseries: [webank.users]\n```\n"
    )
    chinese = log_in(User.objects.get(username="author"), "zh-hans")
    expected = "Line 1: expected a period such as 2018, "
    assert expected in faults(fill_in(author, page_of(text), body=body))["body"]
    told = faults(fill_in(chinese, page_of(text), body=body))["body"]
    assert "第1行：@ 之后应为时期，如 2018、" in told
    kinds = ", ".join(CHART_TYPES)
    assert f"第4行：'type' 应为其中之一：{kinds}，而不是 'pie'" in told.replace("&#x27;", "'")
    assert "expected" not in told
    assert expected in faults(fill_in(author, page_of(text), body=body))["body"]
