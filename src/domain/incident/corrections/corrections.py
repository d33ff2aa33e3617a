"""Times, and what an incident is called, put right: what was recorded before stays in the log."""

from datetime import datetime

from msgspec import UNSET
from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.entries import ENTRIES
from domain.incident.events import Description, IncidentEvent, Milestone
from domain.incident.state import (
    About,
    Closed,
    Facts,
    KnownIncident,
    Open,
    Stage,
    Triage,
    status,
)
from domain.incident.times import past
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import services_called


def correct_time(
    command: c.CorrectTime, incident: Triage | Open | Closed, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Put a milestone right; only what has happened can have happened at another time."""
    facts, value = incident.facts, past(command.value, "value", context)
    _check_reached(command.milestone, incident)
    if command.milestone is Milestone.DECLARED and value is None:
        raise Refused(
            "time.required",
            f"when {facts.reference} was declared is on record: it cannot become unknown",
            field="value",
            rule="Say when it was declared; what else is not known may be null.",
        )
    previous = getattr(facts.milestones, command.milestone.value)
    if previous == value:
        return []
    return [
        e.TimeCorrected(
            occurred_at=at,
            milestone=command.milestone,
            value=value,
            reason=command.reason,
            previous=previous,
        )
    ]


def _check_reached(milestone: Milestone, incident: Triage | Open | Closed) -> None:
    facts, over = incident.facts, isinstance(incident, Closed)
    known = getattr(facts.milestones, milestone.value) or milestone in facts.stated.corrected
    # Once it is over, nobody says any more that it was so but by its time.
    said = known or over
    watched = isinstance(incident, Open) and incident.stage is Stage.MONITORING
    early = {
        Milestone.DECLARED: not known,  # what was over before anybody declared it was not declared
        Milestone.RESOLVED: not over,
        Milestone.ACKNOWLEDGED: not (said or facts.acknowledged),
        # Where it fires again, what had been mitigated is not, whatever its time was corrected to.
        Milestone.MITIGATED: not (facts.milestones.mitigated_at or over or watched),
        Milestone.IDENTIFIED: not (said or facts.response.root_cause),
    }
    if not early.get(milestone):
        return
    instead = _SAID_BY.get(milestone)
    hint = f" {instead} says that it has, with occurred_at for an earlier time." if instead else ""
    raise Refused(
        "milestone.not_reached",
        f"{facts.reference} is {status(incident)}: it has no {milestone.value} yet",
        field="milestone",
        rule=f"Only what has happened can have happened at another time.{hint}",
    )


_SAID_BY = {
    Milestone.ACKNOWLEDGED: "acknowledge",
    Milestone.MITIGATED: "mitigate",
    Milestone.IDENTIFIED: "identify_root_cause",
}
"""The command by which people say that a milestone was reached."""


def moved_to(facts: Facts, kind: type[IncidentEvent], occurred_at: datetime) -> datetime:
    """When an entry happened as far as is known now: with its milestone, it was moved as well."""
    milestone = ENTRIES[kind].moves
    if not isinstance(milestone, Milestone) or milestone not in facts.stated.corrected:
        return occurred_at
    if facts.stated.origins.get(milestone) != occurred_at:
        return occurred_at
    return getattr(facts.milestones, milestone.value) or occurred_at


def fold_corrected(incident: KnownIncident, event: e.TimeCorrected, _: str) -> KnownIncident:
    """What a responder has put right is not changed by what is heard of later."""
    ends = event.milestone in {Milestone.MITIGATED, Milestone.RESOLVED}
    facts = settle(incident) if ends else incident.facts
    stated, before = facts.stated, getattr(facts.milestones, event.milestone.value)
    origins = dict(stated.origins)
    if event.milestone not in stated.corrected and before is not None:
        origins[event.milestone] = before
    milestones = replace(stated.milestones, **{event.milestone.value: event.value})
    corrected = tuple(dict.fromkeys((*stated.corrected, event.milestone)))
    stated = replace(stated, milestones=milestones, corrected=corrected, origins=origins)
    facts = replace(facts, stated=stated, milestones=milestones)
    if event.milestone is Milestone.MITIGATED:
        response = replace(facts.response, monitoring_since=event.value)
        facts = replace(facts, response=response)
    return replace(incident, facts=facts)


def correct_description(
    command: c.Correct, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """The title, the summary and the services as they should have been."""
    previous = described(facts.about)
    stated = {name: getattr(command, name) for name in Description.__struct_fields__}
    changes = {name: value for name, value in stated.items() if value is not UNSET}
    if "services" in changes:
        changes["services"] = services_called(changes["services"], context.roster)
    now = replace(previous, **changes)
    if now == previous:
        return []
    return [
        e.DescriptionCorrected(occurred_at=at, now=now, previous=previous, reason=command.reason)
    ]


def described(about: About) -> Description:
    """What an incident is called and concerns."""
    return Description(about.title, about.summary, about.services)


def fold_described(incident: KnownIncident, event: e.DescriptionCorrected, _: str) -> KnownIncident:
    """It is called so from now on, whatever its alerts say."""
    facts, now, before = incident.facts, asdict(event.now), asdict(event.previous)
    changed = {name: value for name, value in now.items() if value != before[name]}
    described_ = tuple(dict.fromkeys((*facts.stated.described, *changed)))
    return replace(
        incident,
        facts=replace(
            facts,
            about=replace(facts.about, **changed),
            stated=replace(facts.stated, described=described_),
        ),
    )
