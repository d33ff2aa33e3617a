"""Entries of the timeline that are put right or retracted. Both versions stay: events stay as they
were recorded, and what is known now of what they tell comes with a later one.

A correction is knowledge, not an occurrence: see `hindsight` for what it does to the past.
"""

from datetime import datetime
from typing import Any, NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.claims import claim_in, meant
from domain.incident.corrections.correction_events import Amended
from domain.incident.corrections.corrections import correct_description, moved_to
from domain.incident.deadlines.events import Escalated
from domain.incident.entries import CLOCK, ENTRIES, EntryTraits, about, key, stated_impact, words
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.impact import Changes
from domain.incident.severity.amends import PutRight, rule
from domain.incident.severity.course import stated
from domain.incident.state import Facts, KnownIncident
from domain.incident.times import past
from domain.kernel.commit import name_of
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy.audience import Audience


class EntryToAmend(NamedTuple):
    """An entry: by what corrections name it, the kind of its event, and how it reads now."""

    key: str
    kind: type[IncidentEvent]
    now: Amended
    about: str | None = None
    told: tuple[Audience, ...] = ()
    status: e.UpdateStatus | None = None

    @property
    def way(self) -> EntryTraits:
        """What can be put right of it."""
        return ENTRIES[self.kind]


def correct(
    command: c.Correct, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """What is called wrongly, or what was said wrongly, or both."""
    parts = [name for name in _OF_ENTRIES if getattr(command, name) is not UNSET]
    whole = [
        name for name in e.Description.__struct_fields__ if getattr(command, name) is not UNSET
    ]
    if not parts and not whole:
        raise Refused(
            "correction.empty",
            "nothing is put right",
            field="entry" if command.entry else "title",
            rule="Say title, summary or services; or of an entry its text, time, headline or"
            " impact.",
            invalid=True,
        )
    if parts and command.entry is None:
        raise Refused(
            "correction.no_entry",
            f"{parts[0]} belongs to an entry of the timeline, and none is named",
            field="entry",
            rule="the event_id of the line that is to be put right, or the name (H1) of a"
            " hypothesis",
            invalid=True,
        )
    events = correct_description(command, incident.facts, at, context)
    if command.entry is not None:
        events.extend(_correct_entry(command, incident, at, context))
    return events


_OF_ENTRIES = ("text", "time", "headline", "impact")


def _correct_entry(
    command: c.Correct, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """An entry as it should have been; what it says so already is no news."""
    facts = incident.facts
    said = _find(command.entry or "", facts, context)
    if said.now.retracted:
        raise Refused(
            "entry.retracted",
            f"{_name(facts, said)} was retracted",
            field="entry",
            rule="What was retracted can be said anew.",
        )
    new = _as_corrected(command, said, facts, context)
    if new == said.now:
        return []
    claim = None
    if Audience.CUSTOMERS in said.told:
        claim = claim_in(_new_words(said.now, new), incident)
    confirmed = meant(claim, at, confirm=command.confirm)
    moved = _moved(command, said, new, facts, at)
    if moved:
        said = said._replace(now=replace(said.now, at=new.at))
    if new == said.now:
        return moved
    return [*moved, *_corrected(command, said, new, facts, at, context), *confirmed]


def _new_words(was: Amended, now: Amended) -> dict[str, str | None]:
    """What customers read otherwise from here on."""
    return {
        name: getattr(now, name)
        for name in ("text", "headline")
        if getattr(now, name) != getattr(was, name)
    }


def _moved(
    command: c.Correct, said: EntryToAmend, new: Amended, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """Where the time of the entry is that of a milestone, it is the milestone that moves."""
    milestone = said.way.moves
    if not isinstance(milestone, Milestone) or new.at == said.now.at:
        return []
    if getattr(facts.milestones, milestone.value) != said.now.at:
        return []
    reason = command.reason or "as put right on the timeline"
    return [
        e.TimeCorrected(
            occurred_at=at,
            milestone=milestone,
            value=new.at,
            reason=reason,
            previous=said.now.at,
        )
    ]


def retract(
    command: c.Retract, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """An entry that should not be there; one that was retracted is no news."""
    facts = incident.facts
    said = _find(command.entry, facts, context)
    if said.now.retracted:
        return []
    if said.way.instead is not None:
        raise Refused(
            "entry.not_retractable",
            f"{_name(facts, said)} has had consequences: {said.way.instead}",
            field="entry",
            rule="What an entry has set off is taken back by a command of its own, not with it.",
        )
    if said.kind is e.HypothesisOpened and (path := facts.response.hypothesis(said.key)):
        _check_unconfirmed(path.status, facts, said)
    event = e.EntryRetracted(
        occurred_at=at,
        entry=said.key,
        kind=name_of(said.kind),
        at=said.now.at,
        reason=command.reason,
        text=said.now.text,
        headline=said.now.headline,
        impact=said.now.impact,
        about=said.about,
        told=said.told,
    )
    return _ruled(event, said, None, said.now.at, facts, context)


def _check_unconfirmed(status: HypothesisStatus, facts: Facts, said: EntryToAmend) -> None:
    if status is HypothesisStatus.CONFIRMED:
        raise Refused(
            "entry.not_retractable",
            f"{_name(facts, said)} was confirmed: retract its confirmation first",
            field="entry",
            rule="A hypothesis that was confirmed is not one that should not be there.",
        )


def _find(entry: str, facts: Facts, context: Context) -> EntryToAmend:
    """The entry of this name: the id of an event, or the name of a hypothesis. Raises `Refused`."""
    path = facts.response.hypothesis(entry)
    if path is not None:
        now = facts.amended.get(entry) or Amended(at=path.opened_at, text=path.statement)
        return EntryToAmend(entry, e.HypothesisOpened, now, entry)
    if context.named is None:
        raise Refused(
            "entry.unknown",
            f"{facts.reference} has no entry {entry}",
            field="entry",
            rule="the event_id of a line of this incident's timeline that is no notification, or"
            " the name (H1) of a hypothesis",
            invalid=True,
        )
    event: Any = context.named.event
    found = key(context.named.id, event)
    now = facts.amended.get(found) or Amended(
        at=moved_to(facts, type(event), event.occurred_at),
        text=words(event),
        headline=getattr(event, "headline", None),
        impact=stated_impact(event),
    )
    to = () if context.named.retold else getattr(event, "audiences", ())
    said = EntryToAmend(found, type(event), now, about(event), to, getattr(event, "status", None))
    fixed = said.way.fixed
    if fixed is None and isinstance(event, Escalated) and event.automatic is not None:
        fixed = CLOCK
    if fixed is not None:
        raise Refused(
            "entry.fixed",
            f"{_name(facts, said)} cannot be put right or retracted",
            field="entry",
            rule=fixed,
        )
    return said


def _name(facts: Facts, said: EntryToAmend) -> str:
    """`INC-1: the entry H1 (hypothesis opened)`."""
    return f"{facts.reference}: the entry {said.key} ({name_of(said.kind).replace('_', ' ')})"


def _as_corrected(
    command: c.Correct, said: EntryToAmend, facts: Facts, context: Context
) -> Amended:
    """The entry with what the command says. Raises `Refused` for what it does not have."""
    now, way = said.now, said.way
    fits = {
        "text": way.words is not None,
        "time": bool(way.moves),
        "headline": Audience.CUSTOMERS in said.told or now.headline is not None,
        "impact": now.impact is not None,
    }
    for field, fit in fits.items():
        if getattr(command, field) is not UNSET and not fit:
            raise Refused(
                "entry.has_none",
                f"{_name(facts, said)} has no {field} that could be put right",
                field=field,
                rule=_OTHERWISE.get(said.kind, "What an entry says depends on what it is about."),
                invalid=True,
            )
    changes: dict[str, Any] = {}
    if command.text is not UNSET:
        changes["text"] = command.text
    if command.headline is not UNSET:
        changes["headline"] = command.headline
    if command.time is not UNSET:
        changes["at"] = past(command.time, "time", context) or now.at
    if now.impact is not None:
        impact = {} if command.impact is UNSET else stated(command.impact)
        if command.text is not UNSET:
            impact.setdefault("summary", command.text)
        changes["impact"] = Changes(**{**stated(now.impact), **impact})
        changes["text"] = impact.get("summary", now.text)
    return replace(now, **changes)


_OTHERWISE: dict[type[IncidentEvent], str] = {
    e.Declared: "The title, the summary and the services are corrected without an entry."
}


def _corrected(
    command: c.Correct,
    said: EntryToAmend,
    new: Amended,
    facts: Facts,
    at: datetime,
    context: Context,
) -> list[IncidentEvent]:
    was = said.now
    event = e.EntryCorrected(
        occurred_at=at,
        entry=said.key,
        kind=name_of(said.kind),
        at=new.at,
        previous_at=was.at,
        text=new.text,
        previous=was.text,
        headline=new.headline,
        previous_headline=was.headline,
        impact=new.impact,
        previous_impact=was.impact,
        about=said.about,
        told=said.told,
        status=said.status,
        reason=command.reason,
    )
    return _ruled(event, said, new.impact, new.at, facts, context)


def _ruled(
    event: e.EntryCorrected | e.EntryRetracted,
    said: EntryToAmend,
    impact: Changes | None,
    at: datetime,
    facts: Facts,
    context: Context,
) -> list[IncidentEvent]:
    """With what the severity makes of it, where the entry states an impact."""
    was = said.now
    if was.impact is None or (impact, at) == (was.impact, was.at):
        return [event]
    put_right = PutRight(was.impact, was.at, impact, at, declares=said.kind is e.Declared)
    ruled, events = rule(facts, put_right, context)
    return [replace(event, ruled=ruled), *events]
