"""Intents: who is to be told of what, whatever the channel. The words are made when it is sent.

An intent follows from the log alone and has a deterministic id, so a rebuild makes the same ones
again; what has become of them is in the ledger (`domain.notification`), never here.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

import msgspec

from domain.commit import Event, Recorded, event_id
from domain.incident import INCIDENT, Incident
from domain.incident import events as e
from domain.incident import state as s
from domain.incident.events import IncidentEvent, Kind
from domain.notification import Audience
from domain.policy import Severity
from projections.incidents import folded
from projections.projection import Column, Projection, Put, Table
from projections.timeline import incident_of

EXECUTIVES_FROM = Severity.SEV2
"""Executives hear of what is at least this severe."""


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be told to an audience. `kind` is page, declared, severity_changed, update,
    identified, mitigated, resolved, reopened, canceled or merged; `position` orders those of an
    incident; `peak` is the highest severity at which it was told of, which channels go by, so that
    who heard of its beginning hears of its end.
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
    occurred_at: datetime
    recorded_at: datetime


class Told(msgspec.Struct, frozen=True):
    """An incident, and the audiences that have been told of it: they hear how it goes on, even
    when it turns out to be less severe.
    """

    incident: Incident
    audiences: tuple[Audience, ...] = ()
    peak: Severity = Severity.SEV4


def intent_id(event: str, audience: Audience) -> str:
    """The permanent id of what an event tells an audience; 32 hexadecimal digits."""
    return blake2b(f"{event} {audience}".encode(), digest_size=16).hexdigest()


def news(before: Incident, event: IncidentEvent, after: Incident) -> str | None:
    """The kind of news that an event is. Alerts repeat themselves and come late, so what counts is
    what has changed, not what they say.
    """
    if isinstance(after, s.Undeclared) or after.facts.kind is not Kind.STANDARD:
        return None
    if isinstance(event, e.Declared):
        return "declared"
    if isinstance(before, s.Undeclared):
        return "page" if _live(after) else None
    match event:
        case e.UpdatePosted():
            return "update"
        case e.RootCauseIdentified():
            return "identified" if _live(after) and before.facts.root_cause is None else None
        case e.Mitigated():
            return "mitigated" if _live(after) and not _mitigated(before) else None
        case e.Canceled():
            return "canceled"
        case e.Merged():
            return "merged" if _live(before) else None
    return _turn(before, after)


def _turn(before: s.Recorded, after: s.Recorded) -> str | None:
    """What else a responder or an alert may have changed."""
    if _live(before) and isinstance(after, s.Closed):
        return "resolved"
    if not _live(before) and _live(after):
        return "reopened"
    if isinstance(before, s.Triage) and isinstance(after, s.Open):
        return "declared"  # by an alert of a source whose alerts are incidents
    if _live(after) and before.facts.severity is not after.facts.severity:
        return "severity_changed"
    return None


_LIVE = (s.Triage, s.Open)


def _live(incident: Incident) -> bool:
    return isinstance(incident, _LIVE)


def _mitigated(incident: Incident) -> bool:
    return isinstance(incident, s.Open) and incident.stage is s.Stage.MONITORING


def _hearing(told: tuple[Audience, ...], incident: s.Recorded) -> tuple[Audience, ...]:
    """Who hears news of the incident as it is now. Alerts in triage concern engineering alone."""
    severe = not EXECUTIVES_FROM.outranks(incident.facts.severity)
    if Audience.EXECUTIVES in told or (severe and not isinstance(incident, s.Triage)):
        return (Audience.ENGINEERING, Audience.EXECUTIVES)
    return (Audience.ENGINEERING,)


def _steps(
    before: Incident, after: Incident, recorded: Recorded[Event]
) -> list[tuple[int, IncidentEvent, str]]:
    """The news in a commit, with the place of its event. A severity that is raised as an incident
    is declared is no news of its own: the declaration is told with the severity that results.
    """
    found: list[tuple[int, IncidentEvent, str]] = []
    last = len(recorded.commit.events) - 1
    for index, event in enumerate(recorded.commit.events):
        now = after if index == last else INCIDENT.evolve(before, event)  # type: ignore[arg-type]
        kind = news(before, event, now)  # type: ignore[arg-type]
        if kind and not (kind == "severity_changed" and found and found[-1][2] == "declared"):
            found.append((index, event, kind))  # type: ignore[arg-type]
        before = now
    return found


def _evolve(told: Told, recorded: Recorded[Event]) -> Told:
    after = folded(told.incident, recorded)
    if after is told.incident:
        return told
    audiences, peak = told.audiences, told.peak
    if not isinstance(after, s.Undeclared):
        severity = after.facts.severity
        audiences = _hearing(audiences, after)
        peak = severity if severity.outranks(peak) else peak
    same = (audiences, peak) == (told.audiences, told.peak)
    if same or not _steps(told.incident, after, recorded):
        return Told(after, told.audiences, told.peak)
    return Told(after, audiences, peak)


def _rows(before: Told, after: Told, recorded: Recorded[Event]) -> Iterable[Put]:
    incident = after.incident
    if incident is before.incident or isinstance(incident, s.Undeclared):
        return
    for index, event, kind in _steps(before.incident, incident, recorded):
        source = event_id(recorded.commit.id, index)
        for audience in after.audiences:
            intent = Intent(
                id=intent_id(source, audience),
                incident_id=incident_of(recorded),
                reference=incident.facts.reference,
                event_id=source,
                position=recorded.position,
                audience=audience,
                kind=kind,
                severity=incident.facts.severity,
                peak=after.peak,
                occurred_at=event.occurred_at,
                recorded_at=recorded.commit.recorded_at,
            )
            yield Put("intent", msgspec.structs.astuple(intent))


_TYPES = {"position": "bigint", "occurred_at": "timestamptz", "recorded_at": "timestamptz"}

INTENTS: Projection[Told] = Projection(
    name="intents",
    version=2,
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
