"""What people decide of an action item."""

from datetime import date
from typing import Any, assert_never

from msgspec import UNSET

from domain.kernel.deadline import Expire, Suppress
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import DOUBTED, Who
from domain.learning.action_item import clock, issues
from domain.learning.action_item import commands as c
from domain.learning.action_item import events as e
from domain.learning.action_item.item import SAID, ActionItem, ActionItemStatus, end_of
from domain.learning.action_item.origins import OriginFacts

Decided = list[e.ActionItemEvent]


def decide(
    command: c.ActionItemCommand | c.NoteIssue | Expire | Suppress,
    item: ActionItem,
    context: Context,
) -> Decided:
    """One row for each command. Raises `Refused`."""
    if isinstance(command, Expire | Suppress):
        return clock.decide(command, item, context)
    if isinstance(command, c.AddActionItem):
        return _add(command, item, context)
    if not item.number:
        raise Refused("action_item.unknown", "there is no such action item", field="action_item")
    if isinstance(command, c.ChangeActionItem):
        return _change(command, item, context)
    match command:
        case c.LinkActionItem():
            return issues.link(command, item, context)
        case c.OpenIssue():
            return issues.open_one(command, item, context)
        case c.UnlinkActionItem():
            return issues.unlink(command, item, context)
        case c.NoteIssue():
            return issues.note(command, item, context)
    return _advance(command, item, context)


def _advance(
    command: c.StartActionItem | c.CompleteActionItem | c.DeclineActionItem | c.ReopenActionItem,
    item: ActionItem,
    context: Context,
) -> Decided:
    at = context.now
    match command:
        case c.StartActionItem():
            _check_waits(item, "start")
            started = item.status is ActionItemStatus.IN_PROGRESS
            return [] if started else [e.ActionItemStarted(occurred_at=at)]
        case c.CompleteActionItem(evidence=evidence):
            if (item.status, item.evidence) == (ActionItemStatus.DONE, evidence):
                return []
            _check_waits(item, "complete")
            return [e.ActionItemDone(occurred_at=at, evidence=evidence)]
        case c.DeclineActionItem(reason=reason, decided_by=name):
            if (item.status, item.declined_because) == (ActionItemStatus.DECLINED, reason):
                return []
            _check_waits(item, "decline")
            who = context.who_is(name)
            return [e.ActionItemDeclined(occurred_at=at, reason=reason, decided_by=who)]
        case c.ReopenActionItem(reason=reason):
            return _reopen(reason, item, context)
    assert_never(command)


def _add(command: c.AddActionItem, item: ActionItem, context: Context) -> Decided:
    origin = _origin(command, context)
    _check_day(command.due_on, context)
    added = e.ActionItemAdded(
        occurred_at=context.now,
        number=item.number or context.number,
        title=command.title,
        outcome=command.outcome,
        owner=_owner(command.owner, context),
        due_on=command.due_on,
        kind=command.kind,
        priority=command.priority,
        origin=origin,
        factor=command.factor,
    )
    if item.number == 0:
        return [added]
    if all(getattr(item, name) == getattr(added, name) for name in (*SAID, "origin")):
        return []
    raise Refused(
        "action_item.already_added",
        f"{item.reference} is there already, and says something else",
        field="action_item",
        rule="`change` changes what is said of one.",
    )


def _origin(command: c.AddActionItem, context: Context) -> e.ItemOrigin:
    given = [it for it in (command.postmortem, command.incident, command.review) if it is not None]
    if len(given) != 1:
        raise Refused(
            "action_item.origin",
            "it follows from nothing" if not given else "it follows from more than one thing",
            field="postmortem",
            rule="One of postmortem, incident and review says what it follows from.",
            invalid=True,
        )
    known = context.basis
    if not isinstance(known, OriginFacts):
        kind = e.OriginKind.REVIEW if command.review else e.OriginKind.INCIDENT
        kind = e.OriginKind.POSTMORTEM if command.postmortem else kind
        return e.ItemOrigin(kind=kind, reference=given[0])
    if command.factor is not None and known.factors is not None:
        _check_factor(command.factor, known)
    return known.origin


def _check_factor(factor: str, known: OriginFacts) -> None:
    if factor not in (known.factors or ()):
        named = ", ".join(known.factors or ()) or "none yet"
        raise Refused(
            "action_item.unknown_factor",
            f"{known.origin.reference} has no contributing factor {factor}: it has {named}",
            field="factor",
            rule="A factor is named by its id, as `set_factors` gave it.",
        )


def _owner(name: str, context: Context) -> Who:
    """One person. Whom the directory does not know is taken, and marked."""
    who, roster = context.who_is(name), context.roster
    if who.person is None and roster is not None and (team := roster.team(name)) is not None:
        leads = f"; {', '.join(team.leads)} leads it" if len(team.leads) == 1 else ""
        raise Refused(
            "action_item.owner_is_team",
            f"{name} is a team{leads}",
            field="owner",
            rule="An action item has one owner, a person: what everybody owns nobody does.",
        )
    return who


def _check_day(day: date, context: Context) -> None:
    if end_of(day) <= context.now:
        raise Refused(
            "action_item.due_in_the_past",
            f"{day:%Y-%m-%d} is over (UTC)",
            field="due_on",
            rule="Somebody can still do it until it is due.",
            invalid=True,
        )


def _change(command: c.ChangeActionItem, item: ActionItem, context: Context) -> Decided:
    _check_waits(item, "change")
    said: dict[str, Any] = {
        name: it
        for name in SAID
        if (it := getattr(command, name, UNSET)) is not UNSET and it is not None
    }
    if "owner" in said:
        said["owner"] = _owner(said["owner"], context)
    said = {name: it for name, it in said.items() if it != getattr(item, name)}
    if not said:
        return []
    if "due_on" in said:
        _check_day(said["due_on"], context)
        if command.reason is None:
            raise Refused(
                "action_item.reason_missing",
                f"{item.reference} is due on {item.due_on:%Y-%m-%d}: say why it moves",
                field="reason",
                rule="A date that was given moves for a reason.",
            )
    return [e.ActionItemChanged(occurred_at=context.now, reason=command.reason, **said)]


def _reopen(reason: str, item: ActionItem, context: Context) -> Decided:
    if item.waits:
        if item.reopened_because == reason:
            return []
        raise Refused(
            "action_item.not_ended",
            f"{item.reference} is neither done nor declined",
            field="action_item",
            rule="What is done or declined can be reopened.",
        )
    return [e.ActionItemReopened(occurred_at=context.now, reason=reason)]


def _check_waits(item: ActionItem, command: str) -> None:
    if not item.waits:
        raise Refused(
            "action_item.ended",
            f"{item.reference} is {item.status}: `reopen` it with a reason to {command} it",
            field="action_item",
            rule="What is done or declined stays so, until it is reopened for a reason.",
        )


def remark_on_owner(_: Any, item: ActionItem) -> tuple[Remark, ...]:
    """That nobody is known by the owner's name."""
    return _remark(item.owner, "owns")


def remark_on_decider(_: Any, item: ActionItem) -> tuple[Remark, ...]:
    """The same of who has declined it."""
    return _remark(item.decided_by, "declined") if item.decided_by else ()


def _remark(who: Who, does: str) -> tuple[Remark, ...]:
    if who.doubt is None:
        return ()
    detail = f"{who.name}, who {does} it, is {DOUBTED[who.doubt]}"
    rule = "The name is taken all the same; a slug of the directory names one person for sure."
    return (Remark("person.unsure", detail, rule),)
