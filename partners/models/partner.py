"""Organisations that take our data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Partner(models.Model):
    """An organisation with API keys and webhooks; its name is as it writes itself."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    contact_email = models.EmailField(_("contact e-mail"))
    note = models.TextField(_("note"), max_length=2000, blank=True)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Without it every key is refused and nothing is sent, at once."),
    )

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
