"""A heartbeat: who says again and again that all is well, and whose silence opens an incident.

Silence counts while we listen. Each start of the service begins the time anew, and so does a
silence that we notice late, as we were away when it was due: nobody was there to be heard by. One
that was never heard is silent, too, once we have listened for as long.

The events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime, timedelta
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Instant, Recorded
from domain.kernel.deadline import (
    BY_CLOCK,
    Asked,
    Deadline,
    Deadlines,
    Expire,
    Moment,
    Suppress,
    moments,
)
from domain.kernel.decider import UNKNOWN, Context, Evolve
from domain.kernel.totality import kinds, total
from domain.policy import Policy, Severity

RULE = "heartbeat.silent"
BEATS_KEPT = 20
"""So many beats within the time of its silence are recorded, however often it beats."""
AWAY = timedelta(seconds=60)
"""Who notices so late that something was due was not there."""


class HeartbeatWatched(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="heartbeat.watched.v1"
):
    """We listen from now on: it is configured so, or we have been away. `silence_s` without a beat
    open an incident of this `severity`, `service` and `title`.
    """

    silence_s: int
    severity: Severity
    service: str | None = None
    title: str | None = None


class HeartbeatHeard(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="heartbeat.heard.v1"
):
    """It beats. `signal` is the position of what said so."""

    signal: int = 0


class HeartbeatSilent(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="heartbeat.silent.v1"
):
    """It has not beaten for as long as it may, by `due_at`; last at `heard_at` (None: never)."""

    due_at: Instant
    heard_at: Instant | None = None


class HeartbeatUnwatched(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="heartbeat.unwatched.v1"
):
    """It is configured no more."""


HeartbeatEvent = HeartbeatWatched | HeartbeatHeard | HeartbeatSilent | HeartbeatUnwatched
EVENTS: tuple[type[HeartbeatEvent], ...] = kinds(HeartbeatEvent)


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """Listen to it, as it is configured."""

    name: str
    silence_s: int
    severity: Severity
    service: str | None = None
    title: str | None = None


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """It was heard at this time, by our clock."""

    at: datetime
    signal: int = 0


class Unwatch(msgspec.Struct, frozen=True, kw_only=True):
    """It is configured no more."""


HeartbeatCommand = Watch | Beat | Unwatch


PHASES = ("unwatched", "awaited", "alive")
"""The phases that one goes through, in the words of documents: samples lead into each."""


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one. We listen `since` then; `silent_since` is when its silence was due."""

    settings: HeartbeatWatched | None = None
    since: datetime | None = None
    heard_at: datetime | None = None
    silent_since: datetime | None = None
    settled: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it is silent, unless it beats before. What is not recorded of its beats counts."""
        if self.settings is None or self.since is None:
            return None
        last = max(self.since, self.heard_at or self.since)
        return last + timedelta(seconds=self.settings.silence_s) + self.spared

    @property
    def spared(self) -> timedelta:
        """Beats that come so soon after a recorded one are not recorded."""
        silence_s = self.settings.silence_s if self.settings else 0
        return timedelta(seconds=silence_s / BEATS_KEPT)


def decide(
    command: HeartbeatCommand | Expire | Suppress, beat: Heartbeat, context: Context
) -> list[HeartbeatEvent]:
    """Which events a command causes; `[]` when there is nothing new to say."""
    if isinstance(command, BY_CLOCK):
        return DEADLINES.decide(command, beat, context)
    match command:
        case Watch():
            fields = {n: getattr(command, n) for n in ("silence_s", "severity", "service", "title")}
            return [HeartbeatWatched(occurred_at=context.now, **fields)]
        case Beat(at=at, signal=signal):
            if beat.settings is None:
                return []
            last, silent = beat.heard_at, beat.silent_since is not None
            if last is not None and at < last + (timedelta() if silent else beat.spared):
                return []
            return [HeartbeatHeard(occurred_at=min(at, context.now), signal=signal)]
        case Unwatch():
            return [HeartbeatUnwatched(occurred_at=context.now)] if beat.settings else []
    assert_never(command)


def evolve(beat: Heartbeat, event: HeartbeatEvent, _: str = UNKNOWN) -> Heartbeat:
    """One row for each event."""
    match event:
        case HeartbeatWatched(occurred_at=at):
            return replace(beat, settings=event, since=at)
        case HeartbeatHeard(occurred_at=at):
            return replace(beat, heard_at=at, silent_since=None)
        case HeartbeatSilent(due_at=due_at):
            return replace(beat, silent_since=due_at, settled=due_at)
        case HeartbeatUnwatched():
            return Heartbeat()
    assert_never(event)


class BeatHistory(msgspec.Struct, frozen=True):
    """A heartbeat, and the last thing that was recorded of it."""

    beat: Heartbeat = Heartbeat()
    last: Moment | None = None


def _follow(
    history: BeatHistory, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> BeatHistory:
    commit, beat, last = recorded.commit, history.beat, history.last
    for event, moment in moments(commit):
        beat, last = evolve(beat, event, commit.actor), moment
    return BeatHistory(beat, last)


def _is_awaited(_: Asked[Any], beat: Heartbeat) -> bool:
    return beat.settings is not None and beat.silent_since is None


def _due(history: BeatHistory, _: datetime, __: Policy) -> Expire | None:
    due_at = history.beat.due_at
    if due_at is None or history.last is None:
        return None
    return Expire(rule=RULE, fires_at=due_at, due_at=due_at, caused_by=history.last.event)


Fell = HeartbeatSilent | HeartbeatWatched
"""What follows from it."""


def _fall_silent(command: Expire, beat: Heartbeat, context: Context) -> list[HeartbeatEvent]:
    """It is silent, unless it has beaten since, or we were not there to hear it."""
    if beat.settings is None or command.due_at != beat.due_at:
        return []
    if context.now - command.due_at > AWAY:
        return [replace(beat.settings, occurred_at=context.now)]
    return [HeartbeatSilent(occurred_at=context.now, due_at=command.due_at, heard_at=beat.heard_at)]


DEADLINES: Deadlines[BeatHistory, Heartbeat, HeartbeatEvent] = Deadlines(
    initial=BeatHistory(),
    follow=_follow,
    running=lambda history: history.beat if history.last else None,
    settled=lambda beat, _: beat.settled,
    seen=lambda _: None,
    all=(
        Deadline(
            name="silence",
            rules=(RULE,),
            is_open=_is_awaited,
            due=_due,
            follows=_fall_silent,
            prompts=total(
                "what is told of silence",
                kinds(Fell),
                {HeartbeatSilent: None, HeartbeatWatched: None},
            ),
        ),
    ),
    snapshot=BeatHistory,
)
"""What is told of it is told of the incident that its silence opens."""
