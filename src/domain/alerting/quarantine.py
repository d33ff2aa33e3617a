"""A stored webhook that could not be used, or of which something was passed over or was not new:
why, and what became of it.

The events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from typing import assert_never

import msgspec

from domain.kernel.commit import Event, Instant
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.totality import kinds
from domain.policy import Severity


class SignalQuarantined(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="signal.quarantined.v1"
):
    """A stored body was not understood, or said what may not happen; `code` is stable.
    `severity` is the highest that it states, None: none that can be read. It `tells` that it waits,
    which signals of earlier releases did not.
    """

    product: str
    source: str
    code: str
    reason: str
    received_at: Instant
    body_bytes: int
    severity: Severity | None = None
    tells: bool = False


class SignalReleased(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="signal.released.v1"
):
    """Translated again, with success; `incidents` are those that it concerned, perhaps none."""

    incidents: tuple[str, ...] = ()


class SignalDiscarded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="signal.discarded.v1"
):
    """A person has decided that it is not needed."""

    reason: str


class SignalPassedOver(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="signal.passed_over.v1"
):
    """It was understood, but not the whole of it was used: something is of no concern to any
    incident, such as a test ("": nothing), and `flaws` could not be read as they were meant.
    `follows`: `reason` says what became of it where no event of an alert or incident does, since it
    says nothing new, say; `incidents` are the first of those that it is about.
    """

    product: str
    source: str
    reason: str
    flaws: tuple[str, ...] = ()
    follows: bool = False
    incidents: tuple[str, ...] = ()


INCIDENTS_LISTED = 20
"""So many incidents are listed of a signal that says nothing new of any of them."""

QuarantineEvent = SignalQuarantined | SignalReleased | SignalDiscarded | SignalPassedOver

EVENTS: tuple[type[QuarantineEvent], ...] = kinds(QuarantineEvent)


class Quarantine(msgspec.Struct, frozen=True, kw_only=True):
    """Keep a signal until somebody has looked at it."""

    product: str
    source: str
    code: str
    reason: str
    received_at: Instant
    body_bytes: int
    severity: Severity | None = None
    tells: bool = False


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """The signal has been used after all."""

    incidents: tuple[str, ...] = ()


class Discard(msgspec.Struct, frozen=True, kw_only=True):
    """Give a signal up."""

    reason: str


class PassOver(msgspec.Struct, frozen=True, kw_only=True):
    """List what a signal tells of that is of no concern ("": nothing) and what of it could not be
    read as it was meant; what else it tells of has been used. `follows`: as of the event.
    """

    product: str
    source: str
    reason: str
    incidents: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()
    follows: bool = False


QuarantineCommand = Quarantine | Release | Discard | PassOver


class Unremarkable(msgspec.Struct, frozen=True):
    """Nothing was ever wrong with this signal."""


class Held(msgspec.Struct, frozen=True):
    """In quarantine."""

    code: str
    reason: str


class Released(msgspec.Struct, frozen=True):
    """Used at a later attempt."""


class Discarded(msgspec.Struct, frozen=True):
    """Given up. It is not translated again unless somebody asks for that."""


class PassedOver(msgspec.Struct, frozen=True):
    """Nothing was wrong with it; it is listed, as some of it is of no concern or nothing is new."""


QuarantineState = Unremarkable | Held | Released | Discarded | PassedOver


def stream_of(position: int) -> str:
    """The stream that tells the fate of the signal at this position of the signal store."""
    return f"signal.{position}"


def decide(
    command: QuarantineCommand, state: QuarantineState, context: Context
) -> list[QuarantineEvent]:
    """Which events a command causes; what has been settled stays settled."""
    match command, state:
        case Quarantine(code=code, reason=reason), Held(known, why) if (code, reason) == (
            known,
            why,
        ):
            return []
        case Quarantine(), Unremarkable() | Held() | PassedOver():
            fields = msgspec.structs.asdict(command)
            return [SignalQuarantined(occurred_at=context.now, **fields)]
        case Quarantine(), _:
            return []
        case PassOver(), PassedOver() | Released():
            return []
        case PassOver(), _:
            passed = _passed_over(command, context)
            released = SignalReleased(occurred_at=context.now, incidents=command.incidents)
            return [passed] if isinstance(state, Unremarkable) else [passed, released]
        case Release(incidents=incidents), Held() | Discarded():
            return [SignalReleased(occurred_at=context.now, incidents=incidents)]
        case Release(), _:
            return []
        case Discard(reason=reason), Held():
            return [SignalDiscarded(occurred_at=context.now, reason=reason)]
        case Discard(), Discarded():
            return []
        case _:
            raise Refused("signal.not_quarantined", "the signal is not in quarantine")


def _passed_over(command: PassOver, context: Context) -> SignalPassedOver:
    return SignalPassedOver(
        occurred_at=context.now,
        product=command.product,
        source=command.source,
        reason=command.reason,
        flaws=command.flaws,
        follows=command.follows,
        incidents=command.incidents[:INCIDENTS_LISTED] if command.follows else (),
    )


def evolve(state: QuarantineState, event: QuarantineEvent, _: str = UNKNOWN) -> QuarantineState:
    """The state after one more event."""
    match event:
        case SignalQuarantined(code=code, reason=reason):
            return Held(code, reason)
        case SignalReleased():
            return Released()
        case SignalDiscarded():
            return Discarded()
        case SignalPassedOver():
            return PassedOver()
    assert_never(event)
