"""Who lets deployments through in spite of the budget, and reviews of the objective itself."""

from datetime import timedelta

from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.slo.tracking import commands as c
from domain.slo.tracking import events as e
from domain.slo.tracking.tracked import GateOverride, TrackedSlo

OVERRIDE_MOST = timedelta(days=7)


def act(
    command: c.OverrideGate | c.WithdrawOverride | c.ReviewSlo,
    slo: TrackedSlo,
    context: Context,
) -> list[e.SloEvent]:
    """What is done about it. Raises `Refused`."""
    assert slo.profile
    match command:
        case c.OverrideGate():
            return _override(command, slo, context)
        case c.WithdrawOverride(reason=reason):
            held = slo.override
            withdrawn = e.SloOverrideWithdrawn(occurred_at=context.now, reason=reason)
            return [withdrawn] if held is not None and held.holds(context.now) else []
        case c.ReviewSlo(note=note):
            return [e.SloReviewed(occurred_at=context.now, note=note)]


def _override(command: c.OverrideGate, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    until, held, now = command.until, slo.override, context.now
    if not slo.entry.active:
        raise Refused(
            "slo.inactive",
            f"{slo.entry.slug} is not active: it closes no gate",
            rule="What is overridden is the gate of an active objective.",
        )
    if not now < until <= now + OVERRIDE_MOST:
        raise Refused(
            "slo.override_length",
            "an override ends in the future, and within seven days",
            field="until",
            rule="An override is an exception: it ends by itself.",
            invalid=True,
        )
    said = (command.reason, until, context.actor)
    if held is not None and held.holds(now) and (held.reason, held.until, held.by) == said:
        return []
    return [
        e.SloGateOverridden(
            occurred_at=now,
            service=slo.profile.service,
            state=slo.state,
            reason=command.reason,
            until=until,
        )
    ]


def acted(slo: TrackedSlo, event: e.SloDone, actor: str = UNKNOWN) -> TrackedSlo:
    """What is known after that."""
    at = event.occurred_at
    match event:
        case e.SloGateOverridden(reason=reason, until=until):
            held = GateOverride(by=actor, reason=reason, said_at=at, until=until)
            return replace(slo, override=held)
        case e.SloOverrideWithdrawn():
            return replace(slo, override=None)
        case e.SloReviewed():
            return replace(slo, reviewed_at=at, reviewed_by=actor)
