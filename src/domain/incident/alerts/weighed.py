"""What an impact that an alert states does, whoever states it: it is asked about as a person's.

As long as nobody has decided how severe it is, alerts classify the incident: by their impact as by
their priority, in whatever order they come, and the line of each cites the matrix. Once somebody
has, it is an assessment like any other, and each raise is an event of its own beside the alert.
"""

from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alerts.member import ClaimedLevel
from domain.incident.alerts.register import AlertRegister, register
from domain.incident.alerts.stated import named_by, severity_of
from domain.incident.events import IncidentEvent
from domain.incident.impact import UNKNOWN
from domain.incident.severity.assessment import following, masking
from domain.incident.severity.citing import BACKFILLED, NO_GROUND, turns_after
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
from domain.incident.severity.matrix import classify, unassessed
from domain.incident.severity.raises import kept
from domain.incident.severity.ruling import Growth, Ruling
from domain.incident.severity.standing import as_it_stands, standing
from domain.incident.severity.undecided import Weighing, weigh_all, with_growth
from domain.incident.state import (
    LIVE,
    About,
    Closed,
    Facts,
    Incident,
    KnownIncident,
    Triage,
    Undeclared,
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
    known = begun_by(event) if isinstance(incident, Undeclared) else incident
    undecided = known.facts.assessment.undecided
    if alert.impact is None or not stated(known_of(alert.impact)):
        event = replace(event, severity=severity_of(replace(alert, impact=None), policy))
        return _heard(event, known.facts, context)
    if not undecided and isinstance(known, (*LIVE, Closed)):
        return _assessed(replace(event, severity=named_by(alert, policy)), known.facts, context)
    return _classified(event, known.facts, context)


def begun_by(event: e.AlertReceived) -> Triage:
    """What an alert is about that nobody has heard of."""
    assert event.number is not None, "the alert that begins an incident gives it its number"
    assert event.unassessed is not None, "and the severity it has until one is named"
    about = About(number=event.number, title="")
    assessment = Assessment(matrix=unassessed(event.unassessed), initial=event.unassessed)
    return Triage(Facts(about=about, severity=event.unassessed, assessment=assessment))


def _plain(event: e.AlertReceived) -> Weighed:
    return Weighed({"severity": event.severity}, [])


def _heard(event: e.AlertReceived, facts: Facts, context: Context) -> Weighed:
    """What it claims may have been so before what is known was stated."""
    known, since = facts.assessment, _since(event, facts)
    if since is None or known.in_order:
        return _plain(event)
    heard = replace(facts, alerts=hear(facts, event))
    if not known.undecided:
        return _reviewed(event, heard, since, context)
    found = weigh_all(facts, heard, context, BACKFILLED)
    says = (found.growth.doubled, found.growth.baseline)
    if known.weighed and says == (known.doubled, known.baseline) and not found.events:
        return _plain(event)
    return Weighed({"severity": event.severity, "growth": found.growth}, found.events)


def _since(event: e.AlertReceived, facts: Facts) -> datetime | None:
    """The time from which on it may change what alerts had claimed as something was stated; None:
    it does not. Of the time before any was heard of, the first one says so, whatever it claims.
    """
    at, known, first = event.occurred_at, facts.assessment, facts.alerts.first
    if not known.statements:
        return None
    earliest, last = known.statements[0].at, known.statements[-1].at
    if known.is_open_at(earliest) and (first is None or at < first[0]):
        return min(at, earliest)
    counts_before = known.initial and first and at == first[0]
    if event.severity is None or (at > last and not counts_before):
        return None
    return min(at, earliest) if counts_before else at


def _reviewed(event: e.AlertReceived, heard: Facts, since: datetime, context: Context) -> Weighed:
    """With the raises that there are since then, as somebody has decided."""
    known, policy = heard.assessment, context.policy
    events = following(heard, known.statements, since, context)
    if not events:
        return _plain(event)
    after = replace(known, turns=turns_after(known.turns, events))
    fields = {
        "severity": event.severity,
        "matrix": known.matrix,
        "floor": known.floor,
        "keeps": kept(after, known.statements, policy),
        "assessed": True,
    }
    return Weighed(fields, events)


def _classified(event: e.AlertReceived, facts: Facts, context: Context) -> Weighed:
    """The severity that the alert stands for, by its impact as well."""
    policy, known = context.policy, facts.assessment
    alert, statements = event.alert, _with_said(event, known)
    assert alert.impact is not None, "an impact is stated"
    in_doubt = classify(alert.impact, policy).doubt  # what is in doubt claims nothing
    named = in_doubt or alert.priority
    severity = named_by(alert, policy) if named else severity_of(alert, policy)
    impact = impact_at(statements)
    matrix, held = classify(impact, policy), floor(impact, policy)
    fields: dict[str, Any] = {
        "severity": severity,
        "matrix": matrix,
        "floor": held.severity if held else None,
        "cites": held.rule if held and held.because == matrix.because else MATRIX,
    }
    after = replace(known, statements=statements, matrix=matrix, floor=fields["floor"])
    weighed = Growth(policy.doubling_factor, baseline=UNKNOWN)
    claims = hear(facts, replace(event, **fields, growth=weighed))
    heard = replace(facts, alerts=claims, assessment=after)
    said = Statement(event.occurred_at, known_of(alert.impact), by_alert=True)
    found = weigh_all(facts, heard, context, BACKFILLED, said)
    fields |= {
        "keeps": found.keeps,
        "growth": found.growth,
        **_cited(found, facts, matrix, event.occurred_at),
    }
    return Weighed(fields, found.events)


def _doubled_then(found: Weighing, at: datetime) -> dict[str, Any]:
    """What it raises itself, where that leaves no ground for what had been raised later."""
    own = next((it for it in found.all.raises if it.at == at and it.demand.rule == DOUBLED), None)
    if own is None:
        return {}
    level, because = own.demand.severity, own.demand.because
    return {"growth": replace(found.growth, severity=level, because=because), "cites": DOUBLED}


def _cited(found: Weighing, facts: Facts, matrix: Ruling, at: datetime) -> dict[str, Any]:
    """What the alert cites where its figures come, beside those of others, to more than all that
    was claimed, and where they leave no ground for what had doubled.
    """
    now, growth = found.after.severity, found.growth
    before, after = facts.assessment.doubled, growth.doubled
    if found.events:
        return _doubled_then(found, at)
    if now is facts.severity:
        return {}
    if before and before is not after and before.outranks(now):
        because = f"{NO_GROUND} for {before}"
        return {"growth": replace(growth, severity=now, because=because), "cites": BACKFILLED}
    by_matrix = not matrix.doubt and not now.outranks(matrix.severity)
    if after is not now or after is before or by_matrix or not now.outranks(facts.severity):
        return {}
    demand = found.all.doubled
    assert demand is not None, "it has doubled"
    return {"growth": replace(growth, severity=now, because=demand.because), "cites": DOUBLED}


def _assessed(event: e.AlertReceived, facts: Facts, context: Context) -> Weighed:
    """What a person's assessment would come to, beside the severity that the alert names."""
    known, statements = facts.assessment, _with_said(event, facts.assessment)
    heard = replace(facts, alerts=hear(facts, event))
    heard = replace(heard, severity=standing(heard))
    since = _since(event, facts) or event.occurred_at
    events = following(heard, statements, since, context)
    ruled = _ruled(known, statements, events, context.policy)
    stands = masking(ruled["floor"], heard, events)
    fields = {"severity": event.severity, **ruled, "stands": stands, "assessed": True}
    return Weighed(fields, events)


def _with_said(event: e.AlertReceived, known: Assessment) -> Statements:
    assert event.alert.impact is not None, "an impact is stated"
    changes = known_of(event.alert.impact)
    return add(
        known.statements,
        Statement(event.occurred_at, changes, by_alert=known.is_open_at(event.occurred_at)),
    )


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
    claim = ClaimedLevel(event.severity, _is_by_impact(event))
    return register(
        facts.alerts, event.alert, event.occurred_at, claim, event.edition, event.heard_at
    )


def _is_by_impact(event: e.AlertReceived) -> bool:
    """Whether no priority names the severity, but the matrix has it so. Events of earlier releases
    made no difference.
    """
    weighed = event.growth is not None and event.growth.baseline is not None
    return weighed and not event.alert.priority and event.alert.impact is not None


def with_impact(facts: Facts, event: e.AlertReceived) -> Facts:
    """What is known of the impact with what an alert states of it."""
    known = facts.assessment
    if event.growth:
        known = _grown(known, event)
    if event.matrix is None:
        return replace(facts, assessment=known)
    known = replace(known, matrix=event.matrix, floor=event.floor, kept=event.keeps)
    if event.alert.impact is None:
        return replace(facts, assessment=known)
    return replace(facts, assessment=known.following(statements=_with_said(event, known)))


def _grown(known: Assessment, event: e.AlertReceived) -> Assessment:
    """Of events of earlier releases, the level counts that they say last."""
    growth = event.growth
    assert growth is not None, "its figures were compared"
    if growth.baseline is not None or growth.because is None:
        return with_growth(known, growth)
    return replace(known, doubled=growth.severity if event.cites == DOUBLED else None)


def fold_assessed(incident: KnownIncident, event: e.AlertReceived) -> KnownIncident:
    """As an assessment by a person."""
    told = replace(incident, facts=with_impact(incident.facts, event))
    return as_it_stands(told, incident.facts.assessment, event.stands)
