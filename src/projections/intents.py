"""Intents: who is to be told of what, whatever the channel. The words are made when it is sent.

An intent follows from the log alone and has a deterministic id, so a rebuild makes the same ones
again; what has become of them is in the ledger (`domain.notification`), never here.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

import msgspec

from domain.audience import Audience
from domain.commit import Event, Recorded, event_id
from domain.incident import INCIDENT, Incident
from domain.incident.state import Facts, Undeclared
from domain.policy import Severity
from projections.incidents import folded
from projections.news import Audiences, News, news
from projections.projection import Column, Projection, Put, Table
from projections.timeline import incident_of


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be told to an audience. `kind` is that of the news; `position` orders those of
    an incident. Channels go by `peak`, the highest severity at which it was told of, and by
    `services`, all that it was told to concern (none: it may concern any), so that who heard of
    its beginning hears of its end.
    """

    id: str
    incident_id: str
    reference: str
    event_id: str
    position: int
    audience: Audience
    kind: str
    severity: Severity
    peak: Severity
    services: tuple[str, ...]
    occurred_at: datetime
    recorded_at: datetime


class Told(msgspec.Struct, frozen=True):
    """An incident, and what has been told of it: to which audiences, at most how severe, of which
    services. `news` are those of the last commit, each with the place of its event.
    """

    incident: Incident
    audiences: Audiences = ()
    peak: Severity = Severity.SEV4
    services: tuple[str, ...] = ()
    news: tuple[tuple[int, News], ...] = ()


def intent_id(event: str, audience: Audience) -> str:
    """The permanent id of what an event tells an audience; 32 hexadecimal digits."""
    return blake2b(f"{event} {audience}".encode(), digest_size=16).hexdigest()


def _evolve(told: Told, recorded: Recorded[Event]) -> Told:
    after = folded(told.incident, recorded)
    if after is told.incident or isinstance(after, Undeclared):
        return told
    found = _found(told, after, recorded)
    if not found:
        return Told(after, told.audiences, told.peak, told.services)
    audiences = told.audiences
    for _, item in found:
        audiences = _together(audiences, item.audiences)
    peak = min(told.peak, after.facts.severity)
    return Told(after, audiences, peak, _concerned(told, after.facts), found)


def _found(told: Told, after: Incident, recorded: Recorded[Event]) -> tuple[tuple[int, News], ...]:
    """The news in a commit. A severity that is raised as an incident is declared is no news of its
    own: the declaration is told with the severity that results.
    """
    found: list[tuple[int, News]] = []
    audiences, before = told.audiences, told.incident
    last = len(recorded.commit.events) - 1
    for index, event in enumerate(recorded.commit.events):
        now = after if index == last else INCIDENT.evolve(before, event)  # type: ignore[arg-type]
        item = news(audiences, before, event, now)
        before = now
        if item is None:
            continue
        place = index
        if item.kind == "severity_changed" and found and found[-1][1].kind == "declared":
            place, declared = found.pop()
            item = News("declared", _together(declared.audiences, item.audiences))
        found.append((place, item))
        audiences = _together(audiences, item.audiences)
    return tuple(found)


def _together(some: Audiences, more: Audiences) -> Audiences:
    return some if set(more) <= set(some) else tuple(dict.fromkeys((*some, *more)))


def _concerned(told: Told, facts: Facts) -> tuple[str, ...]:
    """All services that it was told to concern; none, if ever it was told without naming any."""
    if not facts.services or (told.audiences and not told.services):
        return ()
    return tuple(dict.fromkeys((*told.services, *facts.services)))


def _rows(before: Told, after: Told, recorded: Recorded[Event]) -> Iterable[Put]:
    incident = after.incident
    if after is before or isinstance(incident, Undeclared):
        return
    for index, item in after.news:
        source = event_id(recorded.commit.id, index)
        for audience in item.audiences:
            intent = Intent(
                id=intent_id(source, audience),
                incident_id=incident_of(recorded),
                reference=incident.facts.reference,
                event_id=source,
                position=recorded.position,
                audience=audience,
                kind=item.kind,
                severity=incident.facts.severity,
                peak=after.peak,
                services=after.services,
                occurred_at=recorded.commit.events[index].occurred_at,
                recorded_at=recorded.commit.recorded_at,
            )
            yield Put("intent", msgspec.structs.astuple(intent))


_TYPES = {
    "position": "bigint",
    "services": "text[]",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
}

INTENTS: Projection[Told] = Projection(
    name="intents",
    version=3,
    follows=("incident.",),
    tables=(
        Table(
            name="intent",
            columns=tuple(
                Column(name, _TYPES.get(name, "text")) for name in Intent.__struct_fields__
            ),
            indexes=(("position",), ("incident_id", "position")),
        ),
    ),
    key=incident_of,
    state=Told,
    initial=Told(INCIDENT.initial),
    evolve=_evolve,
    each=_rows,
)
