"""Every address of the admin, made of the rows that stand: nothing may be missing here."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, reverse

from cases.models import CaseText, Drift
from metrics.models import ImportBatch, ImportLayout, Indicator, Observation, Redefinition, Release
from partners.models import ApiKey, Webhook

OF_MODELS: Final = ("changelist", "add", "change", "delete", "history", "simple_history")


def _first(model: Any, **which: Any) -> Any:
    return model.objects.filter(**which).order_by("pk").first()


def _batch() -> list[int]:
    return [_first(ImportBatch).pk]


def _redefined() -> list[int]:
    row = _first(Redefinition, seq_to=None)
    return [row.indicator_id, row.pk]


def _open_release() -> list[int]:
    return [_first(Release, state="draft").pk]


# Pages of ours beside those of models: name → what stands in their address.
OWN: Final[dict[str, Callable[[], list[Any]]]] = {
    "index": list,
    "guide": list,
    "password_change": list,
    "second_factor_set_up": list,
    "second_factor_codes": list,
    "auth_user_second_factor": lambda: [_first(User).pk],
    "auth_user_password_change": lambda: [_first(User).pk],
    "metrics_indicator_redefine": lambda: [_first(Indicator).pk],
    "metrics_indicator_comparable": _redefined,
    "metrics_indicator_take_back": _redefined,
    "metrics_importlayout_try": lambda: [_first(ImportLayout).pk],
    "metrics_importbatch_entities": _batch,
    "metrics_importbatch_undo": lambda: [_first(ImportBatch, state="published").pk],
    "metrics_release_calendar": list,
    "metrics_release_compose": list,
    "metrics_release_describe": _open_release,
    "metrics_release_preview": _open_release,
    "metrics_release_schedule": _open_release,
    "metrics_release_withdraw": lambda: [_first(Release, state="published").pk],
    "metrics_release_value": _open_release,
    "metrics_staleseries_progress": list,
    "metrics_observation_withdraw": lambda: [_first(Observation, seq_to=None).pk],
    "metrics_observation_grid": list,
    "cases_drift_settle": lambda: [_first(Drift).pk],
    "cases_casetext_compare": lambda: [_first(CaseText).pk],
    "cases_casetext_languages": list,
    "cases_casetext_source": lambda: [_first(CaseText).pk],
    "cases_casetext_review": lambda: [_first(CaseText).pk],
    "partners_apikey_rotate": lambda: [_first(ApiKey).pk],
    "partners_apikey_revoke": lambda: [_first(ApiKey).pk],
    "partners_webhook_edit": lambda: [_first(Webhook).pk],
    "partners_webhook_secret": lambda: [_first(Webhook).pk],
    "partners_webhook_replay": lambda: [_first(Webhook).pk],
}
# What is no page: answers to scripts, files to download, forms without a page, ways in and out.
NO_PAGES: Final = {
    "second_factor",
    "second_factor_leave",
    "login",
    "logout",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "metrics_importbatch_csv",
    "metrics_importbatch_xlsx",
    "metrics_staleseries_progress_retry",
    "metrics_observation_grid_check",
    "cases_casetext_pick_series",
    "cases_casetext_pick_entities",
    "cases_casetext_pick_figure",
    "cases_casetext_exhibit",
    "cases_casetext_draft",
    "cases_casetext_latest",
    "cases_casetext_restore",
    "partners_webhook_act",
    "partners_delivery_replay",
}


def names() -> set[str]:
    """The names of all addresses of the admin but those that every model has."""
    return {name for name in _names(admin.site.get_urls()) if not _is_of_a_model(name)}


def _names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def _is_of_a_model(name: str) -> bool:
    models = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    return name in {f"{model}_{page}" for model in models for page in OF_MODELS}


def own_pages() -> list[str]:
    """The address of every page of ours beside those of models."""
    return [reverse(f"admin:{name}", args=args()) for name, args in OWN.items()]


def model_pages() -> list[str]:
    """Each model's list and form, and of its first row the form, the deletion and the history."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        row = None if model._meta.proxy else model._default_manager.order_by("pk").first()
        if row is not None:
            pages = ("change", "delete", "history")
            found += [reverse(f"{name}_{page}", args=[row.pk]) for page in pages]
    return found
