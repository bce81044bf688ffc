"""A partner with everything that the admin lists of one."""

from partners.models import Attempt, Partner
from partners.services.keys import issue_key
from partners.services.webhooks import create_webhook, send_test
from tests.metrics.factories import NOW


def make_partner(number: int) -> Partner:
    partner = Partner.objects.create(
        name=f"Partner e-{number}", contact_email=f"e-{number}@partner.example"
    )
    issue_key(partner, name=f"key e-{number}", scopes=["read"], actor=None)
    webhook, _secret = create_webhook(
        partner, url="https://partner.example/hook", kinds=["release"], actor=None, now=NOW
    )
    delivery = send_test(webhook, now=NOW)
    Attempt.objects.create(
        delivery=delivery, at=NOW, milliseconds=12, status=500, error="refused", excerpt="No."
    )
    return partner
