"""On-call of other products, taken over into schedules that are kept here."""

from datetime import timedelta
from typing import Any

import msgspec

from adapters.cli import tables
from adapters.cli.commands import Actor
from adapters.cli.migrate import From, Shape, Where, account_in
from adapters.cli.session import DEFAULTS, Options, connected, sender
from adapters.main import Core
from adapters.migration.account import Account
from adapters.migration.outcome import planned
from adapters.migration.taken_over import Entry, TakenOver, origin_of, taken_over
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import ScheduleView, StandIn, SwapStatus
from domain.oncall.scheduling.rota import rota_of, shifts_of
from domain.oncall.shifts import Shift, merged
from domain.oncall.shifts import shifts as theirs_of
from handlers.kernel.provenance import Caller
from projections.past import NOW

COMPARED = timedelta(days=90)
DISABLED = "it was disabled where it came from"
CHANGES_NOTHING = "schedule.no_turns"
"""A swap of turns that nobody has by then: there, too, it changes nothing."""


class TakeOver(msgspec.Struct):
    """What became of the schedules of an export. `same`: those whose shifts of the next 90 days are
    what the export says; `differ`: the others, with the first difference.
    """

    entered: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    entries: int = 0
    refused: list[str] = []
    not_carried: list[str] = []
    same: list[str] = []
    differ: list[str] = []


async def apply(
    path: Where,
    *,
    source: From,
    actor: Actor = "unknown",
    format: Shape = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Take the schedules of an export over, with what is put over their turns, and compare the
    shifts of the next 90 days. Nothing is deleted; done again, nothing is written. The exit status
    is 1 where something was refused, or a schedule could not be worked out or differs.
    """
    account = account_in(source, path)
    found = TakeOver(not_carried=_not_carried(source, account))
    async with connected(options, begin=True) as parts:
        for each in taken_over(account.schedules):
            await _apply(parts, each, await sender(parts, actor), found)
    if format == "json":
        tables.as_json(found)
    else:
        _show(found)
    faults = any(each.fault for each in account.marks)
    return 1 if found.refused or found.differ or faults else 0


async def _apply(parts: Core, taken: TakenOver, caller: Caller, found: TakeOver) -> None:
    try:
        outcome = await _enter(parts, taken, caller)
        if not taken.schedule.enabled:
            await _send(parts, "deactivate", taken.slug, {"reason": DISABLED}, caller)
    except Refused as refused:
        found.refused.append(f"{taken.slug}: {refused.code}: {refused.detail}")
        return
    getattr(found, outcome).append(taken.slug)
    for each in taken.entries:
        said = f"{taken.slug}: {each.command} {each.begins:%Y-%m-%d %H:%M}"
        if each.ends <= parts.clock.now():
            found.not_carried.append(f"{said}: it is over [entry.over]")
            continue
        try:
            found.entries += await _put_over(parts, taken.slug, each, caller)
        except Refused as refused:
            left = found.not_carried if refused.code == CHANGES_NOTHING else found.refused
            left.append(f"{said}: {refused.code}: {refused.detail}")
    await _compare(parts, taken, caller, found)


async def _enter(parts: Core, taken: TakenOver, caller: Caller) -> str:
    """Register it, or change the one that is there; what that came to. Raises `Refused`."""
    came_to = "entered"
    try:
        done = await _send(parts, "register", None, {"slug": taken.slug, **taken.profile}, caller)
    except Refused as refused:
        if refused.code != "schedule.already_registered":
            raise
        came_to = "changed"
        await _check_origin(parts, taken, caller)
        done = await _send(parts, "change", taken.slug, taken.profile, caller)
    return came_to if done.answer.outcome == "decided" else "unchanged"


async def _check_origin(parts: Core, taken: TakenOver, caller: Caller) -> None:
    """Raises `Refused` where a schedule of that name is not the one that was taken over."""
    view: ScheduleView = await parts.service.show(SCHEDULE, taken.slug, NOW, caller.viewer)
    if origin_of(taken.schedule) not in (view.description or ""):
        raise Refused(
            "schedule.already_registered",
            f"another schedule has that name here: its description does not say"
            f" `{origin_of(taken.schedule)}`, so it stays as it is",
            field="slug",
            rule="Only what was taken over before is changed.",
        )


async def _put_over(parts: Core, slug: str, entry: Entry, caller: Caller) -> int:
    """1 where it is new, 0 where it was said before: also where something was said over it since.
    Raises `Refused`.
    """
    roster = await parts.service.executor.rosters.now() or Roster()

    def standing(view: ScheduleView) -> StandIn | None:
        same = (it for it in view.stand_ins if entry.is_same(it, lambda name: _slug(roster, name)))
        return next(same, None)

    found = standing(await parts.service.show(SCHEDULE, slug, NOW, caller.viewer))
    is_new = found is None
    if is_new:
        done = await _send(parts, entry.command, slug, entry.body(), caller)
        found = standing(done.answer.schedule)
    # An earlier run may have ended between the question and its answer.
    if found is not None and found.status is SwapStatus.REQUESTED:
        await _send(parts, "accept_swap", slug, {"number": found.number, "confirm": True}, caller)
    return int(is_new)


def _slug(roster: Roster, name: str) -> str:
    return roster.who(name).person or name


async def _send(
    parts: Core, command: str, slug: str | None, body: dict[str, Any], caller: Caller
) -> Any:
    raw = msgspec.json.encode(body)
    return await parts.service.send(SCHEDULE, command, slug, raw, caller)


async def _compare(parts: Core, taken: TakenOver, caller: Caller, found: TakeOver) -> None:
    """Whether both say the same of the next 90 days, people by whatever name."""
    view: ScheduleView = await parts.service.show(SCHEDULE, taken.slug, NOW, caller.viewer)
    now = parts.clock.now()
    window = now, now + COMPARED
    roster = await parts.service.executor.rosters.now() or Roster()
    theirs = _named(theirs_of(taken.schedule, *window), roster)
    ours = _named(shifts_of(rota_of(view), *window), roster)
    if ours == theirs:
        found.same.append(taken.slug)
        return
    first = next(mine for mine, other in zip(ours, theirs, strict=False) if mine != other)
    found.differ.append(f"{taken.slug}: from {first.begins:%Y-%m-%d %H:%M} UTC on")


def _named(shifts: list[Shift], roster: Roster) -> list[Shift]:
    return merged(
        Shift(
            each.begins,
            each.ends,
            tuple(sorted(_slug(roster, name) for name in each.people)),
        )
        for each in shifts
    )


def _not_carried(source: str, account: Account) -> list[str]:
    left = planned(source, account)["not_carried"]
    return [f"{each['of']}: {each['detail']} [{each['code']}]" for each in left]


def _show(found: TakeOver) -> None:
    tables.say(
        f"{len(found.entered)} entered, {len(found.changed)} changed,"
        f" {len(found.unchanged)} as they were; {found.entries} entries over their turns"
    )
    many = len(found.same) + len(found.differ)
    tables.say(f"{len(found.same)} of {many} say what the export says of the next 90 days")
    tables.listed(
        ("differ", found.differ), ("refused", found.refused), ("not carried", found.not_carried)
    )
