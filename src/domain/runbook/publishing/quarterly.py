"""Brief, "Operational Discipline": "Runbooks must be tested quarterly — an untested runbook is a
false sense of security". Its team is reminded once it is stale, and again until it is tested.
"""

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Recorded
from domain.kernel.deadline import (
    Asked,
    Deadline,
    Deadlines,
    Expire,
    Moment,
    Prompt,
    Suppress,
    is_settled,
    moments,
)
from domain.kernel.decider import Context, Evolve
from domain.policy import Policy
from domain.policy.audience import Audience
from domain.runbook.publishing.events import DoubtKind, RunbookEvent, RunbookTestDue
from domain.runbook.publishing.published import REMINDED_AGAIN, KeptRunbook, RunbookStatus

RULE = "runbook.test_due"
_CHANGED = {
    DoubtKind.SERVICE_CHANGED: "the service {about} has changed since",
    DoubtKind.DEAD_LINK: "the link {about} in it leads nowhere",
}


class RunbookHistory(msgspec.Struct, frozen=True):
    """How it stands, and the last event that says when it is to be tested."""

    kept: KeptRunbook = KeptRunbook()
    since: Moment | None = None


def follow(
    history: RunbookHistory, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> RunbookHistory:
    """The history after one more commit."""
    commit = recorded.commit
    for event, moment in moments(commit):
        before = history.kept
        history = replace(history, kept=evolve(before, event, commit.actor))
        if history.since is None or history.kept.stale_at != before.stale_at:
            history = replace(history, since=moment)
    return history


def waits(_: Asked[KeptRunbook], kept: KeptRunbook) -> bool:
    """Whether anybody is to follow it, so that it is to be tested."""
    return kept.runs


def due(history: RunbookHistory, _: datetime, __: Policy) -> Expire | None:
    """As it becomes stale, and again while it is."""
    kept, since = history.kept, history.since
    assert since is not None, "it runs once it is registered"
    at = kept.stale_at
    if is_settled(kept.reminded_at, at):
        assert kept.reminded_at is not None, "it is settled"
        at = kept.reminded_at + REMINDED_AGAIN
    return Expire(rule=RULE, fires_at=at, due_at=at, caused_by=since.event)


def follows(command: Expire, kept: KeptRunbook, context: Context) -> list[RunbookEvent]:
    """What is on record of it, as it was known then."""
    tested = kept.tested
    return [
        RunbookTestDue(
            occurred_at=context.now,
            due_at=command.due_at,
            stale_at=kept.stale_at,
            team=kept.profile.team,
            tested_at=tested.at if tested else None,
            because=_because(kept),
        )
    ]


def _because(kept: KeptRunbook) -> str | None:
    """What besides the time that has passed says that one may not rely on it."""
    if kept.status is RunbookStatus.FAILED:
        return "following it did not help"
    said = [_CHANGED[each.kind].format(about=each.about) for each in kept.doubts]
    return "; ".join(said) or None


def still_so(asked: Asked[KeptRunbook], kept: KeptRunbook) -> bool:
    """Whether it was not tested since a reminder was due."""
    return kept.runs and kept.stale_at == asked.then.stale_at


DEADLINES: Deadlines[RunbookHistory, KeptRunbook, RunbookEvent] = Deadlines(
    initial=RunbookHistory(),
    follow=follow,
    running=lambda history: history.kept if history.since else None,
    settled=lambda kept, _: kept.reminded_at,
    seen=lambda kept: [kept.stale_at.isoformat()],
    all=(
        Deadline(
            name="test_due",
            rules=(RULE,),
            is_open=waits,
            due=due,
            follows=follows,
            prompts={
                RunbookTestDue: Prompt(
                    kind="test_due", to=lambda *_: (Audience.ENGINEERING,), holds=still_so
                )
            },
        ),
    ),
)


def decide(command: Expire | Suppress, kept: KeptRunbook, context: Context) -> list[RunbookEvent]:
    """What the clock causes; nothing of what nobody has registered."""
    return DEADLINES.decide(command, kept, context) if kept.version else []


def sentence(event: Any) -> str:
    """What its team is told."""
    whose = f"{event.team}: " if event.team else "It has no team on record. "
    if event.tested_at is None:
        tested = "Nobody has tested it yet"
    else:
        days = (event.occurred_at - event.tested_at).days
        ago = f", {_days(days)} ago" if days else ""
        tested = f"It was tested last on {event.tested_at:%Y-%m-%d}{ago}"
    why = f"; {event.because}" if event.because else ""
    return (
        f"{whose}{tested}{why}. Follow it in a drill, or say with `record_test` how it was tested:"
        " a runbook that was not tested within a quarter is not to be relied on."
    )


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
