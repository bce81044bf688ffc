"""Staff of each role, and browsers in which they are logged in."""

from django.contrib.auth.models import Group, User
from django.test import Client

from cases.services.roles import ensure_roles


def log_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def make_staff(role: str) -> User:
    """A member of staff in the group of a role, as `ensure_roles` makes it."""
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def browser_of(role: str) -> Client:
    """A browser of a member of a role; "nobody" is staff without any right."""
    if role == "nobody":
        return log_in(User.objects.create_user("nobody", is_staff=True))
    ensure_roles()
    return log_in(make_staff(role))
