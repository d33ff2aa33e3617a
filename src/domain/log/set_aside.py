"""What of the log cannot be read or is lost, and what people have settled by leaving it out.

That a message cannot be read follows from the message; that somebody was told of it, and that it is
left out for ever, are decisions, and stand here. The events are on disk for ever: rename nothing,
add optional fields, or supersede a tag.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Commit, Event
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.totality import kinds

POSITIONS_MAX = 1_000
"""So many positions at most does one event name."""
ONE_LOSS = timedelta(minutes=10)
"""Who notices a loss within this time after another one means the same."""
UNKNOWN_TAG = "tag.unknown"
"""The code of what a newer release has written."""

_STRANGE = re.compile(r"[^A-Za-z0-9_.:-]")


class MessagesUnreadable(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="log.messages_unreadable.v1"
):
    """Messages at these `positions` are no commits to this release, all for one cause: `code`, and
    the `tags` that it does not know. `subject` and `reason` are those of the first.
    """

    positions: tuple[int, ...]
    subject: str
    code: str
    reason: str
    tags: tuple[str, ...] = ()


class MessageSkipped(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="log.message_skipped.v1"
):
    """A person has decided that what stands at `position` belongs to no history."""

    position: int
    subject: str
    code: str
    reason: str


class MessagesReadable(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="log.messages_readable.v1"
):
    """A release that can read them has taken in what stands at these `positions`."""

    positions: tuple[int, ...]


class EndLost(Event, frozen=True, kw_only=True, omit_defaults=True, tag="log.end_lost.v1"):
    """The log had been read up to `position`, and does not hold any more what stood there: it was
    put back from a copy, or has lost its last messages. `found` says what was there instead.
    """

    position: int
    found: str


LogEvent = MessagesUnreadable | MessageSkipped | MessagesReadable | EndLost

EVENTS: tuple[type[LogEvent], ...] = kinds(LogEvent)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Say that these cannot be read."""

    positions: tuple[int, ...]
    subject: str
    code: str
    reason: str
    tags: tuple[str, ...] = ()


class Skip(msgspec.Struct, frozen=True, kw_only=True):
    """Leave out for ever what stands at `position`."""

    position: int
    subject: str
    code: str
    reason: str


class Recover(msgspec.Struct, frozen=True, kw_only=True):
    """Say that these can be read after all."""

    positions: tuple[int, ...]


class NoteLostEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Say that the log has lost what stood at `position`."""

    position: int
    found: str


LogCommand = Report | Skip | Recover | NoteLostEnd

Cause = tuple[str, tuple[str, ...]]


PHASES = ("whole", "waiting", "skipped", "end lost")
"""The phases that one goes through, in the words of documents: samples lead into each."""


class SetAside(msgspec.Struct, frozen=True):
    """Which positions wait to be settled, from which causes, and which are left out."""

    waiting: frozenset[int] = frozenset()
    causes: frozenset[Cause] = frozenset()
    skipped: frozenset[int] = frozenset()
    end_lost_at: datetime | None = None


def decide(command: LogCommand, state: SetAside, context: Context) -> list[LogEvent]:
    """Which events a command causes: none for what is known already."""
    match command:
        case Report():
            new = set(command.positions) - state.waiting - state.skipped
            if not new:
                return []
            fields = {**msgspec.structs.asdict(command), "positions": _first(new)}
            return [MessagesUnreadable(occurred_at=context.now, **fields)]
        case Skip():
            if command.position in state.skipped:
                return []
            fields = msgspec.structs.asdict(command)
            return [MessageSkipped(occurred_at=context.now, **fields)]
        case Recover():
            readable = state.waiting.intersection(command.positions)
            if not readable:
                return []
            return [MessagesReadable(occurred_at=context.now, positions=_first(readable))]
        case NoteLostEnd(position=position, found=found):
            if state.end_lost_at and context.now - state.end_lost_at < ONE_LOSS:
                return []
            return [EndLost(occurred_at=context.now, position=position, found=found)]
    assert_never(command)


def _first(positions: set[int] | frozenset[int]) -> tuple[int, ...]:
    return tuple(sorted(positions)[:POSITIONS_MAX])


def evolve(state: SetAside, event: LogEvent, _: str = UNKNOWN) -> SetAside:
    """What waits after one more event."""
    match event:
        case MessagesUnreadable():
            return replace(
                state,
                waiting=state.waiting.union(event.positions),
                causes=state.causes | {(event.code, event.tags)},
            )
        case MessageSkipped(position=position):
            skipped = state.skipped | {position}
            return _without(replace(state, skipped=skipped), frozenset((position,)))
        case MessagesReadable(positions=positions):
            return _without(state, frozenset(positions))
        case EndLost(occurred_at=at):
            return replace(state, end_lost_at=at)
    assert_never(event)


def _without(state: SetAside, positions: frozenset[int]) -> SetAside:
    waiting = state.waiting - positions
    return replace(state, waiting=waiting, causes=state.causes if waiting else frozenset())


def is_news(before: SetAside, after: SetAside) -> bool:
    """Whether to tell that more waits: of each new cause, and whenever there is twice as much.
    So a flood is told of a few times.
    """
    grown = len(after.waiting).bit_length() > len(before.waiting).bit_length()
    return grown or after.causes != before.causes


def skips_in(commit: Commit[Event]) -> Iterator[MessageSkipped]:
    """What a commit on the stream of the log leaves out of every history."""
    return (event for event in commit.events if isinstance(event, MessageSkipped))


def describe(event: LogEvent) -> str:
    """The event in words for who is woken by it. What strangers wrote is not quoted."""
    match event:
        case MessagesUnreadable(positions=(first, *more)):
            many = f"{len(more) + 1} messages of the log, the first" if more else "A message"
            said = (
                f"{many} at position {first} on {_plain(event.subject)}, cannot be read"
                f" ({event.code}). It is set aside: nothing that it says is shown or told, and"
                " commands on an incident whose history it stands in are refused; all else goes on."
            )
            if event.code == UNKNOWN_TAG:
                return (
                    f"{said} A newer release has written {', '.join(event.tags)}:"
                    " upgrade this instance."
                )
            return (
                f"{said} See `commandpost log unreadable`; if it belongs to no history,"
                f" `commandpost log skip {first} REASON`."
            )
        case MessagesUnreadable():
            return "Messages of the log cannot be read."
        case MessageSkipped(position=position):
            return (
                f"Position {position} of the log, on {_plain(event.subject)}, which could not be"
                f" read ({event.code}), is left out of every history from now on."
            )
        case MessagesReadable(positions=positions):
            return (
                f"{len(positions)} messages of the log that could not be read were taken in by a"
                " release that can."
            )
        case EndLost(position=position):
            return (
                f"The log had been read up to position {position}, and {event.found}. Everything"
                " that is derived from it is built again. What was recorded in the part that is"
                " gone is not known here any more: look at the incidents of the last hours, and"
                " declare again what is missing."
            )
    assert_never(event)


def _plain(subject: str) -> str:
    return _STRANGE.sub("?", subject[:80])
