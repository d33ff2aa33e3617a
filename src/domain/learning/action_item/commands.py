"""The commands of an action item."""

from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from domain.learning.action_item.events import ActionKind, Named, Priority, Words


class ActionItemStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on action items share."""


class AddActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say what is to be done: by which `outcome` one will see that it is done, who owns it (one
    person), and on which day it is due, by UTC. It follows from a `postmortem`, an `incident` or a
    drill, by reference or id, or from a `review`, by its name. `factor` names a contributing factor
    of the post-mortem.
    """

    title: Words
    outcome: Words
    owner: Named
    due_on: date
    kind: ActionKind
    priority: Priority = Priority.P2
    postmortem: Named | None = None
    incident: Named | None = None
    review: Named | None = None
    factor: Named | None = None


class ChangeActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Change what is said of it: the fields that are given. Moving the date takes a `reason`."""

    title: Words | UnsetType = UNSET
    outcome: Words | UnsetType = UNSET
    owner: Named | UnsetType = UNSET
    due_on: date | UnsetType = UNSET
    kind: ActionKind | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    reason: Words | None = None


class StartActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say that it is being worked on."""


class CompleteActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say that it is done, and what shows it: a link, or what was seen."""

    evidence: Words


class DeclineActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say that it is not going to be done, why, and who has decided that."""

    reason: Words
    decided_by: Named


class ReopenActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say why it is to be done after all, or again."""

    reason: Words


ActionItemCommand = (
    AddActionItem
    | ChangeActionItem
    | StartActionItem
    | CompleteActionItem
    | DeclineActionItem
    | ReopenActionItem
)


def named_people(command: ActionItemCommand) -> tuple[str, ...]:
    """The people whom a command names."""
    match command:
        case AddActionItem(owner=name) | DeclineActionItem(decided_by=name):
            return (name,)
        case ChangeActionItem(owner=str(name)):
            return (name,)
    return ()
