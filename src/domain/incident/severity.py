"""How severe an incident is: the matrix, the floors, the automatic upgrade, and who decides anew.

Source: brief, "Severity Classification Matrix", "Escalation Triggers (auto-upgrade severity)".
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import UNSET, structs

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.impact import Impact, merged
from domain.incident.state import Assessment, Facts, KnownIncident, with_facts
from domain.incident.times import latest
from domain.kernel.commit import event_id
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import Concern, Policy, Severity


class Classified(NamedTuple):
    """A severity with the criterion of the matrix that gave it."""

    severity: Severity
    because: str


class Floor(NamedTuple):
    """The least severe level that is allowed now, with the rule that says so."""

    severity: Severity
    rule: str
    because: str


class Measure(StrEnum):
    """The figures whose doubling raises the severity."""

    USERS = "users_affected"
    PERCENT = "percent_affected"
    SCOPE = "scope"


def classify(impact: Impact, policy: Policy) -> Classified:
    """The first row of the matrix that the impact meets, from SEV1 down; see `Policy`."""
    held = floor(impact, policy)
    found = _criterion(impact, policy)
    if held and held.severity.outranks(found.severity):
        return Classified(held.severity, held.because)
    return found


def _criterion(impact: Impact, policy: Policy) -> Classified:
    candidates: list[Classified] = []
    percent, users = impact.percent_affected, impact.users_affected
    if impact.security_breach:
        candidates.append(Classified(Severity.SEV1, "security breach"))
    if impact.functionality:
        words = impact.functionality.value.replace("_", " ")
        candidates.append(Classified(policy.functionality[impact.functionality], words))
    if percent is not None:
        candidates.append(_by_percent(percent, policy))
    if users is not None:
        candidates.append(_by_users(users))
    if not candidates:
        return Classified(policy.unassessed, "impact not assessed yet: the higher level in doubt")
    return min(candidates, key=lambda candidate: candidate.severity.value)


def _by_percent(percent: float, policy: Policy) -> Classified:
    if percent >= policy.outage_percent:
        return Classified(Severity.SEV1, f"{percent:.10g}% of users affected: full outage")
    if percent > policy.major_percent:
        return Classified(Severity.SEV2, f"{percent:.10g}% of users affected")
    if percent > 0:
        return Classified(Severity.SEV3, f"{percent:.10g}% of users affected")
    return Classified(Severity.SEV4, "no user impact")


def _by_users(users: int) -> Classified:
    if users > 0:
        return Classified(Severity.SEV3, f"{users:,} users affected")
    return Classified(Severity.SEV4, "no user impact")


def floor(impact: Impact, policy: Policy) -> Floor | None:
    """The level below which this impact may not be put, if any: the most severe that holds.

    Source: brief, "Escalation Triggers": any data integrity concern → immediate SEV1;
    customer-reported incidents affecting paying accounts → minimum SEV2.
    """
    concerns = _concerns(impact)
    if not concerns:
        return None
    concern = min(concerns, key=policy.floors.__getitem__)
    return Floor(policy.floors[concern], f"escalation.{concern.value}", _CONCERNS[concern])


_CONCERNS = {
    Concern.DATA_INTEGRITY: "data integrity concern",
    Concern.CUSTOMER_REPORTED: "customer-reported and affecting paying accounts",
}


def _concerns(impact: Impact) -> list[Concern]:
    """What of this impact sets a floor."""
    found = []
    if impact.data_integrity_concern:
        found.append(Concern.DATA_INTEGRITY)
    if impact.customer_reported and impact.paying_customers:
        found.append(Concern.CUSTOMER_REPORTED)
    return found


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


def change_severity(
    command: c.ChangeSeverity, facts: Facts, at: datetime, policy: Policy
) -> list[IncidentEvent]:
    """A responder's decision, never below a floor that still holds. Naming the severity that alerts
    have brought makes it one.
    """
    if command.severity is facts.severity is facts.stated.severity:
        return []
    held = floor(facts.assessment.impact, policy)
    if held and held.severity.outranks(command.severity):
        raise Refused(
            "severity.below_floor",
            f"{facts.reference} may not be put below {held.severity}: {held.because}",
            field="severity",
            rule=f"{held.rule}: reassess the impact first, if this no longer holds",
        )
    return [
        e.SeverityChanged(
            occurred_at=at,
            severity=command.severity,
            previous=facts.severity,
            reason=command.reason,
        )
    ]


def fold_impact(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """A floor that holds is decided, so that no alert goes below what it has just met."""
    facts, held = incident.facts, event.floor or _floor_of_old(event.impact)
    assessment, decided = Assessment(event.impact, facts.assessment.baseline), facts.stated.severity
    if held and (decided is None or held.outranks(decided)):
        stated = structs.replace(facts.stated, severity=held)
        return with_facts(incident, assessment=assessment, stated=stated)
    return with_facts(incident, assessment=assessment)


_FLOORS_OF_OLD = {
    Concern.DATA_INTEGRITY: Severity.SEV1,
    Concern.CUSTOMER_REPORTED: Severity.SEV2,
}
"""What floors were while no policy had them; the log is not to be read by the policy of today."""


def _floor_of_old(impact: Impact) -> Severity | None:
    """The floor of an assessment from before events recorded it."""
    found = _concerns(impact)
    return min(_FLOORS_OF_OLD[concern] for concern in found) if found else None


def fold_severity(
    incident: KnownIncident, event: e.SeverityChanged | e.SeverityUpgraded
) -> KnownIncident:
    """It was decided on, in view of the impact as it was then."""
    facts = incident.facts
    impact, decided_at = facts.assessment.impact, latest_claim(facts, event.occurred_at)
    return with_facts(
        incident,
        severity=event.severity,
        assessment=Assessment(impact, baseline=impact),
        stated=structs.replace(facts.stated, severity=event.severity, severity_at=decided_at),
    )


def latest_claim(facts: Facts, decided_at: datetime | None) -> datetime | None:
    """Up to when what alerts claim is settled by a decision on the severity at this time."""
    at = latest(facts.stated.severity_at, decided_at)
    claims = [member.claims[-1].at for member in facts.alerts.members if member.claims]
    return latest(at, max(claims)) if claims else at
