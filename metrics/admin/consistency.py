"""The consistency of what is stated, as a page: computed when it is asked for, never stored."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy

from metrics.admin.bases import ReadOnlyAdmin
from metrics.admin.import_pages import page_links
from metrics.models import ConsistencyCheck
from metrics.selectors.consistency import CheckLine, consistency
from metrics.stats.consistency import Consistency

VERDICTS = {
    Consistency.INCONSISTENT: gettext_lazy("inconsistent"),
    Consistency.UNDECIDABLE: gettext_lazy("undecidable"),
    Consistency.CONSISTENT: gettext_lazy("consistent"),
}
LINES = 100


@admin.register(ConsistencyCheck)
class ConsistencyCheckAdmin(ReadOnlyAdmin):
    """A list only: whoever may see values may see how they agree."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and request.user.has_perm("metrics.view_observation")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = consistency("en" if get_language() == "en" else "zh-hans")
        asked = request.GET.get("verdict", "")
        asked = asked if asked in VERDICTS else ""
        page = Paginator(_asked(lines, asked), LINES).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "asked": asked,
            "counts": [
                (verdict.value, name, sum(line.verdict == verdict for line in lines))
                for verdict, name in VERDICTS.items()
            ],
            "page": page,
            "rows": [(line, VERDICTS[line.verdict]) for line in page],
            "links": page_links(request, page.number, page.paginator.num_pages),
        }
        return TemplateResponse(request, "admin/metrics/consistencycheck/change_list.html", context)


def _asked(lines: tuple[CheckLine, ...], verdict: str) -> list[CheckLine]:
    """The lines of a verdict, or all: contradictions first."""
    kept = [line for line in lines if verdict in ("", line.verdict)]
    order = list(VERDICTS)
    return sorted(kept, key=lambda line: order.index(line.verdict))
