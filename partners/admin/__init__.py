"""Partners in the admin: who they are, their keys, where they are told."""

from django.contrib import admin
from rest_framework_api_key.models import APIKey

from partners.admin import deliveries, keys, partners, webhooks

__all__ = ["deliveries", "keys", "partners", "webhooks"]

# The library's own table stays empty: our keys are of another model.
admin.site.unregister(APIKey)
