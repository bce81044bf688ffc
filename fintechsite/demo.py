"""Demo staff of a development database: one account for each role, made once."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

# User name to group; None is the superuser.
ROLES = {"admin": None, "publisher": "Publisher", "editor": "Editor", "author": "Author"}


@transaction.atomic
def create_demo_staff() -> list[tuple[str, str]]:
    """Make the missing accounts; return (name, password) of the new ones.

    Nothing is made where staff exist already: passwords and rights that somebody changed, and
    accounts that somebody removed, stay as they are.
    """
    users = get_user_model().objects
    if users.filter(is_staff=True).exists():
        return []
    made = []
    for name, role in ROLES.items():
        password = secrets.token_urlsafe(9)
        user = users.create_user(name, password=password, is_staff=True, is_superuser=role is None)
        if role is not None:
            user.groups.add(Group.objects.get_or_create(name=role)[0])
        made.append((name, password))
    return made
