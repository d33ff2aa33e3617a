"""On-call of other products, taken over into schedules that are kept here."""

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from adapters.cli import tables
from adapters.cli.migrate import From, Where, account_in
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Format, Options, connected, sender
from adapters.main import Core
from adapters.migration.account import Account
from adapters.migration.outcome import planned
from adapters.migration.taken_over import Entry, TakenOver, origin_of, taken_over
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.oncall.people import slug_or_name
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
    format: Format = "table",  # noqa: A002
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
    view: ScheduleView = await parts.service.show(SCHEDULE, taken.slug, NOW, caller.viewer)
    for each in taken.entries:
        said = f"{taken.slug}: {each.command} {each.begins:%Y-%m-%d %H:%M}"
        if each.ends <= parts.clock.now():
            found.not_carried.append(f"{said}: it is over [entry.over]")
            continue
        before = len(view.stand_ins)
        try:
            view = await _put_over(parts, view, each, caller)
        except Refused as refused:
            left = found.not_carried if refused.code == CHANGES_NOTHING else found.refused
            left.append(f"{said}: {refused.code}: {refused.detail}")
        found.entries += len(view.stand_ins) - before
    await _compare(parts, taken, view, found)


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


async def _put_over(parts: Core, view: ScheduleView, entry: Entry, caller: Caller) -> ScheduleView:
    """The schedule with it, also where something was said over it since. Raises `Refused`."""
    roster = await parts.service.executor.rosters.now() or Roster()
    named = partial(slug_or_name, roster.who)

    def standing() -> StandIn | None:
        return next((it for it in view.stand_ins if entry.is_same(it, named)), None)

    if standing() is None:
        done = await _send(parts, entry.command, view.id, entry.body(), caller)
        view = done.answer.schedule
    found = standing()
    # An earlier run may have ended between the question and its answer.
    if found is not None and found.status is SwapStatus.REQUESTED:
        body = {"number": found.number, "confirm": True}
        done = await _send(parts, "accept_swap", view.id, body, caller)
        view = done.answer.schedule
    return view


async def _send(
    parts: Core, command: str, slug: str | None, body: dict[str, Any], caller: Caller
) -> Any:
    raw = msgspec.json.encode(body)
    return await parts.service.send(SCHEDULE, command, slug, raw, caller)


async def _compare(parts: Core, taken: TakenOver, view: ScheduleView, found: TakeOver) -> None:
    """Whether both say the same of the next 90 days, people by whatever name."""
    now = parts.clock.now()
    window = now, now + COMPARED
    roster = await parts.service.executor.rosters.now() or Roster()
    theirs = named(theirs_of(taken.schedule, *window), roster)
    ours = named(shifts_of(rota_of(view), *window), roster)
    if ours == theirs:
        found.same.append(taken.slug)
        return
    first = next(mine for mine, other in zip(ours, theirs, strict=False) if mine != other)
    found.differ.append(f"{taken.slug}: from {first.begins:%Y-%m-%d %H:%M} UTC on")


def named(shifts: list[Shift], roster: Roster) -> list[Shift]:
    return merged(
        Shift(
            each.begins,
            each.ends,
            tuple(sorted(slug_or_name(roster.who, name) for name in each.people)),
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
