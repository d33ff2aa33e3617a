"""Reviews that wait: whoever is asked to read a post-mortem is reminded. When the post-mortem
itself is due, its incident says: there is one clock for that.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
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
from domain.kernel.text import clock
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.learning.postmortem.events import (
    PostmortemEvent,
    ReviewAsked,
    ReviewLapsed,
    ReviewReminded,
)
from domain.learning.postmortem.incident_facts import ReviewUse
from domain.policy import Policy
from domain.policy.audience import Audience

REMINDED_AFTER = timedelta(hours=24)
"""So long after they were asked reviewers who have not approved are reminded, once; sooner where
less than twice that is left until the post-mortem is due: when a half of it is.
"""
WAITS = "postmortem.review_waits"


class ReviewHistory(msgspec.Struct, frozen=True):
    """How it stands, and since when its review was last asked for."""

    pm: Postmortem = Postmortem()
    asked: Moment | None = None


def follow(
    history: ReviewHistory, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> ReviewHistory:
    """The history after one more commit."""
    commit = recorded.commit
    for event, moment in moments(commit):
        history = replace(history, pm=evolve(history.pm, event, commit.actor))
        if isinstance(event, ReviewAsked):
            history = replace(history, asked=moment)
    return history


def waiting_for(pm: Postmortem) -> tuple[str, ...]:
    """The reviewers who have not approved what stands there, where nobody has."""
    if pm.status is not PostmortemStatus.REVIEW or any(it.approved_at for it in pm.reviewers):
        return ()
    return tuple(each.who.name for each in pm.reviewers)


def waits(_: Asked[Postmortem], pm: Postmortem) -> bool:
    """Whether it waits for its reviewers."""
    return bool(waiting_for(pm))


def due(history: ReviewHistory, _: datetime, __: Policy) -> Expire | None:
    """Once for each time that it was asked for."""
    asked = history.asked
    assert asked is not None, "it is in review"
    at = _reminded_at(asked.at, history.pm.due_at)
    if is_settled(history.pm.reminded_at, at):
        return None
    return Expire(rule=WAITS, fires_at=at, due_at=at, caused_by=asked.event)


def _reminded_at(asked_at: datetime, due_at: datetime | None) -> datetime:
    """While there is time to answer, where there is any."""
    if due_at is None or due_at <= asked_at:
        return asked_at + REMINDED_AFTER
    return min(asked_at + REMINDED_AFTER, asked_at + (due_at - asked_at) / 2)


def follows(command: Expire, pm: Postmortem, context: Context) -> list[PostmortemEvent]:
    use = context.basis
    if isinstance(use, ReviewUse) and use.none is not None:
        at, due_at = context.now, command.due_at
        return [ReviewLapsed(occurred_at=at, due_at=due_at, because=use.none)]
    return [
        ReviewReminded(
            occurred_at=context.now,
            due_at=command.due_at,
            asked_at=pm.asked_at or command.due_at - REMINDED_AFTER,
            reviewers=waiting_for(pm),
        )
    ]


DEADLINES: Deadlines[ReviewHistory, Postmortem, PostmortemEvent] = Deadlines(
    initial=ReviewHistory(),
    follow=follow,
    running=lambda history: history.pm if history.asked else None,
    settled=lambda pm, _: pm.reminded_at,
    seen=lambda pm: [each.who.name for each in pm.reviewers],
    all=(
        Deadline(
            name="review",
            rules=(WAITS,),
            is_open=waits,
            due=due,
            follows=follows,
            prompts={
                ReviewReminded: Prompt(
                    kind="review_waits", to=lambda *_: (Audience.ENGINEERING,), holds=waits
                ),
                ReviewLapsed: None,
            },
        ),
    ),
)


def decide(command: Expire | Suppress, pm: Postmortem, context: Context) -> list[PostmortemEvent]:
    """What the clock causes; nothing of what nobody has opened."""
    return DEADLINES.decide(command, pm, context) if pm.number else []


def _asked(event: ReviewAsked) -> str:
    names = ", ".join(who.name for who in event.reviewers)
    return f"{names}: it is yours to review. `approve` it, or `send_back` with what it lacks."


def _reminded(event: ReviewReminded) -> str:
    names = ", ".join(event.reviewers)
    return f"{names}: it waits for your review since {clock(event.asked_at)}."


SENTENCES: Mapping[type[Any], Callable[[Any], str]] = {
    ReviewAsked: _asked,
    ReviewReminded: _reminded,
}
"""What is told of each, in a sentence."""
