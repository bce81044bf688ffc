"""Texts for tests of pages, published through the services that readers rely on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.models import Case, CaseText, Revision
from cases.services.texts import publish_revision, save_revision, stage_text
from metrics.models import Change, Series
from metrics.services.publishing import publish_release
from tests.metrics.factories import NOW, EntityFactory, make_release, make_series, publish

LANGUAGES = ("zh-hans", "en")
BODY = """```key-figures
- value: {key}@2018
  label: Users
```

## Scale

It had {{{{ {key}@2018 }}}} users, and {{{{ {key}@latest | plain }}}} at last.

```chart
type: column
title: Users
series: [{key}]
```

```timeline
entity: {entity}
```
"""


def write(
    slug: str, *, key: str = "webank.users", language: str = "en", kind: str = "case"
) -> Revision:
    """A draft of a case about a series; its title is "Title of <slug>"."""
    case = Case.objects.get_or_create(slug=slug, kind=kind)[0]
    case.entities.add(EntityFactory(slug=key.partition(".")[0]))
    text = CaseText.objects.get_or_create(case=case, language=language)[0]
    return save_revision(
        text,
        title=f"Title of {slug}: more",
        standfirst=f"Standfirst of {slug}, with {{{{ {key}@2018 }}}} users.",
        body=BODY.format(key=key, entity=key.partition(".")[0]),
        actor=None,
        now=NOW,
    )


def publish_case(
    slug: str, *, languages: tuple[str, ...] = LANGUAGES, technology: str = "", **words: str
) -> Case:
    """A case that readers see, in the languages given."""
    later = NOW + timedelta(minutes=1)
    release = make_release(now=later)
    for language in languages:
        stage_text(release, write(slug, language=language, **words))
    publish_release(release, actor=None, now=later)
    case = Case.objects.get(slug=slug)
    if technology:
        case.technologies.add(Case.objects.get(slug=technology))
    return case


def rewrite(slug: str, *, body: str, now: datetime, language: str = "en", **parts: str) -> None:
    """Publish other words for a case that readers see."""
    text = CaseText.objects.get(case__slug=slug, language=language)
    given = {"title": f"Title of {slug}: more", "standfirst": "Standfirst.", **parts}
    revision = save_revision(text, body=body, actor=None, now=now, **given)
    publish_revision(revision, actor=None, now=now)


def write_secret(slug: str, language: str = "en") -> Revision:
    """A draft that no reader may see a word of: each part says so."""
    case = Case.objects.get_or_create(slug=slug)[0]
    text = CaseText.objects.get_or_create(case=case, language=language)[0]
    return save_revision(
        text,
        title="A secret title",
        standfirst="A secret standfirst.",
        body="A secret body.",
        actor=None,
        now=NOW + timedelta(hours=1),
    )


@pytest.fixture
def users() -> Series:
    """webank.users, with values for 2017 and 2018."""
    series = make_series("webank.users")
    publish((series, "2017", "超过5,000万"), (series, "2018", "超过6,000万"))
    return series


@pytest.fixture
def site(users: Series) -> Callable[[str], str]:
    """A case, a technology it applies and the overview, in both languages; makes addresses."""
    publish_case("big-data", kind="technology")
    publish_case("webank", technology="big-data")
    publish_case("overview", kind="overview")
    return lambda path: f"/en/{path}"


@pytest.fixture
def then(site: Callable[[str], str]) -> int:
    """The seq before anything changed."""
    return Change.objects.latest_seq()
