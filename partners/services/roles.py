"""The group of staff that looks after partners, beside superusers."""

from typing import Any, Final

from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

MANAGER: Final = "Partner manager"


def ensure_manager(sender: Any, **kwargs: Any) -> None:
    """After migrating: the group, with every right in this app.

    What administrators take from it stays taken; rights over what is new in this app are added.
    """
    using = kwargs["using"]
    ours = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    known = set(ours.values_list("pk", flat=True))
    create_permissions(sender, verbosity=0, using=using)
    with transaction.atomic(using=using):
        group, is_new = Group.objects.using(using).get_or_create(name=MANAGER)
        group.permissions.add(*(ours.all() if is_new else ours.exclude(pk__in=known)))
