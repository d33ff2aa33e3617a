"""What can be asked about what was said and done on record: put it right, take it back, link it."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.incident.command_fields import Line, Person, Text, TimedCommand
from domain.incident.impact import StatedChanges
from domain.incident.relation import URL, Relation
from domain.kernel.commit import Instant
from domain.policy import Role


class Correct(TimedCommand, frozen=True, kw_only=True):
    """Put right what was said: the title, the summary or all services of the incident; or of the
    `entry` of its timeline with this `event_id` (of a hypothesis, `H1`) the words (`text`), the
    `time` at which it happened, the public `headline` or the figures of the `impact`. What was said
    before stays on record. Who was told it, is told the correction.
    """

    title: Line | UnsetType = UNSET
    summary: Text | UnsetType | None = UNSET
    services: Annotated[tuple[Line, ...], msgspec.Meta(max_length=50)] | UnsetType = UNSET
    entry: Line | None = None
    text: Text | UnsetType = UNSET
    time: Instant | UnsetType = UNSET
    headline: Line | UnsetType = UNSET
    impact: StatedChanges | UnsetType = UNSET
    reason: Text | None = None


class Retract(TimedCommand, frozen=True, kw_only=True):
    """Take an `entry` of the timeline back, which was not so: a note, an action, a hypothesis or
    its outcome, an update, an assessment of the impact, a link. It stays on record, marked. Who was
    told it, is told that it is withdrawn.
    """

    entry: Line
    reason: Text


class Link(TimedCommand, frozen=True, kw_only=True):
    """Link another incident (`to`: id or `INC-123`; both know of it), or attach the address of a
    page or a file (`url`) under a `name`.
    """

    to: Line | None = None
    relation: Relation = Relation.RELATED
    url: Annotated[str, msgspec.Meta(max_length=2_000, pattern=URL)] | None = None
    name: Line | None = None


class UnassignRole(TimedCommand, frozen=True, kw_only=True):
    """Take a role from whoever holds it (if named, from this `assignee` alone); nobody has it
    then.
    """

    role: Role
    assignee: Person | None = None
    reason: Text | None = None
