"""Texts that the API's tests ask for."""

from collections.abc import Callable

import pytest

from cases.models import Case, CaseText
from cases.services.texts import save_revision, stage_text
from metrics.services.publishing import publish_release
from tests.metrics.factories import NOW, EntityFactory, make_release, make_series, publish

Writer = Callable[..., Case]


def write(case: Case, language: str, title: str, *, body: str = "", live: bool = True) -> None:
    """A text of a case; with `live` it is published."""
    text = CaseText.objects.get_or_create(case=case, language=language)[0]
    revision = save_revision(
        text, title=title, standfirst=f"{title}.", body=body, actor=None, now=NOW
    )
    if live:
        release = make_release()
        stage_text(release, revision)
        publish_release(release, actor=None, now=NOW)


@pytest.fixture
def webank(db: None) -> Case:
    """A case live in both languages, with a live technology and one that is a draft."""
    publish((make_series("webank.users"), "2017", "超过6,000万"))
    technology = Case.objects.create(slug="big-data", kind="technology", position=9)
    write(technology, "en", "Big data")
    hidden = Case.objects.create(slug="secret-tech", kind="technology", position=8)
    write(hidden, "en", "Secret technology", live=False)
    case = Case.objects.create(slug="webank", position=1)
    case.technologies.set([technology, hidden])
    case.entities.add(EntityFactory(slug="webank"))
    body = "WeBank had {{ webank.users@2017 }} users."
    write(case, "en", "WeBank: {{ webank.users@2017 }} users", body=body)
    write(
        case, "zh-hans", "微众银行：{{ webank.users@2017 }}人", body="共{{ webank.users@2017 }}人。"
    )
    return case


@pytest.fixture
def draft(webank: Case) -> Case:
    """A case that nobody published, applying a technology that everybody sees."""
    case = Case.objects.create(slug="secret-case", position=0)
    case.technologies.set(Case.objects.filter(slug="big-data"))
    write(case, "en", "Secret case", body="Secret body", live=False)
    return case
