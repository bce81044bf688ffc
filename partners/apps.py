from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from metrics.api.admission import stand_at_door
        from partners.api.door import PartnerDoor
        from partners.panels import register_panels
        from partners.services.roles import ensure_manager

        stand_at_door(PartnerDoor())
        register_panels()
        post_migrate.connect(ensure_manager, sender=self)
