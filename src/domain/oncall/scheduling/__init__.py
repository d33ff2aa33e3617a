"""Schedules that are kept here: who takes turns, and what is put over them."""

from collections.abc import Callable
from typing import Any

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds, named
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import events as e
from domain.oncall.scheduling import keeping, schedule_behaviour
from domain.oncall.scheduling.kept import KeptSchedule, ScheduleView, headline, show

__all__ = ["SCHEDULE"]


def _samples() -> Samples[c.ScheduleCommand, e.ScheduleEvent]:
    from domain.oncall.scheduling.samples import SCHEDULES  # noqa: PLC0415 - for documents, tests

    return SCHEDULES


_PEOPLE: dict[type[Any], Callable[[Any], tuple[str, ...]] | None] = {
    c.RegisterSchedule: keeping.people_of,
    c.ChangeSchedule: keeping.people_of,
    c.OverrideTurns: lambda command: command.people,
    c.ForwardTurns: lambda command: (command.leaves, command.takes),
    c.AddShadow: lambda command: (command.person,),
    c.RequestSwap: lambda command: tuple(filter(None, (command.leaves, command.takes))),
    c.AcceptSwap: None,
}

SCHEDULE: Aggregate[c.ScheduleCommand, KeptSchedule, e.ScheduleEvent] = Aggregate(
    name="schedule",
    plural="schedules",
    decider=Decider(
        initial=KeptSchedule(), decide=schedule_behaviour.decide, evolve=schedule_behaviour.evolve
    ),
    events=kinds(e.ScheduleEvent),
    begin=(e.ScheduleRegistered,),
    commands=named(
        "commands on schedules",
        c.ScheduleCommand,
        {
            "register": c.RegisterSchedule,
            "change": c.ChangeSchedule,
            "override": c.OverrideTurns,
            "forward": c.ForwardTurns,
            "shadow": c.AddShadow,
            "request_swap": c.RequestSwap,
            "accept_swap": c.AcceptSwap,
            "decline_swap": c.DeclineSwap,
            "withdraw": c.WithdrawStandIn,
            "deactivate": c.DeactivateSchedule,
            "reactivate": c.ReactivateSchedule,
            "release": c.ReleaseSchedule,
        },
    ),
    opens=(c.RegisterSchedule,),
    consults=_PEOPLE,
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(ScheduleView, show, headline),
    remarks={c.RegisterSchedule: keeping.remark, c.ChangeSchedule: keeping.remark},
    samples=_samples,
)
