"""Demo staff: made once, with the right groups, never touched again."""

import pytest
from django.contrib.auth import get_user_model

from fintechsite.demo import create_demo_staff

pytestmark = pytest.mark.django_db


def test_first_call_makes_one_account_for_each_role() -> None:
    made = create_demo_staff()
    assert [name for name, _ in made] == ["admin", "publisher", "editor", "author"]
    users = get_user_model().objects
    assert users.get(username="admin").is_superuser
    publisher = users.get(username="publisher")
    assert publisher.is_staff
    assert not publisher.is_superuser
    assert [group.name for group in publisher.groups.all()] == ["Publisher"]


def test_printed_passwords_open_the_accounts() -> None:
    for name, password in create_demo_staff():
        assert get_user_model().objects.get(username=name).check_password(password)


def test_second_call_makes_nothing() -> None:
    create_demo_staff()
    get_user_model().objects.get(username="author").delete()
    assert create_demo_staff() == []
    assert not get_user_model().objects.filter(username="author").exists()
