"""Words that are taken out of all revisions."""

from typing import Any

from django.contrib import admin
from django.utils import timezone

from cases.models import PassageRedaction
from cases.services.redacting import ask_passage_redaction, reach_of_passage, redact_passage
from metrics.admin.redactions import TwoPersonAdmin


@admin.register(PassageRedaction)
class PassageRedactionAdmin(TwoPersonAdmin):
    list_display = ["text", "state", "asked_by", "asked_at", "decided_by", "decided_at"]
    search_fields = ["text__case__slug"]
    list_select_related = ["text__case", "asked_by", "decided_by"]
    fields = ["text", "passage", "reason_zh_hans", "reason_en"]

    def ask(self, act: Any, actor: Any) -> None:
        ask_passage_redaction(act, actor=actor, now=timezone.now())

    def carry_out(self, act: Any, actor: Any) -> None:
        redact_passage(act, actor=actor, now=timezone.now())

    def reach(self, act: Any) -> dict[str, int]:
        return reach_of_passage(act)
