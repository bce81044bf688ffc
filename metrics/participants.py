"""How upper apps take part in publishing without metrics knowing them.

Filled in `AppConfig.ready()`; the only call that goes up (DESIGN.md section 3).
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from metrics.models import Change, Release, Series


class RefusedError(Exception):
    """What a participant raises to refuse a release; its words are for the editor."""


@dataclass(frozen=True, slots=True)
class Impact:
    """One thing that reads otherwise after a release, with the admin page that it leads to.

    `lines` are (what, before, after), each in the language of the thing; `further` are not listed.
    """

    title: str
    page: str
    page_key: int
    language: str = ""
    lines: tuple[tuple[str, str, str], ...] = ()
    further: int = 0


class Participant(Protocol):
    """What an upper app is told inside a publishing transaction."""

    def publish(self, release: Release, change: Change) -> dict[str, int]:
        """Publish what the release holds of this app; counts for the change's summary.

        Raises RefusedError where it holds what may not be published.
        """

    def verify(self, release: Release) -> None:
        """All values of the release stand, the quoted derived ones too.

        Raises RefusedError where what it published of this app does not read right with them.
        """

    def holds(self, release: Release) -> bool:
        """Whether the release holds anything of this app."""

    def gather(self, release: Release, other: Release) -> None:
        """Move what the other open release holds of this app into this one."""

    def scheduled(self, release: Release, *, actor: Any, now: datetime) -> None:
        """The release was given a time. Raises RefusedError for what may not go to readers."""

    def unscheduled(self, release: Release, *, actor: Any, now: datetime) -> None:
        """The release that had a time has none any more."""

    def built_upon(self, change: Change) -> list[str]:
        """In words, what keeps the things of this app that a change published from going back."""

    def put_back(self, of: Change, release: Release, change: Change) -> None:
        """Let stand again what stood before the change `of`; `release` is being published."""

    def uses(self, series: Series) -> dict[str, int]:
        """How many things of this app quote a series, published or not, by what they are."""

    def quoted_series(self) -> set[int]:
        """Ids of the series that live texts quote: they are evaluated inside the release."""

    def quoted_in(self, release: Release) -> set[int]:
        """Ids of the series that are quoted in what the release holds."""

    def observe(self, release: Release, series_ids: Set[int]) -> Any:
        """What readers see now of this app where the release or these series are concerned."""

    def impact(self, before: Any, after: Any) -> list[Impact]:
        """What differs between two observations, to be told to a publisher."""

    def series_changed(self, series_ids: Set[int], change: Change) -> None:
        """Values of these series changed: drop what was made of them."""

    def redacted(self, series: Series, changed: Set[int]) -> dict[str, int]:
        """Values of the series were taken out of all history: blank what was printed of it.

        `changed` are the ids of the series whose values changed with it, itself and those that
        are computed of it: who knows how gets the value from these. Counts of what was blanked.
        """

    def definitions_changed(self, change: Change) -> None:
        """A name, unit, source or other definition changed: drop what was made of any."""


_participants: list[Participant] = []


def register(participant: Participant) -> None:
    """Add a participant once; called from `AppConfig.ready()`."""
    if participant not in _participants:
        _participants.append(participant)


def participants() -> tuple[Participant, ...]:
    return tuple(_participants)
