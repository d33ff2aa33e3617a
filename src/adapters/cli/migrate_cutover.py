"""Whether a move from another product may be finished: a checklist with a receipt per person."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from adapters.cli import tables
from adapters.cli.migrate import From, Where, account_in, compared_with_theirs
from adapters.cli.migrate_apply import COMPARED, named
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from adapters.main import Core
from adapters.migration.account import Account, Unreadable
from adapters.migration.cutover import Cutover, CutoverCheck, Standing, cutover, standing_of
from adapters.migration.exports import EXPORTS
from adapters.migration.taken_over import TakenOver, taken_over
from adapters.runtime.open_channels import reach_of
from domain.directory import PERSON
from domain.kernel.refusal import Refused
from domain.kernel.roster import NameDoubt, Roster
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import ScheduleView
from domain.oncall.scheduling.rota import renamed, rota_of, shifts_of
from domain.oncall.shifts import shifts as theirs_of
from domain.sight import Viewer
from projections.directory.entries import DIRECTORY
from projections.past import NOW


async def run(
    path: Where,
    *,
    source: From,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Say whether the move of an export may be finished: all of it could be worked out and is the
    same as the product's own final schedules, its schedules are kept here and say the same of the
    90 days to come, and everybody who has turns has read a test page in the last 30 days, with its
    receipt. Nothing is written. The exit status is 1 where it is refused, and says who and what is
    in the way.
    """
    account = account_in(source, path)
    offline = [_worked_out(account), _as_rendered(source, path, account)]
    async with connected(options) as parts:
        await caught_up(parts, DIRECTORY.name)
        viewer, now = await viewing(parts), parts.clock.now()
        roster = await parts.service.executor.rosters.now(fresh=True) or Roster()
        kept = [
            await _kept(parts, each, roster, viewer, now)
            for each in taken_over(account.schedules)
            if each.schedule.enabled
        ]
        same = CutoverCheck(
            check="the schedules are kept here, and say the same of the 90 days to come",
            in_the_way=tuple(why for why, _ in kept if why),
        )
        names = sorted({name for _, people in kept for name in people})
        people = [await _person(parts, each, roster, viewer, now) for each in names]
    found = cutover([*offline, same], people)
    if format == "json":
        tables.as_json(found)
    else:
        _show(found)
    return 1 if found.refused else 0


def _worked_out(account: Account) -> CutoverCheck:
    faults = (f"{it.of}: {it.detail} [{it.code}]" for it in account.marks if it.fault)
    return CutoverCheck(
        check="every schedule of the export could be worked out", in_the_way=tuple(faults)
    )


def _as_rendered(source: str, path: Path, account: Account) -> CutoverCheck:
    check = "our shifts are the final schedules that the export has"
    try:
        found, missing = compared_with_theirs(account, EXPORTS[source].rendered(path))
    except Unreadable as error:
        return CutoverCheck(check=check, in_the_way=(f"{error.code}: {error.detail}",))
    differing = (
        f"{it['name']}: {it['differing_minutes']:g} of {it['minutes']} minutes differ"
        for it in found
        if it["differences"]
    )
    unknown = (f"{id_}: its final schedule is not in the export" for id_ in missing)
    return CutoverCheck(check=check, in_the_way=(*differing, *unknown))


async def _kept(
    parts: Core, taken: TakenOver, roster: Roster, viewer: Viewer, now: datetime
) -> tuple[str | None, Iterable[str]]:
    """What is in the way of a schedule, and who has turns in it."""
    try:
        view: ScheduleView = await parts.service.show(SCHEDULE, taken.slug, NOW, viewer)
        ours = shifts_of(renamed(rota_of(view), roster.who), now, now + COMPARED)
    except Refused as refused:
        return f"{taken.slug}: {refused.detail}", ()
    people = {person for each in ours for person in each.people}
    if not view.active:
        return f"{taken.slug}: it is not active, so that nobody is on call by it", people
    theirs = named(theirs_of(taken.schedule, now, now + COMPARED), roster)
    ours = named(ours, roster)
    if ours != theirs:
        first = next(mine for mine, other in zip(ours, theirs, strict=False) if mine != other)
        return f"{taken.slug}: it differs from {first.begins:%Y-%m-%d %H:%M} UTC on", people
    return None, people


async def _person(
    parts: Core, name: str, roster: Roster, viewer: Viewer, now: datetime
) -> Standing:
    who = roster.who(name)
    if who.doubt is NameDoubt.NOT_ACTIVE:
        return Standing(person=name, why="has left, as the directory has it")
    if who.person is None:
        return Standing(person=name, why="the directory does not know who that is")
    view = await parts.service.show(PERSON, who.person, NOW, viewer)
    enabled = {(it.kind, it.address) for it in view.contact_methods if it.enabled}
    reach = reach_of(parts.config.channels)
    carried = {kind for kind, _ in enabled if reach.carriers_of(kind)}
    return standing_of(who.person, view.contact_checks, enabled, carried, now)


def _show(found: Cutover) -> None:
    for each in found.checks:
        tables.say(f"{'yes' if each.holds else 'NO '}  {each.check}")
        for why in each.in_the_way:
            tables.say(f"       {why}")
    for person in found.people:
        for it in person.receipts:
            through = f" through {it.channel}" if it.channel else ""
            said = f", receipt {it.receipt}" if it.receipt else ""
            at = f"{tables.at(it.confirmed_at)} UTC"
            tables.say(f"  {person.person}: {it.kind}{through}{said}; its code came back {at}")
    if found.refused:
        tables.say("The cutover is refused: see what is in the way.")
    else:
        tables.say("Nothing is in the way: point what sends alerts here, and end the other one.")
