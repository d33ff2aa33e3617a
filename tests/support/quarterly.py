"""An aggregate with a deadline of its own, and a name as its id: a runbook is tested each quarter.

(Brief, "Operational Discipline": "Runbooks must be tested quarterly".) Known to tests alone.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Event, Instant, Recorded
from domain.kernel.deadline import (
    BY_CLOCK,
    Asked,
    Deadline,
    Deadlines,
    Expire,
    Moment,
    Prompt,
    Suppress,
    moments,
)
from domain.kernel.decider import UNKNOWN, Context, Decider, Evolve
from domain.policy import Policy
from domain.policy.audience import Audience

QUARTER = timedelta(days=91)
STALE = "runbook.stale"


class Exercised(Event, frozen=True, kw_only=True, tag="quarterly.exercised.v1"):
    """Somebody has followed it to the end."""


class WentStale(Event, frozen=True, kw_only=True, tag="quarterly.went_stale.v1"):
    """Nobody has, for a quarter."""

    due_at: Instant


class StaleSuppressed(Event, frozen=True, kw_only=True, tag="quarterly.stale_suppressed.v1"):
    """It was tested just in time."""

    due_at: Instant
    by: str


class Retired(Event, frozen=True, kw_only=True, tag="quarterly.retired.v1"):
    """Nobody needs it any more."""


class Exercise(msgspec.Struct, frozen=True):
    """State that it works."""


class Retire(msgspec.Struct, frozen=True):
    """Put it away."""


class Runbook(msgspec.Struct, frozen=True):
    """How often it was tested, and up to when its deadline was dealt with."""

    tests: int = 0
    settled: datetime | None = None
    retired: bool = False


class History(msgspec.Struct, frozen=True):
    """Since when it counts."""

    runbook: Runbook = Runbook()
    tested: Moment | None = None
    retired: Moment | None = None


def decide(command: Any, runbook: Runbook, context: Context) -> list[Event]:
    if isinstance(command, BY_CLOCK):
        return DEADLINES.decide(command, runbook, context)
    kind = Retired if isinstance(command, Retire) else Exercised
    return [kind(occurred_at=context.now)]


def evolve(runbook: Runbook, event: Event, _: str = UNKNOWN) -> Runbook:
    match event:
        case Exercised():
            return replace(runbook, tests=runbook.tests + 1)
        case Retired():
            return replace(runbook, retired=True)
        case WentStale() | StaleSuppressed():
            return replace(runbook, settled=event.due_at)
    raise AssertionError(event)


def follow(
    history: History, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> History:
    commit, runbook = recorded.commit, history.runbook
    for event, moment in moments(commit):
        runbook = evolve(runbook, event, commit.actor)
        if isinstance(event, Exercised):
            history = replace(history, tested=moment)
        if isinstance(event, Retired):
            history = replace(history, retired=moment)
    return replace(history, runbook=runbook)


def is_used(_: Asked[Runbook], runbook: Runbook) -> bool:
    return not runbook.retired


def due(history: History, _: datetime, __: Policy) -> Expire | None:
    assert history.tested is not None
    due_at = history.tested.at + QUARTER
    if history.runbook.settled is not None and due_at <= history.runbook.settled:
        return None
    return Expire(
        rule=STALE,
        fires_at=due_at,
        due_at=due_at,
        caused_by=history.tested.event,
        seen=history.runbook.tests,
    )


def follows(command: Expire, _: Runbook, context: Context) -> list[Event]:
    return [WentStale(occurred_at=context.now, due_at=command.due_at)]


def suppressed(command: Suppress, at: datetime) -> Event:
    return StaleSuppressed(occurred_at=at, due_at=command.due_at, by=command.by)


GONE_STALE: Deadline[History, Runbook, Event] = Deadline(
    name="stale",
    rules=(STALE,),
    is_open=is_used,
    due=due,
    follows=follows,
    answer=lambda history: history.retired,
    prompts={
        WentStale: Prompt(kind="went_stale", to=lambda *_: (Audience.ENGINEERING,), holds=is_used)
    },
)
DEADLINES: Deadlines[History, Runbook, Event] = Deadlines(
    initial=History(),
    follow=follow,
    running=lambda history: history.runbook if history.tested else None,
    settled=lambda runbook, _: runbook.settled,
    seen=lambda runbook: runbook.tests,
    suppressed=suppressed,
    all=(GONE_STALE,),
    told={StaleSuppressed: None},
)
QUARTERLY: Aggregate[Any, Runbook, Event] = Aggregate(
    name="quarterly",
    plural="quarterlies",
    decider=Decider(initial=Runbook(), decide=decide, evolve=evolve),
    events=(Exercised, WentStale, StaleSuppressed, Retired),
    begin=(Exercised,),
    opens=(Exercise,),
    deadlines=DEADLINES,
)
