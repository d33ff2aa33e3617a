"""An incident in hindsight: its entries as they were put right, and for which time that counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace

from domain.incident import events as e
from domain.incident.entries import ENTRIES, KIND_OF
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.severity.course import stated
from domain.incident.state import Incident, Undeclared
from domain.kernel.commit import EPOCH, Recorded, event_id
from domain.kernel.hindsight import Hindsight, Reading, SeenWithHindsight, Version

CORRECTIONS = frozenset(
    {e.TimeCorrected, e.DescriptionCorrected, e.EntryCorrected, e.EntryRetracted}
)
"""The events that say how others should read."""

_ALWAYS = {Milestone.IMPACT_STARTED, Milestone.DETECTED, Milestone.DECLARED}
"""These are facts about an incident from its beginning on, whichever entry tells of them."""


class _History:
    """The entries so far, as they read by now."""

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}
        self.counts: dict[str, str | datetime] = {}
        self._events: dict[str, IncidentEvent] = {}
        self._paths: dict[str, str] = {}
        self._moved: dict[Milestone, str] = {}
        self._declared: str | None = None

    def add(self, id_: str, event: IncidentEvent, recorded: Recorded[Any]) -> None:
        """One more event, which may be about one before it."""
        self._events[id_] = event
        match event:
            case e.HypothesisOpened():
                self._paths[event.hypothesis] = id_
            case e.Declared():
                self._declared = id_
            case e.TimeCorrected():
                self._move(id_, event, recorded)
            case e.DescriptionCorrected():
                self._describe(id_, event, recorded)
            case e.EntryCorrected():
                self._amend(id_, event, recorded)
            case e.EntryRetracted():
                self._retract(id_, event, recorded)

    def _now(self, id_: str) -> Any:
        reading = self.readings.get(id_)
        return reading.event if reading else self._events[id_]

    def _read(
        self, id_: str, now: Any, recorded: Recorded[Any], reason: str | None, **more: Any
    ) -> None:
        """The entry reads otherwise from here on."""
        known = self.readings.get(id_) or Reading(event=self._events[id_])
        before = Version(
            event=known.event,
            until=recorded.commit.recorded_at,
            by=recorded.commit.actor,
            reason=reason,
        )
        self.readings[id_] = replace(known, event=now, versions=(*known.versions, before), **more)

    def _move(self, id_: str, event: e.TimeCorrected, recorded: Recorded[Any]) -> None:
        """A milestone moves the entry that had reached it; what a product reports stays in place,
        and the correction counts for its time.
        """
        found = self._milestone(event)
        self.counts[id_] = found or (EPOCH if event.milestone in _ALWAYS else event.occurred_at)
        if found is None:
            return
        self._moved[event.milestone] = found
        now = self._now(found)
        if event.value is not None and not isinstance(now, e.AlertReceived):
            self._read(found, replace(now, occurred_at=event.value), recorded, event.reason)

    def _milestone(self, event: e.TimeCorrected) -> str | None:
        if event.previous is None:
            return self._moved.get(event.milestone)
        kinds = {kind for kind, each in ENTRIES.items() if each.moves is event.milestone}
        found = [id_ for id_ in self._events if self._now(id_).occurred_at == event.previous]
        of_ours = [id_ for id_ in found if type(self._events[id_]) in kinds]
        alerts = [id_ for id_ in found if isinstance(self._events[id_], e.AlertReceived)]
        return next(iter((*reversed(of_ours), *alerts)), self._moved.get(event.milestone))

    def _describe(self, id_: str, event: e.DescriptionCorrected, recorded: Recorded[Any]) -> None:
        """What it is called, it was called so from its beginning on."""
        self.counts[id_] = EPOCH
        if self._declared is None:
            return
        declared, was = self._now(self._declared), asdict(event.previous)
        changes = {
            name: value
            for name, value in asdict(event.now).items()
            if value != was[name] and getattr(declared, name) == was[name]
        }
        if changes:
            self._read(self._declared, replace(declared, **changes), recorded, event.reason)

    def _found(self, entry: str) -> str | None:
        found = self._paths.get(entry, entry)
        return found if found in self._events else None

    def _amend(self, id_: str, event: e.EntryCorrected, recorded: Recorded[Any]) -> None:
        found = self._found(event.entry)
        self.counts[id_] = found or event.occurred_at
        if found is not None:
            self._read(found, _corrected(self._now(found), event), recorded, event.reason)

    def _retract(self, id_: str, event: e.EntryRetracted, recorded: Recorded[Any]) -> None:
        found = self._found(event.entry)
        self.counts[id_] = found or event.occurred_at
        if found is not None:
            self._read(found, self._now(found), recorded, event.reason, retracted=True)

    def seen(self) -> SeenWithHindsight:
        """All of it; a correction counts for the time at which its entry is now."""
        return SeenWithHindsight(
            readings=self.readings,
            corrections={
                id_: self._now(of).occurred_at if isinstance(of, str) else of
                for id_, of in self.counts.items()
            },
        )


def _corrected(event: Any, correction: e.EntryCorrected) -> Any:
    """The event as it should have been recorded."""
    changes: dict[str, Any] = {}
    if correction.at != correction.previous_at:
        changes["occurred_at"] = correction.at
    if correction.headline != correction.previous_headline:
        changes["headline"] = correction.headline
    if correction.impact is not None:
        changes["impact"] = replace(event.impact, **stated(correction.impact))
        if isinstance(event, e.ImpactReassessed):
            changes["stated"] = correction.impact
    elif correction.text != correction.previous and (
        field := ENTRIES[KIND_OF[correction.kind]].words
    ):
        changes[field] = correction.text
    return replace(event, **changes)


def see(commits: Sequence[Recorded[Any]]) -> SeenWithHindsight:
    """What is known now of the entries of an incident, given its commits, in the log's order."""
    history = _History()
    for recorded in commits:
        for index, event in enumerate(recorded.commit.events):
            history.add(event_id(recorded.commit.id, index), event, recorded)
    return history.seen()


def until(incident: Incident, at: datetime) -> Incident:
    """Without the milestones that lay ahead then."""
    if isinstance(incident, Undeclared):
        return incident
    milestones = incident.facts.milestones
    ahead = {
        name: None for name, value in asdict(milestones).items() if value is not None and value > at
    }
    if not ahead:
        return incident
    facts = replace(incident.facts, milestones=replace(milestones, **ahead))
    return replace(incident, facts=facts)


def moved(event: IncidentEvent) -> datetime | None:
    """The time to which an event moves another one."""
    match event:
        case e.TimeCorrected():
            return event.value
        case e.EntryCorrected():
            return event.at
        case _:
            return None


HINDSIGHT: Hindsight[Incident] = Hindsight(see=see, until=until, moved=moved)
