"""The admin as one site: its models by what editors do, the dashboard, the guide."""

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fintechsite.guide import guide_html
from fintechsite.staff.middleware import half_logged_in
from metrics.panels import panels_for
from metrics.quick_links import links_for

# Sections in the order of the day's work; a model that none of them names is machinery.
SECTIONS: Final = (
    (
        "texts",
        gettext_lazy("Texts"),
        ("cases.case", "cases.casetext", "cases.picture", "cases.revision", "cases.textact"),
    ),
    (
        "data",
        gettext_lazy("Data"),
        ("metrics.observation", "metrics.release", "metrics.event", "metrics.consistencycheck"),
    ),
    ("imports", gettext_lazy("Imports"), ("metrics.import",)),
    (
        "definitions",
        gettext_lazy("Definitions"),
        (
            "metrics.source", "metrics.unit", "metrics.entity", "metrics.indicator",
            "metrics.series", "metrics.group", "metrics.rule", "metrics.waiver",
        ),
    ),
    (
        "partners",
        gettext_lazy("Partners"),
        ("partners.partner", "partners.apikey", "partners.webhook", "partners.delivery"),
    ),
    ("accounts", gettext_lazy("Accounts"), ("auth.", "axes.")),
    ("machinery", gettext_lazy("Machinery"), ()),
)  # fmt: skip


def section_of(label: str) -> str:
    """The section of a model by its label (`app.model`)."""
    for name, _title, labels in SECTIONS:
        is_prefix = any(label.startswith(part) for part in labels if part.endswith((".", "import")))
        if is_prefix or label in labels:
            return name
    return "machinery"


class EditingSite(AdminSite):
    """Django's admin site, arranged for editors."""

    site_header = gettext_lazy("Editing")
    site_title = gettext_lazy("Fintech Cases")
    index_title = gettext_lazy("Today")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Models by section; the page of one app keeps Django's own list."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        models: dict[str, list[Any]] = {name: [] for name, _title, _labels in SECTIONS}
        for app in self._build_app_dict(request).values():
            for model in app["models"]:
                models[section_of(model["model"]._meta.label_lower)].append(model)
        home = reverse("admin:index", current_app=self.name)
        return [
            {
                "app_label": name,
                "name": title,
                "app_url": home,
                "has_module_perms": True,
                "models": sorted(models[name], key=lambda model: _place(labels, model)),
            }
            for name, title, labels in SECTIONS
            if models[name]
        ]

    def get_urls(self) -> list[Any]:
        guide = self.admin_view(self.guide_view)
        return [
            path("guide/", guide, name="guide"),
            path("second-factor/", include("fintechsite.staff.urls")),
            *super().get_urls(),
        ]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who gave the password already is asked for the code."""
        if request.method == "GET" and half_logged_in(request) is not None:
            target = request.GET.get(REDIRECT_FIELD_NAME, "")
            return HttpResponseRedirect(reverse("admin:second_factor", query={"next": target}))
        response: HttpResponse = super().login(request, extra_context)
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {
            "panels": panels_for(request.user),
            "quick_links": links_for(request.user),
            **(extra_context or {}),
        }
        response: TemplateResponse = super().index(request, context)
        return response

    def guide_view(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.each_context(request),
            "title": _("Guide to editing"),
            "guide": guide_html(),
        }
        return TemplateResponse(request, "admin/guide.html", context)


def _place(labels: tuple[str, ...], model: Any) -> tuple[int, str]:
    label = model["model"]._meta.label_lower
    place = labels.index(label) if label in labels else len(labels)
    return place, str(model["name"])
