"""Texts and pages."""

from cases.models.case import Case, CaseText, Publication, ReleaseText, Revision
from cases.models.page import ContentRecord, PageSnapshot

__all__ = [
    "Case",
    "CaseText",
    "ContentRecord",
    "PageSnapshot",
    "Publication",
    "ReleaseText",
    "Revision",
]
