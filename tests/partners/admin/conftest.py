"""A manager of partners, and their browser."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from partners.services.roles import MANAGER
from tests.metrics.admin.staff import log_in, make_staff


@pytest.fixture
def manager_user(db: None) -> User:
    """In the group that migrating makes."""
    return make_staff(MANAGER)


@pytest.fixture
def manager(manager_user: User) -> Client:
    return log_in(manager_user)
