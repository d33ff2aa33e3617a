"""What follows from what was counted: the state that the budget asks for, and alerts.

A worse state is entered at once, a better one only once a hundredth of the budget more than its
boundary remains: what stands on a boundary does not tell people the same twice an hour. What is not
known changes nothing: neither silence nor a gap opens a gate, or ends an alert.
"""

from fractions import Fraction

from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN, Context
from domain.slo.budget import BudgetState, state_of
from domain.slo.burn_rate import PAGE
from domain.slo.tracking import commands as c
from domain.slo.tracking import events as e
from domain.slo.tracking.tracked import SoundingAlert, TrackedSlo

MARGIN = Fraction(1, 100)
"""Of the budget; so much more than the boundary remains where things are better."""
ORDER = (
    BudgetState.NORMAL,
    BudgetState.FREEZE_REVIEW,
    BudgetState.RELIABILITY_ONLY,
    BudgetState.FROZEN,
)


def assess(command: c.AssessSlo, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    """What is new. What was judged by another definition, or of what is not active, is nothing."""
    if slo.entry.profile is None or not slo.entry.active or command.defined_at != slo.defined_at:
        return []
    return [
        *_budget(command, slo, context),
        *_alerts(command, slo, context),
        *_review(slo, context),
    ]


def next_state(before: BudgetState, remaining: Fraction | None) -> BudgetState:
    """What the budget asks for now."""
    now = state_of(remaining)
    if remaining is None:
        return before
    if before is BudgetState.UNKNOWN or ORDER.index(now) >= ORDER.index(before):
        return now
    cautious = state_of(remaining - MARGIN)
    return min(cautious, before, key=ORDER.index)


def _budget(command: c.AssessSlo, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    remaining = None if command.remaining is None else Fraction(command.remaining)
    state, profile = next_state(slo.state, remaining), slo.profile
    if state is slo.state or remaining is None:
        return []
    moved = e.SloBudgetMoved(
        occurred_at=context.now,
        service=profile.service,
        state=state,
        before=slo.state,
        remaining=str(remaining),
        bad=command.bad,
        total=command.total,
        until=command.until,
        unknown_minutes=command.unknown_minutes,
        words=getattr(profile.policy, state.value) if profile.policy else None,
    )
    return [moved]


def _alerts(command: c.AssessSlo, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    """What of them is over, and what is new: pages first."""
    on = {each.rule for each in command.alerts}
    known = {each.rule for each in slo.alerts}
    over = {each.rule: each.until for each in command.ended}
    ended = [
        e.SloAlertEnded(
            occurred_at=context.now,
            severity=each.severity,
            rule=each.rule,
            since=each.since,
            until=max(over.get(each.rule, command.until), each.since),
        )
        for each in slo.alerts
        if each.rule not in on
    ]
    begun = [
        e.SloAlertBegan(
            occurred_at=context.now, severity=each.severity, rule=each.rule, since=each.since
        )
        for each in sorted(command.alerts, key=lambda each: each.severity != PAGE)
        if each.rule not in known
    ]
    return [*ended, *begun]


def _review(slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    due_at, cadence = slo.review_due_at, slo.profile.review
    if cadence is None or due_at is None or due_at > context.now or due_at == slo.review_told:
        return []
    return [e.SloReviewDue(occurred_at=context.now, due_at=due_at, cadence=cadence)]


def judged(slo: TrackedSlo, event: e.SloJudged, _: str = UNKNOWN) -> TrackedSlo:
    """What is known after that."""
    match event:
        case e.SloBudgetMoved(occurred_at=at, state=state, remaining=remaining):
            return replace(slo, state=state, state_since=at, remaining=remaining)
        case e.SloAlertBegan(severity=severity, rule=rule, since=since):
            on = c.BurningAlert(severity=severity, rule=rule, since=since)
            return _sounding(replace(slo, alerts=(*slo.alerts, on)))
        case e.SloAlertEnded(rule=rule):
            left = tuple(each for each in slo.alerts if each.rule != rule)
            return _sounding(replace(slo, alerts=left))
        case e.SloReviewDue(due_at=due_at):
            return replace(slo, review_told=due_at)


def _sounding(slo: TrackedSlo) -> TrackedSlo:
    """Of which alerts people hear. A page tells what a ticket would: while one is on, no ticket
    begins; one that had begun before goes on.
    """
    page, ticket = _heard(slo, "page"), _heard(slo, "ticket")
    if page is not None and slo.sounds("ticket") is None:
        ticket = None
    return replace(slo, sounding=tuple(each for each in (page, ticket) if each is not None))


def _heard(slo: TrackedSlo, severity: e.AlertSeverity) -> SoundingAlert | None:
    since = [each.since for each in slo.alerts if each.severity == severity]
    if not since:
        return None
    return slo.sounds(severity) or SoundingAlert(severity=severity, since=min(since))
