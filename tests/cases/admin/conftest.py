"""Staff of the three roles, and a case with a text that quotes a figure."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, CaseText
from cases.services.roles import ensure_roles
from cases.services.texts import publish_revision, save_revision
from metrics.models import Observation, Series
from tests.metrics.admin.staff import log_in, make_staff
from tests.metrics.factories import NOW, make_series, publish

BODY = "## 做了什么\n\n注册用户{{ webank.users@2017 }}。\n"


@pytest.fixture
def admin() -> Client:
    """A superuser's browser."""
    return log_in(User.objects.create_superuser("root"))


@pytest.fixture
def roles() -> None:
    ensure_roles()


@pytest.fixture
def author(roles: None) -> Client:
    return log_in(make_staff("Author"))


@pytest.fixture
def editor(roles: None) -> Client:
    return log_in(make_staff("Editor"))


@pytest.fixture
def publisher(roles: None) -> Client:
    return log_in(make_staff("Publisher"))


@pytest.fixture
def users() -> Series:
    return make_series("webank.users")


@pytest.fixture
def row(users: Series) -> Observation:
    publish((users, "2017", "超过6,000万"))
    return Observation.objects.current().get(series=users)


@pytest.fixture
def text(row: Observation) -> CaseText:
    """The live Chinese text of a case."""
    case = Case.objects.create(slug="webank")
    text = CaseText.objects.create(case=case, language="zh-hans")
    revision = save_revision(
        text, title="微众银行", standfirst="一家银行。", body=BODY, actor=None, now=NOW
    )
    publish_revision(revision, actor=None, now=NOW)
    text.refresh_from_db()
    return text
