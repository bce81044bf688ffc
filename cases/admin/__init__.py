"""The admin of texts: cases, their words in each language, and what readers saw."""

from cases.admin.cases import CaseAdmin
from cases.admin.claims import DriftAdmin, LedgerAdmin
from cases.admin.pictures import PictureAdmin
from cases.admin.records import PageSnapshotAdmin, PublicationAdmin, RevisionAdmin
from cases.admin.redactions import PassageRedactionAdmin
from cases.admin.review import TextActAdmin
from cases.admin.texts import CaseTextAdmin

__all__ = [
    "CaseAdmin",
    "CaseTextAdmin",
    "DriftAdmin",
    "LedgerAdmin",
    "PageSnapshotAdmin",
    "PassageRedactionAdmin",
    "PictureAdmin",
    "PublicationAdmin",
    "RevisionAdmin",
    "TextActAdmin",
]
