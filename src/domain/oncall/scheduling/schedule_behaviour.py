"""One row for each command on a schedule, and for each of its events."""

from typing import assert_never

from domain.kernel.decider import UNKNOWN, Context
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import events as e
from domain.oncall.scheduling import keeping, standing_in, swapping
from domain.oncall.scheduling.kept import KeptSchedule


def decide(
    command: c.ScheduleCommand, kept: KeptSchedule, context: Context
) -> list[e.ScheduleEvent]:
    """What a command comes to. Raises `Refused`."""
    match command:
        case (
            c.RegisterSchedule()
            | c.ChangeSchedule()
            | c.DeactivateSchedule()
            | c.ReactivateSchedule()
        ):
            return keeping.state(command, kept, context)
        case c.ReleaseSchedule():
            return keeping.release(command, kept, context)
        case c.OverrideTurns() | c.ForwardTurns() | c.AddShadow():
            return standing_in.add(command, kept, context)
        case c.WithdrawStandIn():
            return standing_in.withdraw(command, kept, context)
        case c.RequestSwap() | c.AcceptSwap() | c.DeclineSwap():
            return swapping.swap(command, kept, context)
    assert_never(command)


def evolve(kept: KeptSchedule, event: e.ScheduleEvent, actor: str = UNKNOWN) -> KeptSchedule:
    """What is known after an event."""
    match event:
        case (
            e.ScheduleRegistered()
            | e.ScheduleChanged()
            | e.ScheduleDeactivated()
            | e.ScheduleReactivated()
            | e.ScheduleManaged()
        ):
            return keeping.said(kept, event, actor)
        case e.OverrideAdded() | e.TurnsForwarded() | e.ShadowAdded():
            return standing_in.added(kept, event, actor)
        case e.StandInWithdrawn():
            return standing_in.withdrawn(kept, event, actor)
        case e.SwapRequested() | e.SwapAccepted() | e.SwapDeclined():
            return swapping.swapped(kept, event, actor)
    assert_never(event)
