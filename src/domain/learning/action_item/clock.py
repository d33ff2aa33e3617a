"""What time does to an action item that is not done. Brief, "Track post-mortem action items to
completion with clear owners and deadlines"; "a post-mortem without follow-through is just a
meeting".
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Recorded, name_of
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
from domain.kernel.notifiable import words_of
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
from domain.learning.action_item.item import ActionItem, day_before
from domain.policy import Policy
from domain.policy.audience import Audience

REMINDED_BEFORE = timedelta(days=3)
"""So long before it is due its owner is reminded, where it was added before that."""
ESCALATED_AFTER = timedelta(days=3)
"""So long after it was due who leads the owner's teams is told."""

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
    for event, moment in moments(commit):
        history = replace(history, item=evolve(history.item, event, commit.actor))
        dated = isinstance(event, ActionItemAdded | ActionItemReopened) or (
            isinstance(event, ActionItemChanged) and event.due_on is not None
        )
        if dated:
            history = replace(history, since=moment)
    return history


def waits(_: Asked[ActionItem], item: ActionItem) -> bool:
    """Whether it is still to be done."""
    return item.waits


def _due(rule: str, shift: timedelta) -> Callable[[ItemHistory, datetime, Policy], Expire | None]:
    def due(history: ItemHistory, _: datetime, __: Policy) -> Expire | None:
        item, since = history.item, history.since
        assert since is not None, "it runs once it was added"
        at = item.due_at
        if is_settled(item.settled.get(rule), at):
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
    kind: type[Event], shift: timedelta, follows: Follows
) -> Deadline[ItemHistory, ActionItem, ActionItemEvent]:
    """Its rule is the tag of what it causes, under which that is settled."""
    name, rule = name_of(kind), str(kind.__struct_config__.tag)
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


DEADLINES: Deadlines[ItemHistory, ActionItem, ActionItemEvent] = Deadlines(
    initial=ItemHistory(),
    follow=follow,
    running=lambda history: history.item if history.since else None,
    settled=lambda item, rule: item.settled.get(rule),
    seen=lambda item: [item.due_at.isoformat(), item.owner.name],
    all=(
        _deadline(ActionItemDueSoon, -REMINDED_BEFORE, _remind),
        _deadline(ActionItemOverdue, timedelta(), _late),
        _deadline(ActionItemEscalated, ESCALATED_AFTER, _escalate),
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
        f"{v.owner}: due by the end of {day_before(v.due_at)} (UTC), and not done."
    ),
    ActionItemOverdue: lambda v: (
        f"{v.owner}: it was due by the end of {day_before(v.due_at)} (UTC). Say that it is done and"
        " what shows it, give it another date with a reason, or have it declined."
    ),
    ActionItemEscalated: lambda v: (
        f"It was due by the end of {day_before(v.due_at)} (UTC), and is not done. {_leads(v)}"
    ),
}
"""What is told of each, in a sentence."""


def described(event: Any) -> str:
    """What is told of an event: of what people have done, what that is."""
    sentence = SENTENCES.get(type(event), words_of)
    return sentence(event)
