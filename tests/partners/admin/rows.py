"""A partner with everything that the admin lists of one."""

from partners.models import Partner
from partners.services.keys import issue_key


def make_partner(number: int) -> Partner:
    partner = Partner.objects.create(
        name=f"Partner e-{number}", contact_email=f"e-{number}@partner.example"
    )
    issue_key(partner, name=f"key e-{number}", scopes=["read"], actor=None)
    return partner
