"""What an impact that an alert states does, whoever states it: it is asked about as a person's.

As long as nobody has decided how severe it is, alerts classify the incident: by their impact as by
their priority, in whatever order they come, and the line of each cites the matrix. Once somebody
has, it is an assessment like any other, and each raise is an event of its own beside the alert.
"""

from typing import Any, NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alerts.register import AlertRegister, register
from domain.incident.alerts.stated import named_by, severity_of
from domain.incident.events import IncidentEvent
from domain.incident.severity.assessment import (
    BACKFILLED,
    NO_GROUND,
    following,
    masking,
    turns_after,
)
from domain.incident.severity.course import (
    Assessment,
    Statement,
    Statements,
    add,
    impact_at,
    known_of,
    stated,
)
from domain.incident.severity.doubling import DOUBLED
from domain.incident.severity.floors import MATRIX, floor
from domain.incident.severity.growth import demand_of_level, is_decided, level
from domain.incident.severity.matrix import classify
from domain.incident.severity.raises import kept
from domain.incident.severity.ruling import Growth, Ruling
from domain.incident.severity.standing import standing
from domain.incident.state import (
    LIVE,
    Closed,
    Facts,
    Incident,
    KnownIncident,
    Undeclared,
    with_facts,
)
from domain.kernel.decider import Context
from domain.policy import Policy


class Weighed(NamedTuple):
    """What of an event of an alert follows from what it says of how severe it is, and the events
    beside it.
    """

    fields: dict[str, Any]
    beside: list[IncidentEvent]


def weigh(event: e.AlertReceived, incident: Incident, context: Context) -> Weighed:
    """What the severity and the impact that an alert states come to."""
    alert, policy = event.alert, context.policy
    if alert.impact is None or not stated(known_of(alert.impact)):
        return Weighed({"severity": severity_of(replace(alert, impact=None), policy)}, [])
    if isinstance(incident, (*LIVE, Closed)) and is_decided(incident.facts.assessment.turns):
        return _assessed(replace(event, severity=named_by(alert, policy)), incident.facts, context)
    return _classified(event, incident, policy)


def _classified(event: e.AlertReceived, incident: Incident, policy: Policy) -> Weighed:
    """The severity that the alert stands for, by its impact as well."""
    known = Assessment() if isinstance(incident, Undeclared) else incident.facts.assessment
    alert, statements = event.alert, _with_said(event, known)
    assert alert.impact is not None, "an impact is stated"
    in_doubt = classify(alert.impact, policy).doubt  # what is in doubt claims nothing
    severity = named_by(alert, policy) if in_doubt else severity_of(alert, policy)
    ruled = _ruled(known, statements, [], policy)
    matrix, held = ruled["matrix"], floor(impact_at(statements), policy)
    cites = held.rule if held and held.because == matrix.because else MATRIX
    fields = {"severity": severity, **ruled, "cites": cites}
    counted = replace(event, **fields, growth=Growth(policy.doubling_factor))
    if isinstance(incident, Undeclared):
        return Weighed({**fields, "growth": counted.growth}, [])
    return Weighed({**fields, **_growth(counted, incident.facts, matrix)}, [])


def _growth(event: e.AlertReceived, facts: Facts, matrix: Ruling) -> dict[str, Any]:
    """What the figures of the alert come to beside those of others, which it cites where that is
    more than all that was claimed, and where it leaves no ground for what had doubled.
    """
    growth = event.growth
    assert growth is not None, "its figures are compared"
    heard = replace(with_impact(facts, event), alerts=hear(facts, event))
    now = standing(heard)
    if now is facts.severity:  # most say nothing new, and there may be thousands
        return {"growth": growth}
    before, after = level(facts), level(heard)
    if before and before is not after and before.outranks(now):
        because = f"{NO_GROUND} for {before}"
        return {"growth": replace(growth, severity=now, because=because), "cites": BACKFILLED}
    by_matrix = not matrix.doubt and not now.outranks(matrix.severity)
    if after is not now or after is before or by_matrix or not now.outranks(facts.severity):
        return {"growth": growth}
    because = demand_of_level(heard).because
    return {"growth": replace(growth, severity=now, because=because), "cites": DOUBLED}


def _assessed(event: e.AlertReceived, facts: Facts, context: Context) -> Weighed:
    """What a person's assessment would come to, beside the severity that the alert names."""
    known, statements = facts.assessment, _with_said(event, facts.assessment)
    heard = replace(facts, alerts=hear(facts, event))
    heard = replace(heard, severity=standing(heard))
    events = following(heard, statements, event.occurred_at, context)
    ruled = _ruled(known, statements, events, context.policy)
    stands = masking(ruled["floor"], heard, events)
    fields = {"severity": event.severity, **ruled, "stands": stands, "assessed": True}
    return Weighed(fields, events)


def _with_said(event: e.AlertReceived, known: Assessment) -> Statements:
    assert event.alert.impact is not None, "an impact is stated"
    return add(known.statements, Statement(event.occurred_at, known_of(event.alert.impact)))


def _ruled(
    known: Assessment, statements: Statements, events: list[IncidentEvent], policy: Policy
) -> dict[str, Any]:
    """What matrix and floors make of all that is known of the impact now."""
    impact = impact_at(statements)
    held = floor(impact, policy)
    after = replace(known, turns=turns_after(known.turns, events))
    return {
        "matrix": classify(impact, policy),
        "floor": held.severity if held else None,
        "keeps": kept(after, statements, policy),
    }


def hear(facts: Facts, event: e.AlertReceived) -> AlertRegister:
    """All alerts with this one."""
    return register(
        facts.alerts, event.alert, event.occurred_at, event.severity, event.edition, event.heard_at
    )


def with_impact(facts: Facts, event: e.AlertReceived) -> Facts:
    """What is known of the impact with what an alert states of it."""
    if event.alert.impact is None or event.matrix is None:
        return facts
    factor = event.growth.factor if event.growth else None
    said = Statement(event.occurred_at, known_of(event.alert.impact), factor=factor)
    known = replace(facts.assessment, matrix=event.matrix, floor=event.floor, kept=event.keeps)
    statements = add(known.statements, said)
    return replace(facts, assessment=known.following(statements=statements))


def fold_assessed(incident: KnownIncident, event: e.AlertReceived) -> KnownIncident:
    """The severity stays until the event that raises it, which comes with this one. Where a floor
    falls, what was decided later holds.
    """
    before = incident.facts.assessment.floor
    told = replace(incident, facts=with_impact(incident.facts, event))
    after = told.facts.assessment.floor
    fell = before is not None and (after is None or before.outranks(after))
    if fell or event.stands:
        return with_facts(told, severity=standing(told.facts))
    return told
