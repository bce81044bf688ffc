"""Partners: organisations, their keys and how often they ask."""

from partners.models.key import ApiKey
from partners.models.partner import Partner
from partners.models.window import KeyDay, Window

__all__ = ["ApiKey", "KeyDay", "Partner", "Window"]
