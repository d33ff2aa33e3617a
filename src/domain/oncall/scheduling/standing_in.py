"""What is put over the turns: overrides, who is away, who learns beside; and how it ends.

An entry that is withdrawn ends then. Who was on call before stays on record.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.oncall.layer import DAY
from domain.oncall.people import slug_or_name
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import events as e
from domain.oncall.scheduling.courses import rotations_in
from domain.oncall.scheduling.keeping import as_known
from domain.oncall.scheduling.kept import KeptSchedule, StandIn, StandInKind, SwapStatus
from domain.oncall.scheduling.layer_limits import check_reachable

LASTS_MOST = 366 * DAY
ENTRIES_MOST = 1_000
"""So many entries stand over one time."""

N = TypeVar("N", str, str | None)
Adding = c.OverrideTurns | c.ForwardTurns | c.AddShadow
Added = e.OverrideAdded | e.TurnsForwarded | e.ShadowAdded


def add(command: Adding, kept: KeptSchedule, context: Context) -> list[e.ScheduleEvent]:
    """It is put over the turns; who says the same again has said it already."""
    check_span(command)
    assert kept.profile
    check_entries(command, kept)
    event: Added
    begun = beginning(command, kept, context)
    match command:
        case c.OverrideTurns(people=people, rotations=rotations):
            check_rotations(command, rotations, kept)
            named = as_known(people, context)
            event = e.OverrideAdded(people=named, rotations=rotations, **begun)
        case c.ForwardTurns(leaves=leaves, takes=takes):
            leaves, takes = pair_of(leaves, takes, context)
            _check_circle(kept, leaves, takes, (command.begins, command.ends))
            event = e.TurnsForwarded(leaves=leaves, takes=takes, **begun)
        case c.AddShadow(person=person):
            event = e.ShadowAdded(person=known_as(person, context), **begun)
    return [] if is_said(stand_in_of(event, UNKNOWN), kept) else [event]


def beginning(command: c.StandInCommand, kept: KeptSchedule, context: Context) -> dict[str, Any]:
    """What all events say alike by which something is put over the turns."""
    return {
        "occurred_at": context.now,
        "number": kept.next_number,
        "begins": command.begins,
        "ends": command.ends,
        "reason": command.reason,
    }


def added(kept: KeptSchedule, event: Added, actor: str = UNKNOWN) -> KeptSchedule:
    """What is known of the schedule after that."""
    return replace(kept, stand_ins=(*kept.stand_ins, stand_in_of(event, actor)))


def stand_in_of(event: Added, actor: str) -> StandIn:
    """What is put over the turns by an event that `actor` caused."""
    match event:
        case e.OverrideAdded():
            kind, people = StandInKind.OVERRIDE, event.people
            return _stand_in(kind, event, actor, people=people, rotations=event.rotations)
        case e.TurnsForwarded():
            kind = StandInKind.FORWARDING
            return _stand_in(kind, event, actor, leaves=event.leaves, takes=event.takes)
        case e.ShadowAdded():
            return _stand_in(StandInKind.SHADOW, event, actor, people=(event.person,))


def _stand_in(
    kind: StandInKind, event: Added | e.SwapRequested, by: str, **more: object
) -> StandIn:
    return StandIn(
        number=event.number,
        kind=kind,
        begins=event.begins,
        ends=event.ends,
        by=by,
        said_at=event.occurred_at,
        reason=event.reason,
        **more,  # type: ignore[arg-type]
    )


def requested_swap(event: e.SwapRequested, actor: str) -> StandIn:
    """A swap that somebody asks for."""
    return _stand_in(
        StandInKind.SWAP,
        event,
        actor,
        leaves=event.leaves,
        takes=event.takes,
        rotations=event.rotations,
        status=SwapStatus.REQUESTED,
    )


def withdraw(
    command: c.WithdrawStandIn, kept: KeptSchedule, context: Context
) -> list[e.ScheduleEvent]:
    """It holds from now on no more."""
    entry = numbered(command.number, kept)
    if entry.withdrawn:
        return []
    if entry.ends <= context.now:
        raise Refused(
            "schedule.entry_over",
            f"entry {entry.number} has ended already: what was on record of it stays",
            field="number",
            rule="What is over is not withdrawn.",
        )
    return [e.StandInWithdrawn(occurred_at=context.now, number=entry.number, reason=command.reason)]


def withdrawn(kept: KeptSchedule, event: e.StandInWithdrawn, _: str = UNKNOWN) -> KeptSchedule:
    """What is known of the schedule after that."""
    entry = numbered(event.number, kept)
    ends = max(entry.begins, min(entry.ends, event.occurred_at))
    answer = event.reason or entry.answer
    return with_entry(kept, replace(entry, ends=ends, withdrawn=True, answer=answer))


def with_entry(kept: KeptSchedule, entry: StandIn) -> KeptSchedule:
    """The schedule with an entry as it is now."""
    changed = tuple(entry if each.number == entry.number else each for each in kept.stand_ins)
    return replace(kept, stand_ins=changed)


def numbered(number: int, kept: KeptSchedule) -> StandIn:
    """The entry of that number. Raises `Refused`."""
    assert kept.profile
    for each in kept.stand_ins:
        if each.number == number:
            return each
    raise Refused(
        "schedule.entry_unknown",
        f"{kept.entry.slug} has no entry {number}",
        field="number",
        rule="The number of an entry, as the schedule shows it.",
        invalid=True,
    )


def is_said(entry: StandIn, kept: KeptSchedule) -> bool:
    """Whether an entry is on record that says just so, and nothing that was said later stands over
    a part of its time.
    """
    same = {
        "number": 0,
        "by": "",
        "said_at": entry.said_at,
        "reason": None,
        "answer": None,
        "holds_from": None,
        "answered_at": None,
    }
    wanted = replace(entry, **same)
    found = [it for it in kept.stand_ins if not it.withdrawn and replace(it, **same) == wanted]
    if not found or entry.kind is StandInKind.SHADOW:
        return bool(found)
    last = max(each.order for each in found)
    begins, ends = entry.begins, entry.ends
    return not any(it.holds and it.order > last for it in overlapping(kept, begins, ends))


def overlapping(kept: KeptSchedule, begins: datetime, ends: datetime) -> list[StandIn]:
    """What is put over a part of that time."""
    return [
        it for it in kept.stand_ins if it.begins < it.ends and it.begins < ends and begins < it.ends
    ]


def pair_of(leaves: N, takes: N, context: Context) -> tuple[N, N]:
    """Who leaves turns and who takes them, as the directory has them. Raises `Refused`."""
    left, taken = known_as(leaves, context), known_as(takes, context)
    if left == taken:
        name = left or "nobody"
        raise Refused(
            "schedule.same_person",
            f"{name} would stand in for {name}",
            field="takes",
            rule="Somebody else takes the turns.",
            invalid=True,
        )
    return left, taken


def known_as(name: N, context: Context) -> N:
    """A person by the slug that the directory has, or else by the name; nobody is nobody."""
    return name if name is None else slug_or_name(context.who_is, name)


def check_span(command: c.StandInCommand) -> None:
    """Raises `Refused` unless it ends after it begins, and within a year."""
    check_reachable(command.begins, "begins")
    check_reachable(command.ends, "ends")
    if command.begins >= command.ends:
        problem = "ends before it begins, or at once"
    elif command.ends - command.begins > LASTS_MOST:
        problem = f"lasts longer than {LASTS_MOST.days} days"
    else:
        return
    raise Refused(
        "schedule.span_invalid",
        f"from {command.begins:%Y-%m-%d %H:%M} to {command.ends:%Y-%m-%d %H:%M} UTC: it {problem}",
        field="ends",
        rule=f"It ends after it begins, and within {LASTS_MOST.days} days.",
        invalid=True,
    )


def check_entries(command: c.StandInCommand, kept: KeptSchedule) -> None:
    """Raises `Refused` where more is put over one time than anybody can follow."""
    many = len(overlapping(kept, command.begins, command.ends))
    if many >= ENTRIES_MOST:
        raise Refused(
            "schedule.too_many_entries",
            f"{many:,} entries are put over that time already",
            field="begins",
            rule=f"At most {ENTRIES_MOST:,} entries over one time: `withdraw` those that are in"
            " vain, or `change` the turns.",
        )


def check_rotations(span: c.StandInCommand, named: Iterable[str], kept: KeptSchedule) -> None:
    """Raises `Refused` where a rotation is none of those that the schedule has in that time."""
    there = rotations_in(kept.courses, span.begins, span.ends)
    if strange := [each for each in named if each not in there]:
        raise Refused(
            "schedule.rotation_unknown",
            f"{kept.entry.slug} has no rotation {strange[0]}: it has {', '.join(there) or 'none'}",
            field="rotations",
            rule="A rotation of the schedule, by the id of its layer or what that is part of.",
            invalid=True,
        )


def _check_circle(
    kept: KeptSchedule, leaves: str, takes: str, span: tuple[datetime, datetime]
) -> None:
    """Raises `Refused` where whoever is to stand in is away then, and passes it back."""
    begins, ends = span
    standing = [it for it in overlapping(kept, begins, ends) if it.kind is StandInKind.FORWARDING]
    for at in sorted({begins, *(it.begins for it in standing if it.begins > begins)}):
        passed = {it.leaves: it.takes for it in standing if it.begins <= at < it.ends}
        path = [leaves, takes]
        while (after := passed.get(path[-1])) is not None and after not in path:
            path.append(after)
        if after == leaves:
            raise Refused(
                "schedule.forwarding_circle",
                f"{' to '.join((*path, leaves))}: each would pass it on, and nobody would have it",
                field="takes",
                rule="Whoever stands in is there, or passes it on to somebody who is.",
            )
