"""Texts and pages."""

from cases.models.case import Case, CaseText, Publication, ReleaseText, Revision
from cases.models.claims import Drift, LedgerEntry
from cases.models.draft import Draft
from cases.models.export import Export
from cases.models.page import ContentRecord, PageSnapshot
from cases.models.picture import Picture
from cases.models.redaction import PassageRedaction
from cases.models.search import SearchDocument
from cases.models.workflow import Comment, TextAct

__all__ = [
    "Case",
    "CaseText",
    "Comment",
    "ContentRecord",
    "Draft",
    "Drift",
    "Export",
    "LedgerEntry",
    "PageSnapshot",
    "PassageRedaction",
    "Picture",
    "Publication",
    "ReleaseText",
    "Revision",
    "SearchDocument",
    "TextAct",
]
