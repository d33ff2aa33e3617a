"""Swaps: turns change hands once whoever is to take them has said so."""

from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import events as e
from domain.oncall.scheduling.kept import KeptSchedule, StandIn, StandInKind, SwapStatus
from domain.oncall.scheduling.rota import renamed, rota_kept, shifts_of
from domain.oncall.scheduling.standing_in import (
    beginning,
    check_entries,
    check_rotations,
    check_span,
    is_said,
    known_as,
    numbered,
    pair_of,
    requested_swap,
    with_entry,
)

Swapping = c.RequestSwap | c.AcceptSwap | c.DeclineSwap
Swapped = e.SwapRequested | e.SwapAccepted | e.SwapDeclined


def swap(command: Swapping, kept: KeptSchedule, context: Context) -> list[e.ScheduleEvent]:
    """One row for each command."""
    match command:
        case c.RequestSwap():
            return _request(command, kept, context)
        case c.AcceptSwap(number=number, confirm=confirmed):
            return _accept(_open_swap(number, kept, context), context, confirmed=confirmed)
        case c.DeclineSwap(number=number, reason=reason):
            entry = _open_swap(number, kept, context)
            if entry.status is SwapStatus.DECLINED:
                return []
            if entry.status is SwapStatus.ACCEPTED:
                raise Refused(
                    "schedule.swap_accepted",
                    "these turns have changed hands: `withdraw` gives them back",
                    field="number",
                    rule="What was accepted is withdrawn.",
                )
            return [e.SwapDeclined(occurred_at=context.now, number=number, reason=reason)]


def swapped(kept: KeptSchedule, event: Swapped, actor: str = UNKNOWN) -> KeptSchedule:
    """One row for each event."""
    match event:
        case e.SwapRequested():
            return replace(kept, stand_ins=(*kept.stand_ins, requested_swap(event, actor)))
        case e.SwapAccepted(number=number):
            entry = numbered(number, kept)  # who was on call before stays on record
            late = event.occurred_at if event.occurred_at > entry.begins else None
            at, status = event.occurred_at, SwapStatus.ACCEPTED
            accepted = replace(entry, holds_from=late, status=status, answered_at=at)
            return with_entry(kept, accepted)
        case e.SwapDeclined(number=number, reason=reason):
            at, status = event.occurred_at, SwapStatus.DECLINED
            entry = numbered(number, kept)
            return with_entry(kept, replace(entry, status=status, answer=reason, answered_at=at))


def _request(command: c.RequestSwap, kept: KeptSchedule, context: Context) -> list[e.ScheduleEvent]:
    assert kept.profile
    check_span(command)
    check_entries(command, kept)
    check_rotations(command, command.rotations, kept)
    leaves, takes = pair_of(command.leaves, command.takes, context)
    event = e.SwapRequested(
        leaves=leaves,
        takes=takes,
        rotations=command.rotations,
        **beginning(command, kept, context),
    )
    asked = requested_swap(event, UNKNOWN)
    accepted = replace(asked, status=SwapStatus.ACCEPTED)
    if is_said(asked, kept) or is_said(accepted, kept):
        return []
    _check_turns(kept, command, leaves, context)
    return [event]


def _check_turns(
    kept: KeptSchedule, command: c.RequestSwap, leaves: str | None, context: Context
) -> None:
    """Raises `Refused` where there is nothing to take over."""
    if leaves is None:
        return
    # A name may have been given before the directory knew whom it means.
    rota = renamed(rota_kept(kept), context.who_is)
    if not any(leaves in each.people for each in shifts_of(rota, command.begins, command.ends)):
        raise Refused(
            "schedule.no_turns",
            f"{leaves} is not on call by {kept.entry.slug} then: there is nothing to take over",
            field="leaves",
            rule="Whoever swaps has turns in that time.",
        )


def _accept(entry: StandIn, context: Context, *, confirmed: bool) -> list[e.ScheduleEvent]:
    if entry.status is SwapStatus.ACCEPTED:
        return []
    if entry.status is SwapStatus.DECLINED:
        raise Refused(
            "schedule.swap_declined",
            "it was declined: ask again",
            field="number",
            rule="What was declined is asked again.",
        )
    says, takes = (known_as(each, context) for each in (context.actor, entry.takes))
    if says != takes and not confirmed:
        raise Refused(
            "schedule.not_yours",
            f"{entry.takes or 'nobody'} is to take these turns, and {says} says so: with `confirm`"
            f" you say it for {entry.takes or 'all'}",
            field="confirm",
            rule="Whoever takes turns over says so.",
        )
    return [e.SwapAccepted(occurred_at=context.now, number=entry.number)]


def _open_swap(number: int, kept: KeptSchedule, context: Context) -> StandIn:
    """A swap that can be answered. Raises `Refused`."""
    entry = numbered(number, kept)
    if entry.kind is not StandInKind.SWAP:
        raise Refused(
            "schedule.no_swap",
            f"entry {number} is {entry.kind.value}, and no swap",
            field="number",
            rule="The number of a swap.",
            invalid=True,
        )
    if entry.withdrawn or entry.ends <= context.now:
        raise Refused(
            "schedule.entry_over",
            f"swap {number} {'was withdrawn' if entry.withdrawn else 'is over'}",
            field="number",
            rule="A swap is answered before its time is over.",
        )
    return entry
