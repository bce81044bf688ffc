"""The group that minds partners."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from partners.services.roles import MANAGER, ensure_manager

pytestmark = pytest.mark.django_db

OURS = {"content_type__app_label": "partners"}


@pytest.fixture
def group() -> Any:
    return Group.objects.get(name=MANAGER)


def again() -> None:
    ensure_manager(apps.get_app_config("partners"), using="default")


def test_what_an_administrator_took_stays_taken(group: Group) -> None:
    group.permissions.remove(*Permission.objects.filter(codename="add_apikey", **OURS))
    again()
    assert not group.permissions.filter(codename="add_apikey", **OURS).exists()


def test_rights_over_what_is_new_are_added(group: Group) -> None:
    Permission.objects.filter(codename="change_webhook", **OURS).delete()
    again()
    assert group.permissions.filter(codename="change_webhook", **OURS).exists()
