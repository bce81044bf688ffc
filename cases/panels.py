"""What the first page of the admin tells of texts."""

from django.utils.translation import gettext_lazy as _

from cases.models import CaseText
from cases.selectors.waiting import lagging_texts, open_drift, texts_in
from metrics.panels import Panel, register_panel

PAGE = "cases_casetext_changelist"


def register_panels() -> None:
    register_panel(
        Panel(
            "drift",
            _("Sentences that data changed"),
            _("Every sentence says what its data say."),
            "cases.view_drift",
            open_drift,
            "cases_drift_changelist",
        )
    )
    register_panel(
        Panel(
            "review",
            _("Texts in review"),
            _("No text waits for a review."),
            "cases.view_casetext",
            lambda: texts_in(CaseText.State.IN_REVIEW),
            PAGE,
            "?state__exact=in-review",
        )
    )
    register_panel(
        Panel(
            "approved",
            _("Approved texts"),
            _("No approved text waits for publication."),
            "cases.view_casetext",
            lambda: texts_in(CaseText.State.APPROVED),
            PAGE,
            "?state__exact=approved",
        )
    )
    register_panel(
        Panel(
            "lagging",
            _("Translations that lag"),
            _("Every translation is in step."),
            "cases.view_casetext",
            lagging_texts,
            "cases_casetext_languages",
            "?lags=1",
        )
    )
