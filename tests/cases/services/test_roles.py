"""The groups of staff."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from cases.services.roles import ROLES, ensure_roles

pytestmark = pytest.mark.django_db


def member(role: str) -> User:
    user = User.objects.create_user(role.lower())
    user.groups.add(Group.objects.get(name=role))
    return user


def test_groups_are_made_with_all_their_permissions() -> None:
    assert ensure_roles() == ["Author", "Editor", "Publisher"]
    for name, allowed in ROLES.items():
        rows = Group.objects.get(name=name).permissions.values_list(
            "content_type__app_label", "codename"
        )
        assert {f"{app}.{codename}" for app, codename in rows} == allowed


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("cases.change_casetext", ["Author", "Editor", "Publisher"]),
        ("metrics.view_observation", ["Author", "Editor", "Publisher"]),
        ("metrics.change_indicator", ["Editor", "Publisher"]),
        ("metrics.add_stagedobservation", ["Editor", "Publisher"]),
        ("metrics.publish_release", ["Publisher"]),
        ("metrics.delete_observation", []),
        ("auth.change_user", []),
    ],
)
def test_permission_is_given_to_these_roles_only(permission: str, roles: list[str]) -> None:
    ensure_roles()
    assert [role for role in ROLES if member(role).has_perm(permission)] == roles


def test_what_an_administrator_took_stays_taken() -> None:
    ensure_roles()
    taken = Permission.objects.get(codename="publish_release")
    Group.objects.get(name="Publisher").permissions.remove(taken)
    assert ensure_roles() == []
    assert not member("Publisher").has_perm("metrics.publish_release")
