"""Filling in an admin page as a browser would: what it shows, with some fields changed."""

from typing import Any

from django.contrib.messages import get_messages
from django.forms import BaseForm, BoundField, CheckboxInput
from django.test import Client


def shown(response: Any) -> dict[str, Any]:
    """The fields of a change or add page with their values, inlines included."""
    form = response.context["adminform"].form
    data = _values(form)
    for inline in response.context["inline_admin_formsets"]:
        data |= _values(inline.formset.management_form)
        for row in inline.formset.forms:
            data |= _values(row)
    return data


def fill_in(client: Client, url: str, /, **changes: Any) -> Any:
    """Open the page, change the fields named, press Save (or the button named in `changes`)."""
    page = client.get(url)
    assert page.status_code == 200, url
    data = {"_save": "Save"} if not any(name.startswith("_") for name in changes) else {}
    return client.post(url, shown(page) | data | changes)


def said(response: Any) -> str:
    """The messages that the answer left for the next page."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def faults(response: Any) -> dict[str, str]:
    """The errors of a form that was shown again, by field."""
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    return {name: " ".join(map(str, messages)) for name, messages in errors.items()}


def _values(form: BaseForm) -> dict[str, Any]:
    """What the browser would send: nothing for what is empty or not ticked."""
    sent = {field.html_name: _value(field) for field in form}
    return {name: value for name, value in sent.items() if value not in (None, "", [], False)}


def _value(field: BoundField) -> Any:
    widget = getattr(field.field.widget, "widget", field.field.widget)  # not its "+" button
    if isinstance(widget, CheckboxInput):
        return "on" if field.value() else None
    value = widget.format_value(field.value())
    is_single = isinstance(value, list) and not getattr(widget, "allow_multiple_selected", False)
    return value[0] if value and is_single else value
