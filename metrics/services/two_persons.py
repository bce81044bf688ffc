"""What takes two superusers: one asks with a reason, another does it or refuses."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from metrics.models import TwoPersonAct
from metrics.participants import RefusedError

State = TwoPersonAct.State


class TwoPersonError(RefusedError):
    """The act cannot be asked for or decided; the words say why."""


def ask(act: TwoPersonAct, *, actor: Any, now: datetime) -> None:
    """Enter what somebody asks for. Raises PermissionDenied or TwoPersonError."""
    refuse_unless_superuser(actor)
    if not act.reason_zh_hans.strip() or not act.reason_en.strip():
        raise TwoPersonError(_("Give the reason in both languages: readers get it."))
    act.asked_by, act.asked_at, act.state = actor, now, State.ASKED
    act.save()


def refuse(act: TwoPersonAct, *, actor: Any, now: datetime) -> None:
    """Decide against it; whoever asked may take it back so. Inside a transaction of the caller."""
    refuse_unless_superuser(actor)
    locked = waiting(act)
    decide(locked, State.REFUSED, actor=actor, now=now)


def waiting(act: TwoPersonAct) -> Any:
    """The act, locked. Raises TwoPersonError for one that is decided."""
    locked = type(act)._default_manager.select_for_update().get(pk=act.pk)
    if locked.state != State.ASKED:
        state = locked.get_state_display()
        raise TwoPersonError(_("It is decided already: %(state)s.") % {"state": state})
    return locked


def refuse_unless_second(act: TwoPersonAct, actor: Any) -> None:
    """Raise PermissionDenied or TwoPersonError unless the actor may do what another asked for."""
    refuse_unless_superuser(actor)
    if act.asked_by_id == actor.pk:
        raise TwoPersonError(_("Somebody else has to do what you asked for."))


def decide(act: TwoPersonAct, state: str, *, actor: Any, now: datetime, **fields: Any) -> None:
    act.state, act.decided_by, act.decided_at = state, actor, now
    for name, value in fields.items():
        setattr(act, name, value)
    act.save(update_fields=["state", "decided_by", "decided_at", *fields])


def refuse_unless_superuser(actor: Any) -> None:
    if not (actor.is_active and actor.is_superuser):
        raise PermissionDenied("This takes a superuser.")
