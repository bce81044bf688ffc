"""Partners: organisations, their keys and how often they ask, and where they are told."""

from partners.models.key import ApiKey
from partners.models.partner import Partner
from partners.models.taken import Taken
from partners.models.webhook import Attempt, Delivery, EventKind, Failure, Webhook
from partners.models.window import KeyDay, Window

__all__ = [
    "ApiKey",
    "Attempt",
    "Delivery",
    "EventKind",
    "Failure",
    "KeyDay",
    "Partner",
    "Taken",
    "Webhook",
    "Window",
]
