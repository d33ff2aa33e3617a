"""One line of a timeline for each event, in words about the system, from the event alone."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.incident.events import AlertReceived
from domain.incident.presentation.of_events import PRESENTED
from domain.kernel.commit import Event, name_of
from domain.kernel.notifiable import words_of
from domain.notification.events import NotificationFailed
from domain.notification.ledger_lines import LEDGER_LINES


class Line(NamedTuple):
    """What a timeline says: `kind` for programs (the event's name), `text` for people."""

    kind: str
    text: str


_LINES: Mapping[type[Event], Callable[[Any], str] | None] = {
    **{kind: row.line for kind, row in PRESENTED.items()},
    **LEDGER_LINES,
}
_KINDS = {kind: name_of(kind) for kind in _LINES}


def describe(event: Event) -> Line | None:
    """The line for an event; None for one that timelines leave out. What is neither of an incident
    nor of its notifications is told in the words of its tag.
    """
    if type(event) not in _LINES:
        return Line(name_of(type(event)), words_of(event))
    words = _LINES[type(event)]
    if words is None or (isinstance(event, NotificationFailed) and event.will_retry):
        return None
    if isinstance(event, AlertReceived):
        return Line(f"alert_{event.alert.kind.value}", words(event))
    return Line(_KINDS[type(event)], f"{words(event)}{_cited(event)}")


def _cited(event: Any) -> str:
    """Which rule of which policy has caused it, if one has."""
    automatic = getattr(event, "automatic", None)
    return f" ({automatic.rule}, policy {automatic.policy_version})" if automatic else ""
