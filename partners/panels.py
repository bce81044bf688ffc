"""What the first page of the admin tells of partners."""

from django.utils.translation import gettext_lazy as _

from metrics.panels import Panel, register_panel
from partners.selectors.deliveries import failing_webhooks


def register_panels() -> None:
    register_panel(
        Panel(
            "webhooks",
            _("Messages to partners that were given up"),
            _("Every message arrived, or still may."),
            "partners.view_delivery",
            failing_webhooks,
            "partners_delivery_changelist",
            "?state=given-up",
        )
    )
