"""Untold: which audience was to hear of an incident, and no channel told them.

Who is told of what follows from the log, and so does whom no channel told then
(`Commit.unreached`): channels that are configured later tell nothing of what was before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.kernel.commit import Event, Recorded, event_id
from domain.kernel.notifiable import untold
from domain.policy.audience import Audience, Audiences
from projections.incident.fold import NOTHING_FOLDED, follow
from projections.incident.lines import Entry
from projections.past import Cut, states_then
from projections.read_model import ByIds, Question

OUTBOX = "intents"
"""The read model of what is to be told, which follows incidents as well."""
NO_CHANNEL = "no channel tells them"


class UntoldOf(msgspec.Struct, frozen=True, kw_only=True):
    """A row: an audience that no channel told of the incident `id`, first at `since`."""

    id: str
    audience: Audience
    since: datetime


WHO_WAS_NOT_TOLD = Question(
    of=OUTBOX,
    sql="""
        SELECT subject AS id, audience, min(recorded_at) AS since
        FROM {notifiable}, unnest(string_to_array(unreached, ' ')) AS audience
        WHERE subject = ANY($ids::text[]) AND unreached <> ''
        GROUP BY subject, audience ORDER BY since, audience
    """,
    takes=ByIds,
    answer=UntoldOf,
)
"""Who was told of these incidents by no channel, although they were to be."""


class UntoldEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A row: of an event of the incident `id`, which tells somebody, those whom no channel told."""

    id: str
    event_id: str
    audiences: Audiences


WHAT_THEY_WERE_NOT_TOLD = Question(
    of=OUTBOX,
    sql="""
        SELECT subject AS id, event_id, string_to_array(unreached, ' ') AS audiences
        FROM {notifiable} WHERE subject = ANY($ids::text[]) AND unreached <> ''
        ORDER BY position, index
    """,
    takes=ByIds,
    answer=UntoldEvent,
)
"""Of which events of these incidents somebody was told by no channel."""


def untold_events(commits: Iterable[Recorded[Event]], cut: Cut) -> dict[str, Audiences]:
    """By the ids of the events of incidents that tell somebody: whom no channel told."""
    streams = defaultdict[str, list[Recorded[Event]]](list)
    for recorded in commits:
        if recorded.aggregate == INCIDENT.name:
            streams[recorded.stream].append(recorded)
    found: dict[str, Audiences] = {}
    for stream in streams.values():
        if not any(recorded.commit.unreached for recorded in stream):
            continue
        known = NOTHING_FOLDED
        for recorded, _ in states_then(INCIDENT, stream, cut):
            known = follow(known, recorded)
            for place, item in known.found:
                if missed := untold(item, recorded.commit):
                    found[event_id(recorded.commit.id, place)] = missed
    return found


def not_told_of(found: Iterable[Entry], missed: Mapping[str, Audiences]) -> list[Entry]:
    """The lines with whom no channel told, by the ids of their events."""
    return [
        replace(line, not_told={each.value: NO_CHANNEL for each in whom} | line.not_told)
        if (whom := missed.get(line.event_id))
        else line
        for line in found
    ]


def untold_then(id_: str, commits: Sequence[Recorded[Event]], cut: Cut) -> list[UntoldOf]:
    """Who had been told of an incident by no channel then."""
    at = {
        event_id(recorded.commit.id, place): recorded.commit.recorded_at
        for recorded in commits
        for place in range(len(recorded.commit.events))
    }
    first: dict[Audience, datetime] = {}
    for event, audiences in untold_events(commits, cut).items():
        for audience in audiences:
            first[audience] = min(first.get(audience, at[event]), at[event])
    return [UntoldOf(id=id_, audience=who, since=since) for who, since in sorted(first.items())]
