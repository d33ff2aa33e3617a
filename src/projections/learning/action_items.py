"""Action items, a row each, in the order in which they are due."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.learning import ACTION_ITEM
from domain.learning.action_item.events import ActionKind, Priority
from domain.learning.action_item.item import (
    WAITING,
    ActionItem,
    ActionItemLine,
    ActionItemStatus,
    line_of,
)
from projections.cursor import DAWN, BehindPlace, cursor_of
from projections.parts import PART, parts_beside
from projections.projection import Change, Projection
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of

_TABLE = table_of(
    ActionItemLine,
    name="action_item",
    key=("id",),
    about=("id",),
    indexes=(("due_at", "reference"), ("origin",), ("incident",), ("issue",)),
)
_put = put_into(_TABLE, ActionItemLine)


def _row(_: ActionItem, after: ActionItem, recorded: Recorded[Event]) -> Iterable[Change]:
    if after.number:
        yield _put(line_of(recorded.key, after, recorded.position))


def _follow(item: ActionItem, recorded: Recorded[Any]) -> ActionItem:
    return ACTION_ITEM.follow(item, recorded.commit)


_VERSION = 3
ACTION_ITEMS: Projection[Any] = Projection(
    name="action_items",
    version=_VERSION,
    follows=(ACTION_ITEM.stream(""),),
    tables=(_TABLE, PART),
    initial=ACTION_ITEM.initial,
    evolve=_follow,
    each=_row,
    beside=parts_beside("action_items", _VERSION),
)


class ActionItemPage(BehindPlace, frozen=True, kw_only=True):
    """Action items behind the place `after`: in some of these states, of an `owner` (the slug of a
    person, or the name as it was given), of a `kind`, of some priorities, that follow from an
    `incident` or a `postmortem` (by reference), or `overdue` (due, and neither done nor declined)
    ones alone. Raises `Refused`.
    """

    PLACE = tuple[datetime, str, str]
    BEGINNING = (DAWN, "", "")

    status: tuple[ActionItemStatus, ...] = ()
    owner: str | None = None
    kind: ActionKind | None = None
    priority: tuple[Priority, ...] = ()
    incident: str | None = None
    postmortem: str | None = None
    overdue: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


_WAIT = ", ".join(f"'{each}'" for each in WAITING)
LIST_ACTION_ITEMS = Question(
    of=ACTION_ITEMS.name,
    sql=f"""
        SELECT * FROM {{action_item}} WHERE (due_at, reference, id) > ($first, $second, $third)
          AND (cardinality($status::text[]) = 0 OR status = ANY($status))
          AND ($owner::text IS NULL OR $owner IN (owner, person))
          AND ($kind::text IS NULL OR kind = $kind)
          AND (cardinality($priority::text[]) = 0 OR priority = ANY($priority))
          AND ($incident::text IS NULL OR incident = $incident)
          AND ($postmortem::text IS NULL OR origin = $postmortem)
          AND (NOT $overdue::boolean OR (status IN ({_WAIT}) AND due_at <= now()))
        ORDER BY due_at, reference, id LIMIT $limit
    """,  # noqa: S608 - nothing in it comes from outside
    takes=ActionItemPage,
    answer=ActionItemLine,
)


class SoMany(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many."""

    most: int


ALL_ACTION_ITEMS = Question(
    of=ACTION_ITEMS.name,
    sql="SELECT * FROM {action_item} ORDER BY due_at DESC, id LIMIT $most",
    takes=SoMany,
    answer=ActionItemLine,
)

ACTION_ITEM_LIST = Resource(
    path="/v1/action-items",
    operation_id="list_action_items",
    tag="learning",
    summary="Action items",
    description="Action items, those that are due first before the others.",
    question=LIST_ACTION_ITEMS,
    paging=Paging(by="after", place=lambda last: cursor_of(last.due_at, last.reference, last.id)),
    waits=True,
)


class OfIssue(msgspec.Struct, frozen=True, kw_only=True):
    """By the address of their issue, as the domain writes it."""

    issue: str


ITEMS_OF_ISSUE = Question(
    of=ACTION_ITEMS.name,
    sql="SELECT id FROM {action_item} WHERE issue = $issue ORDER BY id",
    takes=OfIssue,
    answer=str,
    whole=True,
)
"""Those that an issue is the same work as."""


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever was not over before that."""

    since: datetime


ITEMS_WAITING = Question(
    of=ACTION_ITEMS.name,
    sql=f"""
        SELECT id FROM {{action_item}}
        WHERE status IN ({_WAIT}) AND $since::timestamptz IS NOT NULL
    """,  # noqa: S608 - nothing in it comes from outside
    takes=Since,
    answer=str,
    whole=True,
)
"""Those whose clocks still run, however long ago they were added."""
