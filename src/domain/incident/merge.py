"""Two incidents that are one: a duplicate ends, and the other carries on."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.alerts.ends import in_hand
from domain.incident.events import IncidentEvent
from domain.incident.refusals import unknown
from domain.incident.state import (
    EXERCISES,
    Duplicate,
    Facts,
    FalsePositive,
    Incident,
    KnownIncident,
    Undeclared,
    status,
    with_facts,
)
from domain.kernel.aggregate import Joint, One, Part
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused


def merge(command: c.Merge, context: Context, at: datetime) -> list[IncidentEvent]:
    """End here; the executor has replaced a reference by the id, and gives its number along."""
    if not context.number:
        raise Refused("incident.unknown", "there is no incident to merge into", field="into")
    return [
        e.Merged(
            occurred_at=at, into=command.into, into_number=context.number, reason=command.reason
        )
    ]


def attach_duplicate(command: c.AttachDuplicate, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """Carry another incident on, which is attached once."""
    if command.duplicate in facts.about.duplicates:
        return []
    return [
        e.DuplicateAttached(
            occurred_at=at,
            duplicate=command.duplicate,
            duplicate_number=command.duplicate_number,
            in_hand=command.in_hand,
        )
    ]


def fold_merged(incident: KnownIncident, event: e.Merged, actor: str) -> Duplicate:
    """Over, for good."""
    facts, at = settle(incident), event.occurred_at
    return Duplicate(facts, event.into, event.into_number, at, by=actor)


def fold_attached(incident: KnownIncident, event: e.DuplicateAttached) -> KnownIncident:
    """One more that turned out to be this one."""
    about = incident.facts.about
    duplicates = (*about.duplicates, event.duplicate)
    return with_facts(incident, about=replace(about, duplicates=duplicates))


def split_merge(
    command: c.Merge, source: One[Incident], target: One[Incident]
) -> tuple[Part[c.Command], ...]:
    """The merge as each of the two hears of it. Raises `Refused`."""
    if target.id == source.id:
        raise Refused(
            "incident.merge_into_itself", "an incident cannot be its own duplicate", field="into"
        )
    if isinstance(target.state, Undeclared):
        raise unknown(f"there is no incident {target.ref}", field="into")
    if isinstance(source.state, Undeclared):
        raise unknown(f"there is no incident {source.ref}")
    if isinstance(source.state, Duplicate) and source.state.into == target.id:
        return (Part(source.id, c.Merge(into=target.id)),)
    facts = target.state.facts
    if isinstance(target.state, Duplicate | FalsePositive):
        raise Refused(
            "incident.wrong_phase",
            f"cannot merge into {facts.reference}: it is {status(target.state)}",
            field="into",
            rule="The incident to merge into carries on, so it is neither merged nor canceled.",
        )
    real = source.state.facts.about.kind not in EXERCISES
    if real and facts.about.kind in EXERCISES:
        raise Refused(
            "incident.exercise",
            f"{facts.reference} is a {facts.about.kind}, of which nobody is told",
            field="into",
            rule="What is real is not merged into a drill or a test.",
        )
    at = command.occurred_at
    merge = c.Merge(into=target.id, reason=command.reason, occurred_at=at)
    duplicate = source.state.facts
    attach = c.AttachDuplicate(
        duplicate=source.id,
        duplicate_number=duplicate.about.number,
        in_hand=in_hand(duplicate),
        occurred_at=at,
    )
    return (
        Part(source.id, merge, facts.about.number),
        Part(target.id, attach, suffix="+attach"),
    )


MERGE: Joint[Any, Incident] = Joint(field="into", split=split_merge)
