"""What another product has of on-call, read offline: its shifts, what would become of it, and
whether our shifts are its own.

But for `apply` it asks no service and reads no configuration, so nothing of either is imported.
"""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import msgspec
from cyclopts import App, Parameter

from adapters.cli.offline import Shape, fail, failed, print_json
from adapters.migration.account import YEARS, Account, Unreadable
from adapters.migration.comparison import ShiftDifference, differences
from adapters.migration.exports import EXPORTS
from adapters.migration.outcome import planned
from adapters.migration.rendered import Rendered
from adapters.migration.roster_review import review_of, span, utc_text
from domain.oncall.schedule import Schedule
from domain.oncall.shifts import Shift
from domain.oncall.shifts import shifts as shifts_of

ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
WINDOW_MOST = timedelta(days=1830)
Source = Literal["pagerduty", "opsgenie", "grafana-oncall", "brief"]
From = Annotated[Source, Parameter(name="--from", help="Which product's export it is.")]
Where = Annotated[Path, Parameter(help="The folder of the export, or a file for brief.")]
Since = Annotated[str, Parameter(help="From when on, as ISO 8601.")]
Until = Annotated[str, Parameter(help="Until when.")]


def shifts(
    path: Where,
    *,
    source: From,
    since: Since,
    until: Until,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say who is on call from when until when, schedule by schedule; gaps are shifts of nobody.
    What could not be worked out is named on standard error, and the exit status is 1.
    """
    window = _window(since, until)
    account = account_in(source, path)
    found = {each.id: shifts_of(each, *window) for each in account.schedules}
    if format == "json":
        print_json({id: [_shift(each) for each in held] for id, held in found.items()})  # noqa: A001
    else:
        for each in account.schedules:
            print(f"{each.name} ({each.id}), {each.zone}")
            for shift in found[each.id]:
                print(
                    f"  {utc_text(shift.begins)}  {utc_text(shift.ends)}  {_people(shift.people)}"
                )
    _tell_faults(account)


def plan(
    path: Where,
    *,
    source: From,
    code: Annotated[
        Path | None,
        Parameter(
            help="Write people and schedules into this new folder, as code that `config` reads."
        ),
    ] = None,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say what would become of each object, and list what would not be taken over. Nothing is
    written but the folder of `--code`. The exit status is 1 where a schedule could not be worked
    out.
    """
    account = account_in(source, path)
    if code is not None:
        _write_code(source, account, code)
    made = planned(source, account)
    if format == "json":
        print_json(made)
    else:
        for each in made["objects"]:
            print(
                f"{each['kind']} {each['id']} ({each['name']}):"
                f" {each['becomes'] or 'not taken over'}"
            )
            print(f"  {each['detail']}")
        for each in made["not_carried"]:
            print(
                f"{'cannot be read' if each['fault'] else 'mark'}: {each['of']}: {each['detail']}"
                f" [{each['code']}]"
            )
    _tell_faults(account)


def _write_code(source: str, account: Account, folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail(f"{folder} is not an empty folder")
    # What configurations are made of takes long to import.
    from adapters.migration.as_code import as_code  # noqa: PLC0415

    written = as_code(source, account)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    said = f"{written.people} people and {written.schedules} schedules in {folder}"
    print(said, *(f"  not in it: {each}" for each in written.left), sep="\n", file=sys.stderr)


def review(
    path: Where,
    *,
    source: From,
    since: Since,
    until: Until,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say what each schedule is like: gaps, hours of each person, a score of 0 to 100 with what
    lowers it, and who has two schedules at once.
    """
    window = _window(since, until)
    account = account_in(source, path)
    found = review_of(account.schedules, *window)
    if format == "json":
        print_json(found)
    else:
        for id, each in found["schedules"].items():  # noqa: A001
            print(f"{each['name']} ({id}): {each['score']} of 100")
            for one in each["warnings"]:
                print(f"  -{one['points']}: {one['detail']} [{one['code']}]")
        for one in found["double_duty"]:
            print(f"{one['person']} has {_people(one['schedules'])}: {one['from']} to {one['to']}")
    _tell_faults(account)


def verify(
    path: Where,
    *,
    source: From,
    since: Annotated[str | None, Parameter(help="Compare from then on only.")] = None,
    until: Annotated[str | None, Parameter(help="Compare until then only.")] = None,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Compare our shifts with the final schedules that the product itself exported, and print where
    they differ, as spans. The exit status is 1 where they do, or where there is nothing to compare.
    """
    account = account_in(source, path)
    try:
        theirs = EXPORTS[source].rendered(path)
    except Unreadable as error:
        _fail(error.code, error.detail)
    begins = _instant(since, "since") if since else ALWAYS[0]
    ends = _instant(until, "until") if until else ALWAYS[1]
    found, missing = compared_with_theirs(account, theirs, begins, ends)
    if format == "json":
        print_json(
            {
                "windows": found,
                "differences": sum(len(each["differences"]) for each in found),
                "not_compared": missing,
                "marks": [msgspec.to_builtins(each) for each in account.marks],
            }
        )
    else:
        _show_comparison(found, missing)
    _tell_faults(account)
    if missing or any(each["differences"] for each in found):
        failed()


def compared_with_theirs(
    account: Account,
    theirs: Iterable[Rendered],
    begins: datetime = ALWAYS[0],
    ends: datetime = ALWAYS[1],
) -> tuple[list[dict[str, Any]], list[str]]:
    """Each final schedule of theirs beside ours, and the ids of ours that have none."""
    ours = {each.id: each for each in account.schedules}
    windows = [
        (ours[each.schedule], each, max(begins, each.since), min(ends, each.until))
        for each in theirs
        if each.schedule in ours and max(begins, each.since) < min(ends, each.until)
    ]
    found = [_compared(*each) for each in windows]
    return found, sorted(set(ours) - {each["id"] for each in found})


def _compared(
    schedule: Schedule, theirs: Rendered, since: datetime, until: datetime
) -> dict[str, Any]:
    found = list(differences(shifts_of(schedule, since, until), theirs.shifts(since, until)))
    return {
        "id": schedule.id,
        "name": schedule.name,
        "since": utc_text(since),
        "until": utc_text(until),
        "minutes": (until - since) // timedelta(minutes=1),
        "differing_minutes": sum(each.minutes for each in found),
        "differences": [_difference(each) for each in found],
    }


def _show_comparison(found: list[dict[str, Any]], missing: list[str]) -> None:
    for each in found:
        print(
            f"{each['name']} ({each['id']}), {each['since']} to {each['until']}:"
            f" {each['differing_minutes']:g} of {each['minutes']} minutes differ"
        )
        for one in each["differences"]:
            print(
                f"  {one['from']}  {one['to']}  ours: {_people(one['ours'])};"
                f" theirs: {_people(one['theirs'])}"
            )
    for id in missing:  # noqa: A001
        print(f"{id}: not compared, for its final schedule is not in the export")


def _shift(each: Shift) -> dict[str, Any]:
    return {**span(each), "people": list(each.people)}


def _difference(each: ShiftDifference) -> dict[str, Any]:
    return {**span(each), "ours": list(each.ours), "theirs": list(each.theirs)}


def _people(names: Any) -> str:
    return ", ".join(names) or "nobody"


def _window(since: str, until: str) -> tuple[datetime, datetime]:
    begins, ends = _instant(since, "since"), _instant(until, "until")
    if begins >= ends or not (YEARS[0] <= begins.year and ends.year <= YEARS[1]):
        _fail("window.invalid", f"since comes before until, both from {YEARS[0]} to {YEARS[1]}")
    if ends - begins > WINDOW_MOST:
        _fail("window.too_long", f"a window has {WINDOW_MOST.days} days at most")
    return begins, ends


def _instant(value: str, name: str) -> datetime:
    """Without an offset it is in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        _fail("time.invalid", f"{name}: {value!r} is not a time of ISO 8601")
    return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)


def account_in(source: str, path: Path) -> Account:
    """What an export holds; who cannot read it is told, and the command ends."""
    try:
        return EXPORTS[source].read(path)
    except Unreadable as error:
        _fail(error.code, error.detail)


def _tell_faults(account: Account) -> None:
    faults = [each for each in account.marks if each.fault]
    for each in faults:
        print(f"{each.code}: {each.of}: {each.detail}", file=sys.stderr)
    if faults:
        failed()


def _fail(code: str, detail: str) -> NoReturn:
    fail(f"{code}: {detail}")


GROUP = App(
    name="migrate",
    help="On-call of other products, read offline: their shifts, and whether ours are the same.",
)
GROUP.command(shifts)
GROUP.command(plan)
GROUP.command(review)
GROUP.command(verify)
GROUP.command("adapters.cli.migrate_shadow:shadow", name="shadow")
GROUP.command("adapters.cli.migrate_apply:apply", name="apply")
GROUP.command("adapters.cli.migrate_cutover:run", name="cutover")
GROUP.command("adapters.cli.migrate_history:history", name="history")
