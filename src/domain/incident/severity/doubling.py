"""The automatic upgrade. Brief, "Escalation Triggers": "Impact scope doubles → upgrade one level";
a floor that the new impact meets raises the severity likewise.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import UNSET, structs

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.impact import Impact, merged
from domain.incident.severity.floors import Floor, floor, floor_of_old
from domain.incident.state import Assessment, Facts, KnownIncident, with_facts
from domain.kernel.commit import event_id
from domain.kernel.decider import Context
from domain.policy import Severity


class Measure(StrEnum):
    """The figures whose doubling raises the severity."""

    USERS = "users_affected"
    PERCENT = "percent_affected"
    SCOPE = "scope"


def reassess_impact(
    command: c.ReassessImpact, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """The new assessment, and the upgrade that it triggers, if any."""
    stated = structs.asdict(command)
    del stated["occurred_at"]
    impact = merged(facts.assessment.impact, {k: v for k, v in stated.items() if v is not UNSET})
    if impact == facts.assessment.impact:
        return []
    held = floor(impact, context.policy)
    least = held.severity if held else None
    events: list[IncidentEvent] = [e.ImpactReassessed(occurred_at=at, impact=impact, floor=least)]
    factor, known = context.policy.doubling_factor, facts.assessment
    demanded = upgrade(facts.severity, held, known.baseline, impact, factor)
    if demanded:
        events.append(raise_to(demanded, facts.severity, at, context))
    return events


def upgrade(
    severity: Severity, held: Floor | None, baseline: Impact, impact: Impact, factor: float
) -> Floor | None:
    """The level that the escalation triggers demand now, when it is above the present one: that of
    the floor that is `held`, or one more if a figure has grown `factor` times.
    """
    if held and held.severity.outranks(severity):
        return held
    grown = multiplied(baseline, impact, factor)
    if grown and severity is not Severity.SEV1:
        words = ", ".join(
            f"{measure.value.replace('_', ' ')} {_figure(getattr(baseline, measure))} → "
            f"{_figure(getattr(impact, measure))}"
            for measure in grown
        )
        how = "doubled" if factor == 2 else f"grew {factor:g} times"
        return Floor(severity.one_level_up(), "escalation.impact_doubled", f"impact {how}: {words}")
    return None


def multiplied(before: Impact, now: Impact, factor: float) -> list[Measure]:
    """The measures that are at least so many times what they were; an unknown or zero baseline is
    none.

    Source: brief, "Escalation Triggers": impact scope doubles → upgrade one level.
    """
    return [
        measure
        for measure in Measure
        if (old := getattr(before, measure))
        and (new := getattr(now, measure))
        and new >= factor * old
    ]


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.10g}"


def raise_to(
    demanded: Floor, previous: Severity, at: datetime, context: Context
) -> e.SeverityUpgraded:
    """The automatic upgrade that follows from the first event of the same command."""
    automatic = Automatic(
        rule=demanded.rule,
        policy_version=context.policy.version,
        caused_by=event_id(context.command_id, 0),
    )
    return e.SeverityUpgraded(
        occurred_at=at,
        severity=demanded.severity,
        previous=previous,
        reason=demanded.because,
        automatic=automatic,
    )


def fold_impact(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """A floor that holds is decided, so that no alert goes below what it has just met."""
    facts, held = incident.facts, event.floor or floor_of_old(event.impact)
    assessment, decided = Assessment(event.impact, facts.assessment.baseline), facts.stated.severity
    if held and (decided is None or held.outranks(decided)):
        stated = structs.replace(facts.stated, severity=held)
        return with_facts(incident, assessment=assessment, stated=stated)
    return with_facts(incident, assessment=assessment)
