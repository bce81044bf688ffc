"""Who works in the admin of data, and a value to work on."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from metrics.models import Observation, Series
from tests.metrics.admin.staff import log_in
from tests.metrics.factories import make_series, publish

VALUES = ("observation", "release", "stagedobservation", "source", "unit", "rule", "series")


def staff(name: str, *codenames: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def admin() -> Client:
    """A superuser's browser."""
    return log_in(User.objects.create_superuser("root"))


@pytest.fixture
def publisher() -> Client:
    allowed = [f"{action}_{name}" for name in VALUES for action in ("view", "add", "change")]
    return log_in(staff("publisher", "publish_release", *allowed))


@pytest.fixture
def author() -> Client:
    """Somebody who may enter values but not publish them."""
    allowed = [f"{action}_{name}" for name in VALUES for action in ("view", "add", "change")]
    return log_in(staff("author", *allowed))


@pytest.fixture
def users() -> Series:
    return make_series("webank.users")


@pytest.fixture
def row(users: Series) -> Observation:
    """60 million users and more at the end of 2017."""
    publish((users, "2017", "超过6,000万"))
    return Observation.objects.current().get(series=users)
