"""A partner with a key."""

from dataclasses import dataclass
from typing import Any

import pytest

from partners.models import ApiKey, Partner
from partners.services.keys import issue_key


@dataclass(frozen=True)
class Issued:
    """A key and its text, which only tests keep together."""

    key: ApiKey
    text: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Api-Key {self.text}"}


@pytest.fixture
def partner(db: None) -> Partner:
    return Partner.objects.create(name="Acme Research", contact_email="data@acme.example")


def issue(partner: Partner, **fields: Any) -> Issued:
    given = {"name": "nightly job", "scopes": ["read"], "actor": None, **fields}
    return Issued(*issue_key(partner, **given))


@pytest.fixture
def issued(partner: Partner) -> Issued:
    """May read, with the quota of the site."""
    return issue(partner)
