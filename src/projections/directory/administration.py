"""What was done to the directory, and to what of the log cannot be read: for the trail of
administration.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.access.trail import AuditEntry
from domain.directory import PERSON, SERVICE, TEAM
from domain.directory.registration import Entry, Managed, ManagementChanged
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, name_of
from domain.kernel.text import behind_colon
from domain.log import LOG
from domain.log.set_aside import MessageSkipped
from projections.projection import Projection, Put
from projections.read_model import Question
from projections.table import put_into, table_of

ENTRIES_MOST = 100_000
_NAME, VERSION = "administration", 3


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One event of administration: `number` within its commit."""

    position: int
    number: int
    at: datetime
    actor: str
    via: str | None
    what: str
    text: str
    correlation_id: str


_ACTS = table_of(Act, name="act", key=("position", "number"), about=())
_put = put_into(_ACTS, Act)


def _acts(recorded: Recorded[Event], said: Callable[[Event], str | None]) -> Iterable[Put]:
    commit = recorded.commit
    for number, event in enumerate(commit.events):
        text = said(event)
        if text is not None:
            yield _put(
                Act(
                    position=recorded.position,
                    number=number,
                    at=event.occurred_at,
                    actor=commit.actor,
                    via=commit.via,
                    what=name_of(type(event)),
                    text=text,
                    correlation_id=commit.correlation_id,
                )
            )


def _of_entries(aggregate: AnyAggregate) -> Projection[Entry[Any]]:
    """What was done to people, teams or services: which fields became others."""

    def rows(before: Entry[Any], after: Entry[Any], recorded: Recorded[Event]) -> Iterable[Put]:
        def said(event: Event) -> str:
            subject = f"The {aggregate.name} {recorded.key}"
            if isinstance(event, ManagementChanged):
                return f"{subject}: {_management(before.managed, event)}"
            verb = name_of(type(event)).rpartition(".")[2].replace("_", " ")
            changed = _differing(before, after) if hasattr(event, "profile") else []
            more = f" ({', '.join(changed)})" if changed else ""
            return f"{subject}: {verb}{more}"

        return _acts(recorded, said)

    return Projection(
        name=_NAME,
        version=VERSION,
        follows=(aggregate.stream(""),),
        tables=(_ACTS,),
        initial=aggregate.initial,
        evolve=lambda entry, recorded: aggregate.follow(entry, recorded.commit),
        each=rows,
    )


def _management(before: Managed | None, event: ManagementChanged) -> str:
    """By which configuration it is managed now, or which one it was taken out of."""
    if event.managed is None:
        was = f" from the configuration {before.name}" if before else ""
        return f"released{was}{behind_colon(event.reason)}"
    return f"managed by the configuration {event.managed.with_place}"


def _differing(before: Entry[Any], after: Entry[Any]) -> list[str]:
    """The names of what is said otherwise now."""
    then, now = (msgspec.to_builtins(each.profile) or {} for each in (before, after))
    return [name for name in {**now, **then} if now.get(name) != then.get(name)]


def _of_log(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    """What was left out of every history, as somebody said."""

    def said(event: Event) -> str | None:
        assert LOG.notifiables is not None, "engineering is told of it"
        if not isinstance(event, MessageSkipped):
            return None
        return f"{LOG.notifiables.describe(event)} Why: {event.reason}"

    return _acts(recorded, said)


_LOG: Projection[None] = Projection(
    name=_NAME, version=VERSION, follows=(LOG.stream(""),), tables=(_ACTS,), each=_of_log
)
ADMINISTRATION: Projection[Any] = replace(
    _LOG, beside=tuple(_of_entries(each) for each in (PERSON, TEAM, SERVICE))
)


class ActsBehind(msgspec.Struct, frozen=True, kw_only=True):
    """ActsBehind a position, so many at most."""

    after: int = 0
    limit: int = ENTRIES_MOST


ACTS_BEHIND = Question(
    of=ADMINISTRATION.name,
    sql="""
        SELECT position, at, actor, via, what, text, correlation_id FROM {act}
        WHERE position > $after ORDER BY position, number LIMIT $limit
    """,
    takes=ActsBehind,
    answer=AuditEntry,
)
"""The acts of administration, the first first."""
