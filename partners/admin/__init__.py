"""Partners in the admin: who they are, their keys."""

from django.contrib import admin
from rest_framework_api_key.models import APIKey

from partners.admin import keys, partners

__all__ = ["keys", "partners"]

# The library's own table stays empty: our keys are of another model.
admin.site.unregister(APIKey)
