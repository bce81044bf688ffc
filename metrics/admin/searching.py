"""Fields that search for rows of another table."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils.translation import gettext as _


class Hinted:
    """A search field that says what to search for; without words it has no name to read out."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        attrs: dict[str, Any] = super().build_attrs(*args, **kwargs)  # type: ignore[misc]
        return attrs | {"data-placeholder": _("type to search")}


class SearchOne(Hinted, AutocompleteSelect):
    pass


class SearchMany(Hinted, AutocompleteSelectMultiple):
    pass
