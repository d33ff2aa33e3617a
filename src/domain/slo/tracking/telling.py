"""What people are told of a budget, in sentences that are true whenever they are read.

Alerts are told by way of the incidents that they open: as all alerts, by rules and silences.
"""

from fractions import Fraction

from domain.kernel.notifiable import Notifiable, Notifiables, Rule, Told, Topic, to
from domain.kernel.text import clock_s
from domain.kernel.totality import kinds, total
from domain.policy.audience import OURS, Audience
from domain.policy.level import Severity
from domain.slo.budget import BudgetState
from domain.slo.tracking import events as e
from domain.slo.tracking.deploy_gate import RULES
from domain.slo.tracking.tracked import TrackedSlo
from domain.slo.window_lengths import decimal_text

SEVERITIES = total(
    "how severe a state of a budget is",
    BudgetState,
    {
        BudgetState.NORMAL: Severity.SEV4,
        BudgetState.FREEZE_REVIEW: Severity.SEV4,
        BudgetState.RELIABILITY_ONLY: Severity.SEV3,
        BudgetState.FROZEN: Severity.SEV2,
        BudgetState.UNKNOWN: Severity.SEV4,
    },
)


def percent_text(share: str | Fraction | None) -> str | None:
    """`38.2`, in per cent, rounded to a tenth; None where it is not known."""
    return None if share is None else decimal_text(100 * Fraction(share), 1).rstrip("…")


def topic(slo: TrackedSlo) -> Topic:
    """Whom it concerns: who hears of its service."""
    profile = slo.entry.profile
    if profile is None:
        return Topic("Error budget")
    return Topic(
        f"Error budget of {profile.name} ({profile.service})",
        services=(profile.service,),
        severity=SEVERITIES[slo.state],
    )


def describe(event: e.SloEvent) -> str:
    """The event in sentences."""
    match event:
        case e.SloBudgetMoved():
            return _moved(event)
        case e.SloGateOverridden(service=service, reason=reason, until=until):
            return (
                f"Deployments of {service} go through in spite of the error budget until"
                f" {clock_s(until)}. Reason: {reason}"
            )
        case e.SloOverrideWithdrawn(reason=reason):
            why = f" Reason: {reason}" if reason else ""
            return f"The override of the deploy gate was withdrawn.{why}"
        case e.SloReviewDue(due_at=due_at, cadence=cadence):
            return (
                f"Its {cadence} review was due at {clock_s(due_at)}: is it still the right"
                " objective, and the right target?"
            )
        case _:
            return "It was changed."


def _moved(event: e.SloBudgetMoved) -> str:
    remaining = Fraction(event.remaining)
    share = f"{percent_text(abs(remaining))} %"
    left = f"{share} of the error budget remains"
    if remaining <= 0:
        more = f", and {share} of it more" if remaining else ""
        left = f"All of the error budget is gone{more}"
    unknown = event.unknown_minutes
    gaps = f"; of {unknown} min of the window nothing is known" if unknown else ""
    was = "" if event.before is BudgetState.UNKNOWN else f" It was {_words(event.before)} before."
    says = f" Agreed for this: {event.words}" if event.words else ""
    return (
        f"{left}: {event.bad} of {event.total} failed in the window until"
        f" {clock_s(event.until)}{gaps}.{was} {RULES[event.state]}{says}"
    )


def _words(state: BudgetState) -> str:
    return state.value.replace("_", " ")


def _of_budget(_: Told, __: TrackedSlo, event: e.SloEvent, ___: TrackedSlo) -> Notifiable | None:
    """Executives hear of a freeze, and of its end. That all is well at first is no news."""
    assert isinstance(event, e.SloBudgetMoved)
    if event.before is BudgetState.UNKNOWN and event.state is BudgetState.NORMAL:
        return None
    frozen = BudgetState.FROZEN in (event.state, event.before)
    return Notifiable("budget", OURS if frozen else (Audience.ENGINEERING,))


def _holds(event: e.SloEvent, slo: TrackedSlo) -> bool:
    match event:
        case e.SloBudgetMoved(state=state):
            return slo.state is state
        case e.SloGateOverridden(until=until, reason=reason):
            held = slo.override
            return held is not None and (held.until, held.reason) == (until, reason)
        case e.SloOverrideWithdrawn():
            return slo.override is None
        case e.SloReviewDue(due_at=due_at):
            return slo.review_due_at == due_at
        case _:
            return True


_engineering: Rule[TrackedSlo, e.SloEvent] = to("override", Audience.ENGINEERING)

NOTIFIABLES: Notifiables[TrackedSlo, e.SloEvent] = Notifiables(
    rules=total(
        "what is to be told of objectives",
        kinds(e.SloEvent),
        {
            **dict.fromkeys(kinds(e.SloStated), None),
            e.SloBudgetMoved: _of_budget,
            e.SloAlertBegan: None,
            e.SloAlertEnded: None,
            e.SloReviewDue: to("review", Audience.ENGINEERING),
            e.SloGateOverridden: _engineering,
            e.SloOverrideWithdrawn: _engineering,
            e.SloReviewed: None,
        },
    ),
    heard={
        Audience.ENGINEERING: ("budget", "override", "review"),
        Audience.EXECUTIVES: ("budget",),
        Audience.CUSTOMERS: (),
    },
    topic=topic,
    describe=describe,
    holds=_holds,
)
