"""What a publisher decides about a release: each decision calls its service and says what came."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.models import Release
from metrics.services.corrections import reject_release
from metrics.services.publishing import ReleaseStateError, publish_release
from metrics.services.refusals import REFUSALS, refusal_words

DECISIONS = ("publish", "publish_anyway", "reject")


def pressed(data: Any, names: tuple[str, ...] = DECISIONS) -> str:
    """The button that was pressed; "" for none of these."""
    return next((name for name in names if f"_{name}" in data), "")


def decide(request: HttpRequest, release: Release, decision: str) -> bool:
    """Publish or reject a release; whether that was done. Why not is told. The caller has checked
    that the person may."""
    if decision == "reject":
        return _reject(request, release)
    try:
        with transaction.atomic():
            change = publish_release(
                release,
                actor=request.user,
                now=timezone.now(),
                despite_changes=decision == "publish_anyway",
            )
    except ReleaseStateError:
        return _decided_already(request, release)
    except REFUSALS as error:
        text = _("“%(title)s” is not published: %(reason)s")
        messages.error(request, text % {"title": release, "reason": refusal_words(error)})
        return False
    text = _("“%(title)s” is published as change %(seq)d.")
    messages.success(request, text % {"title": release, "seq": change.seq})
    return True


def _reject(request: HttpRequest, release: Release) -> bool:
    try:
        reject_release(release, actor=request.user, now=timezone.now())
    except ReleaseStateError:
        return _decided_already(request, release)
    messages.success(request, _("“%(title)s” is rejected.") % {"title": release})
    return True


def _decided_already(request: HttpRequest, release: Release) -> bool:
    text = _("“%(title)s” was already decided.")
    messages.error(request, text % {"title": release})
    return False
