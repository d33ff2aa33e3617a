"""Which post-mortem and which page belong to which incident, and which action item to what: a part
is seen by whoever sees the whole, however late that has become private.
"""

from collections.abc import Iterable
from typing import Any

from domain.kernel.commit import Event, Recorded
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.learning.action_item.events import ActionItemAdded
from domain.learning.postmortem.events import PostmortemOpened
from domain.notification.intent import key_of
from domain.paging import PAGE
from domain.paging.pages.events import PageOpened
from projections.projection import Change, Column, Projection, Put, Table

PART = Table(
    name="part",
    columns=(Column("id", "text"), Column("whole", "text")),
    about=(),
    indexes=(("whole",),),
)
"""A row for each name of what is part of something: its id, and the key of its deliveries; with the
id of the whole, which may be part of something else.
"""


def _rows(aggregate: str, id_: str, whole: str | None) -> Iterable[Change]:
    names = (id_, key_of(aggregate, id_)) if whole else ()
    return (Put(PART.name, (name, whole)) for name in names)


def _of_postmortem(_: object, __: object, recorded: Recorded[Event]) -> Iterable[Change]:
    for event in recorded.commit.events:
        if isinstance(event, PostmortemOpened):
            yield from _rows(POSTMORTEM.name, recorded.key, event.incident)


def _of_item(_: object, __: object, recorded: Recorded[Event]) -> Iterable[Change]:
    for event in recorded.commit.events:
        if isinstance(event, ActionItemAdded):
            yield from _rows(ACTION_ITEM.name, recorded.key, event.origin.id)


def _of_page(_: object, __: object, recorded: Recorded[Event]) -> Iterable[Change]:
    for event in recorded.commit.events:
        if isinstance(event, PageOpened):
            yield from _rows(PAGE.name, recorded.key, event.incident)


def parts_beside(name: str, version: int) -> tuple[Projection[Any], ...]:
    """What keeps `PART` beside the rows of a projection that tells of parts."""
    return tuple(
        Projection[Any](
            name=name, version=version, follows=(of.stream(""),), tables=(PART,), each=each
        )
        for of, each in ((POSTMORTEM, _of_postmortem), (ACTION_ITEM, _of_item), (PAGE, _of_page))
    )
