"""Texts as parts of releases."""

from django.utils.translation import gettext_lazy as _

from cases.models import CaseText, ReleaseText
from cases.selectors.composition import held_texts, offered_texts
from cases.services.composing import add_text, take_text_out
from cases.services.texts import refuse_unfit
from metrics.models import Release
from metrics.participants import RefusedError
from metrics.parts import Part, register_part


def register_parts() -> None:
    register_part(
        Part(
            "texts",
            _("Texts"),
            held_texts,
            text_blocks,
            offered_texts,
            lambda release, key, actor, now: add_text(
                release, CaseText.objects.get(pk=key), actor=actor
            ),
            lambda release, key, actor, now: take_text_out(
                release, ReleaseText.objects.get(pk=key), actor=actor
            ),
        )
    )


def text_blocks(release: Release) -> list[str]:
    """Texts that may not go to readers, in words; a release of the system is not asked."""
    blocks: list[str] = []
    if release.created_by_id is None:
        return blocks
    for item in release.texts.select_related("revision__text__case").order_by("id"):
        try:
            refuse_unfit(item.revision)
        except RefusedError as error:
            blocks.append(str(error))
    return blocks
