"""Staff of each role, and browsers in which they are logged in."""

from django.contrib.auth.models import Group, User
from django.test import Client


def log_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def make_staff(role: str) -> User:
    """A member of staff in the group of a role, as `ensure_roles` makes it."""
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)
