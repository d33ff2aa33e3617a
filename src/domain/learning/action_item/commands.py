"""The commands of an action item."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.learning.action_item.events import ActionKind, IssueStatus, Named, Priority, Words

IssueAddress = Annotated[str, msgspec.Meta(max_length=1_000, pattern=r"^https?://[^\s/]+/\S+$")]


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


class LinkActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say which issue of GitHub, Jira or Linear is the same work, by its address, and by which
    configured `channel` its tracker is told (none: it is not told). What ends the one ends the
    other.
    """

    issue: IssueAddress
    channel: Named | None = None


class OpenIssue(ActionItemStatement, frozen=True, kw_only=True):
    """Have an issue of the same work opened in the tracker of a configured `channel`. Whoever reads
    that tracker reads its title, its outcome and what it follows from.
    """

    channel: Named


class UnlinkActionItem(ActionItemStatement, frozen=True, kw_only=True):
    """Say why the issue is not the same work any longer. It stays as it is."""

    reason: Words


ActionItemCommand = (
    AddActionItem
    | ChangeActionItem
    | StartActionItem
    | CompleteActionItem
    | DeclineActionItem
    | ReopenActionItem
    | OpenIssue
    | LinkActionItem
    | UnlinkActionItem
)


class NoteIssue(ActionItemStatement, frozen=True, kw_only=True):
    """A tracker says how the issue at `url` stands since `changed_at`, and who has left it so
    (None: it names no person). `ours`: it is what we have asked for. Trackers alone say it.
    """

    url: str
    status: IssueStatus
    changed_at: datetime
    by: str | None = None
    ours: bool = False


def named_people(command: ActionItemCommand | NoteIssue) -> tuple[str, ...]:
    """The people whom a command names."""
    match command:
        case AddActionItem(owner=name) | DeclineActionItem(decided_by=name):
            return (name,)
        case ChangeActionItem(owner=str(name)):
            return (name,)
        case NoteIssue(by=str(name)):
            return (name,)
    return ()
