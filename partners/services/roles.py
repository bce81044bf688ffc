"""The group of staff that looks after partners, beside superusers."""

from typing import Any, Final

from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

MANAGER: Final = "Partner manager"


def ensure_manager(sender: Any, **kwargs: Any) -> None:
    """After migrating: the group, once, with every right in this app.

    What administrators take from it afterwards stays taken.
    """
    create_permissions(sender, verbosity=0, using=kwargs["using"])
    with transaction.atomic(using=kwargs["using"]):
        groups = Group.objects.using(kwargs["using"])
        group, is_new = groups.get_or_create(name=MANAGER)
        if is_new:
            ours = Permission.objects.using(kwargs["using"])
            group.permissions.set(ours.filter(content_type__app_label=sender.label))
