"""What waits in quarantine as a whole, and what people have been told of it.

Each signal has a record of its own; here stands what engineering has heard of all that wait, so
that a flood of bad bodies is one message, and nobody is told twice. The events are on disk for
ever: rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from domain.kernel.commit import Event, Instant
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.text import clock
from domain.kernel.totality import kinds
from domain.policy import Severity

CAUSES_MAX = 20
"""So many causes does one event name, the most severe and most frequent ones."""


class WaitingCause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Signals of a source that wait for one reason, `code`; `position` and `reason` are those of
    the first. `severity` is the highest that any of them states, None: none that can be read.
    """

    product: str
    source: str
    code: str
    count: int
    position: int
    reason: str
    severity: Severity | None = None


class SignalsWaiting(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="quarantine.signals_waiting.v1"
):
    """So many signals wait, since `since`, for these causes. `severity` is the highest that any of
    them may have.
    """

    count: int
    since: Instant
    severity: Severity
    causes: tuple[WaitingCause, ...]


class QuarantineCleared(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="quarantine.cleared.v1"
):
    """All that waited has been used or given up."""


WaitingEvent = SignalsWaiting | QuarantineCleared

EVENTS: tuple[type[WaitingEvent], ...] = kinds(WaitingEvent)


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What waits now: how many, by cause, and when the first and the last of them was put there."""

    count: int = 0
    causes: tuple[WaitingCause, ...] = ()
    since: Instant | None = None
    last: Instant | None = None


PHASES = ("empty", "waiting")
"""The phases that one goes through, in the words of documents: samples lead into each."""


class WaitingTold(msgspec.Struct, frozen=True):
    """What has been told: how many waited, for which causes, how severe, and when that was.
    `stated` is the highest severity that any of them states.
    """

    count: int = 0
    causes: frozenset[tuple[str, str, str]] = frozenset()
    severity: Severity = Severity.SEV4
    stated: Severity | None = None
    told_at: datetime | None = None


def decide(command: Survey, state: WaitingTold, context: Context) -> list[WaitingEvent]:
    """What is to be said: that signals wait, that many more do, that none does any more."""
    if not command.count:
        return [QuarantineCleared(occurred_at=context.now)] if state.count else []
    assert command.since is not None, "what waits was put there at some time"
    assert command.last is not None, "what waits was put there at some time"
    severity = min(each.severity or context.policy.unassessed for each in command.causes)
    if not _is_news(command, state, severity, context):
        return []
    return [
        SignalsWaiting(
            occurred_at=context.now,
            count=command.count,
            since=command.since,
            severity=severity,
            causes=command.causes[:CAUSES_MAX],
        )
    ]


def _is_news(command: Survey, state: WaitingTold, severity: Severity, context: Context) -> bool:
    assert command.since is not None
    assert command.last is not None
    now, policy = context.now, context.policy
    settled = now - command.last >= timedelta(seconds=policy.quarantine_quiet_s)
    if state.told_at is None or not state.count or _is_urgent(command, state, severity):
        waited = now - max(command.since, state.told_at or command.since)
        return settled or waited >= timedelta(seconds=policy.quarantine_told_within_s)
    grown = command.count >= 2 * state.count or not _causes(command.causes) <= state.causes
    again = timedelta(seconds=policy.quarantine_again_s)
    return grown and settled and now - state.told_at >= again


def _is_urgent(command: Survey, state: WaitingTold, severity: Severity) -> bool:
    """Whether it is worse than what was told: it may be, or is said to be, more severe, or it comes
    from another source.
    """
    stated = _stated(command.causes)
    above = stated is not None and (state.stated is None or stated.outranks(state.stated))
    known = {(product, source) for product, source, _ in state.causes}
    elsewhere = any(each[:2] not in known for each in _causes(command.causes))
    return severity.outranks(state.severity) or above or elsewhere


def _stated(causes: tuple[WaitingCause, ...]) -> Severity | None:
    return min((each.severity for each in causes if each.severity is not None), default=None)


def _causes(found: tuple[WaitingCause, ...]) -> frozenset[tuple[str, str, str]]:
    return frozenset((each.product, each.source, each.code) for each in found[:CAUSES_MAX])


def evolve(state: WaitingTold, event: WaitingEvent, _: str = UNKNOWN) -> WaitingTold:
    """What has been told after one more event."""
    match event:
        case SignalsWaiting():
            causes = state.causes | _causes(event.causes)
            known = (state.stated, _stated(event.causes))
            stated = min((each for each in known if each is not None), default=None)
            return WaitingTold(event.count, causes, event.severity, stated, event.occurred_at)
        case QuarantineCleared():
            return WaitingTold()
    assert_never(event)


def holds(event: WaitingEvent, state: WaitingTold) -> bool:
    """Whether what was told is still so: who has not heard it yet need not hear it then."""
    return bool(state.count) == isinstance(event, SignalsWaiting)


def describe(event: WaitingEvent) -> str:
    """The event in words for who is woken by it. What strangers wrote is not quoted."""
    match event:
        case SignalsWaiting(count=count, causes=causes, since=since):
            said = "One signal was" if count == 1 else f"{count:,} signals were"
            what = (
                f"{said} not understood, in whole or in part: what they say may be a page that"
                f" nobody has heard. Since {clock(since)} there wait in quarantine:"
            )
            how = (
                f"Look with `commandpost quarantine show {causes[0].position}`, then `replay` it"
                " or `discard` it with a reason."
            )
            return "\n".join((what, *(f"- {_cause(each)}" for each in causes), how))
        case QuarantineCleared():
            return "Nothing waits in quarantine any more: all of it was used or given up."
    assert_never(event)


def _cause(cause: WaitingCause) -> str:
    level = f"{cause.severity} as far as can be read" if cause.severity else "severity not known"
    return (
        f"{cause.count:,} of {cause.product} source {cause.source}: {cause.code}, {level}, the"
        f" first at position {cause.position}"
    )
