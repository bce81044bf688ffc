from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.panels import register_panels
        from cases.participant import CasesParticipant
        from cases.parts import register_parts
        from metrics.participants import register
        from metrics.quick_links import QuickLink, register_link

        register(CasesParticipant())
        register_panels()
        register_parts()
        page = "cases_casetext_changelist"
        register_link(QuickLink("write", _("Write a text"), "cases.change_casetext", page))
