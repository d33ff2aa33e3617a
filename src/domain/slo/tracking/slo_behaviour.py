"""One row for each command on an objective, and for each of its events."""

from typing import assert_never

from domain.kernel.decider import UNKNOWN, Context
from domain.slo.tracking import assessing, defining, overriding
from domain.slo.tracking import commands as c
from domain.slo.tracking import events as e
from domain.slo.tracking.tracked import TrackedSlo


def decide(command: c.SloCommand, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    """What a command comes to. Raises `Refused`."""
    match command:
        case c.RegisterSlo() | c.ChangeSlo() | c.DeactivateSlo() | c.ReactivateSlo():
            return defining.state(command, slo, context)
        case c.ReleaseSlo():
            return defining.release(command, slo, context)
        case c.OverrideGate() | c.WithdrawOverride() | c.ReviewSlo():
            return overriding.act(command, slo, context)
        case c.AssessSlo():
            return assessing.assess(command, slo, context)
    assert_never(command)


def evolve(slo: TrackedSlo, event: e.SloEvent, actor: str = UNKNOWN) -> TrackedSlo:
    """What is known after an event."""
    match event:
        case (
            e.SloRegistered()
            | e.SloChanged()
            | e.SloDeactivated()
            | e.SloReactivated()
            | e.SloManaged()
        ):
            return defining.said(slo, event, actor)
        case e.SloBudgetMoved() | e.SloAlertBegan() | e.SloAlertEnded() | e.SloReviewDue():
            return assessing.judged(slo, event, actor)
        case e.SloGateOverridden() | e.SloOverrideWithdrawn() | e.SloReviewed():
            return overriding.acted(slo, event, actor)
    assert_never(event)
