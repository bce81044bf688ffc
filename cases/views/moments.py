"""The moments of the past that pages are asked for by `as_of`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.templatetags.days import day
from cases.views.asked import asked_once
from cases.views.errors import ParameterError
from metrics.models import Change
from metrics.selectors.moment import MomentError, moment_of
from metrics.selectors.plain import instant_text

LONGEST_SEQ = 18  # digits


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is past: its instant and the seq that readers saw then.

    `is_seq` tells that it was asked for by the number of a change, which is then `seq`.
    """

    seq: int
    at: datetime
    is_seq: bool = False

    @property
    def on(self) -> date:
        """The day it lies in, by UTC as the API counts them."""
        return self.at.astimezone(UTC).date()

    @property
    def instant(self) -> str:
        """As the API takes it in `as_of`."""
        return instant_text(self.at)

    @property
    def words(self) -> str:
        """In the language in force: 1 March 2027 (UTC), or with the time of day."""
        if self._is_whole_day:
            return _("%(day)s (UTC)") % {"day": day(self.on)}
        clock = self.at.astimezone(UTC).strftime("%H:%M:%S")
        words = _("%(day)s, %(time)s UTC") % {"day": day(self.on), "time": clock}
        if not self.is_seq:
            return words
        return _("%(when)s (change %(seq)d)") % {"when": words, "seq": self.seq}

    @property
    def _is_whole_day(self) -> bool:
        """A day reaches to its last microsecond."""
        end = datetime.combine(self.on, time.max, tzinfo=UTC)
        return self.at == end and not self.is_seq


class NotThenError(Http404):
    """Readers had no such page at a moment; `languages` had it then, `now` have it now.

    A page that never was gives no other answer.
    """

    def __init__(
        self, moment: Moment, languages: Iterable[str] = (), now: Iterable[str] = ()
    ) -> None:
        super().__init__(moment.words)
        self.moment = moment
        self.languages = tuple(languages)
        self.now = tuple(now)


def asked_moment(request: HttpRequest) -> Moment | None:
    """The moment that `as_of` names: a day, an instant or the number of a change.

    None without it, or where it is empty. Raises ParameterError for what cannot be read and for
    what is not past. At most two queries.
    """
    text = asked_once(request, "as_of", expected=_expected())
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return _of_change(text)
    try:
        instant = moment_of(text)
    except MomentError:
        raise ParameterError("as_of", text, expected=_expected()) from None
    if not Change.objects.is_settled(instant, timezone.now()):
        past = _("Expected a moment that is past: what is published then may still change.")
        raise ParameterError("as_of", text, expected=past)
    return Moment(Change.objects.seq_as_of(instant), instant)


def _of_change(text: str) -> Moment:
    """What was published by a change and those before it: it never changes again."""
    changes = Change.objects.filter(seq=int(text[:LONGEST_SEQ]))
    at = None if len(text) > LONGEST_SEQ else changes.values_list("published_at", flat=True).first()
    if at is None:
        latest = Change.objects.latest_seq()
        past = _("Changes are numbered from 1 to %(latest)d.") % {"latest": latest}
        raise ParameterError("as_of", text, expected=f"{_expected()} {past}")
    return Moment(int(text), at, is_seq=True)


def _expected() -> str:
    return _(
        "Expected one day, such as 2027-03-01, an instant, 2027-03-01T08:30:00Z, or the number of "
        "a change."
    )
