"""What time does to an action item that is not done. Brief, "Track post-mortem action items to
completion with clear owners and deadlines"; "a post-mortem without follow-through is just a
meeting".
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Recorded, event_id, name_of
from domain.kernel.deadline import Asked, Deadline, Deadlines, Expire, Moment, Prompt, Suppress
from domain.kernel.decider import Context, Evolve
from domain.kernel.roster import Roster, Who
from domain.learning.action_item.events import (
    ActionItemAdded,
    ActionItemChanged,
    ActionItemDueSoon,
    ActionItemEscalated,
    ActionItemEvent,
    ActionItemOverdue,
    ActionItemReopened,
)
from domain.learning.action_item.item import ActionItem
from domain.policy import Policy
from domain.policy.audience import Audience

REMINDED_BEFORE = timedelta(days=3)
"""So long before it is due its owner is reminded, where it was added before that."""
ESCALATED_AFTER = timedelta(days=3)
"""So long after it was due who leads the owner's teams is told."""
DUE_SOON, OVERDUE, ESCALATED = (
    "action_item.due_soon.v1",
    "action_item.overdue.v1",
    "action_item.escalated.v1",
)
"""The rules, by the tags of what they cause, under which they are settled."""

Follows = Callable[[Expire, ActionItem, Context], list[ActionItemEvent]]


class ItemHistory(msgspec.Struct, frozen=True):
    """How it stands, and what its date follows from."""

    item: ActionItem = ActionItem()
    since: Moment | None = None


def follow(
    history: ItemHistory, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> ItemHistory:
    """The history after one more commit."""
    commit = recorded.commit
    for place, event in enumerate(commit.events):
        history = replace(history, item=evolve(history.item, event, commit.actor))
        dated = isinstance(event, ActionItemAdded | ActionItemReopened) or (
            isinstance(event, ActionItemChanged) and event.due_on is not None
        )
        if dated:
            id_ = event_id(commit.id, place)
            moment = Moment(commit.recorded_at, id_, name_of(type(event)))
            history = replace(history, since=moment)
    return history


def waits(_: Asked[ActionItem], item: ActionItem) -> bool:
    """Whether it is still to be done."""
    return item.waits


def _due(rule: str, shift: timedelta) -> Callable[[ItemHistory, datetime, Policy], Expire | None]:
    def due(history: ItemHistory, _: datetime, __: Policy) -> Expire | None:
        item, since = history.item, history.since
        assert since is not None, "it runs once it was added"
        at, known = item.due_at, item.settled.get(rule)
        if known is not None and at <= known:
            return None
        fires_at = at + shift
        if shift < timedelta() and fires_at < since.at:
            return None  # whoever has just given it that date needs no reminder
        return Expire(rule=rule, fires_at=fires_at, due_at=at, caused_by=since.event)

    return due


def _remind(command: Expire, item: ActionItem, context: Context) -> list[ActionItemEvent]:
    owner, at = item.owner.name, context.now
    return [ActionItemDueSoon(occurred_at=at, due_at=command.due_at, owner=owner)]


def _late(command: Expire, item: ActionItem, context: Context) -> list[ActionItemEvent]:
    owner, at = item.owner.name, context.now
    return [ActionItemOverdue(occurred_at=at, due_at=command.due_at, owner=owner)]


def _escalate(command: Expire, item: ActionItem, context: Context) -> list[ActionItemEvent]:
    return [
        ActionItemEscalated(
            occurred_at=context.now,
            due_at=command.due_at,
            owner=item.owner.name,
            leads=leads_of(item.owner, context.roster),
        )
    ]


def leads_of(owner: Who, roster: Roster | None) -> tuple[Who, ...]:
    """Who leads a team that the owner is in, besides the owner."""
    person = owner.person or (roster.person_of(owner.name) if roster else None)
    if roster is None or person is None:
        return ()
    teams = [each for each in roster.teams if each.active and person in each.members]
    leads = dict.fromkeys(lead for team in teams for lead in team.leads if lead != person)
    return tuple(roster.who(lead) for lead in leads)


def _deadline(
    name: str, rule: str, shift: timedelta, follows: Follows, kind: type[Any]
) -> Deadline[ItemHistory, ActionItem, ActionItemEvent]:
    prompt: Prompt[ActionItem, Any] = Prompt(
        kind=name, to=lambda *_: (Audience.ENGINEERING,), holds=waits
    )
    return Deadline(
        name=name,
        rules=(rule,),
        is_open=waits,
        due=_due(rule, shift),
        follows=follows,
        prompts={kind: prompt},
    )


def _never(*_: Any) -> NoReturn:
    raise AssertionError("what is done is no race with its clock")


DEADLINES: Deadlines[ItemHistory, ActionItem, ActionItemEvent] = Deadlines(
    initial=ItemHistory(),
    follow=follow,
    running=lambda history: history.item if history.since else None,
    settled=lambda item, rule: item.settled.get(rule),
    seen=lambda item: [item.due_at.isoformat(), item.owner.name],
    suppressed=_never,
    all=(
        _deadline("due_soon", DUE_SOON, -REMINDED_BEFORE, _remind, ActionItemDueSoon),
        _deadline("overdue", OVERDUE, timedelta(), _late, ActionItemOverdue),
        _deadline("escalated", ESCALATED, ESCALATED_AFTER, _escalate, ActionItemEscalated),
    ),
)


def decide(command: Expire | Suppress, item: ActionItem, context: Context) -> list[ActionItemEvent]:
    """What the clock causes; nothing of what nobody has added."""
    return DEADLINES.decide(command, item, context) if item.number else []


def _leads(event: ActionItemEscalated) -> str:
    names = ", ".join(each.name for each in event.leads)
    if not names:
        return f"The directory names nobody who leads a team of {event.owner}."
    return f"{names}: {event.owner} is in your team. What is in the way?"


SENTENCES: Mapping[type[Any], Callable[[Any], str]] = {
    ActionItemDueSoon: lambda v: (
        f"{v.owner}: due by the end of {last_day(v.due_at)} (UTC), and not done."
    ),
    ActionItemOverdue: lambda v: (
        f"{v.owner}: it was due by the end of {last_day(v.due_at)} (UTC). Say that it is done and"
        " what shows it, give it another date with a reason, or have it declined."
    ),
    ActionItemEscalated: lambda v: (
        f"It was due by the end of {last_day(v.due_at)} (UTC), and is not done. {_leads(v)}"
    ),
}
"""What is told of each, in a sentence."""


def last_day(due_at: datetime) -> str:
    """The day that is over then."""
    return f"{due_at - timedelta(days=1):%Y-%m-%d}"
