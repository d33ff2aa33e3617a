"""Whom we would page, beside whom another product paged: recorded webhooks, and nothing is sent."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from adapters.cli.migrate import From, Where, account_in
from adapters.cli.offline import Shape, fail, failed, print_json
from adapters.migration.account import Account, Unreadable
from adapters.migration.pagerduty_policies import policies_of
from adapters.migration.pagerduty_webhooks import Recording, recording_in
from adapters.migration.roster_review import utc_text
from adapters.migration.shadow import ComparedPage, ShadowDay, ShadowReport, compared

READ, NOT_READ = "pagerduty", "shadow.not_read"


def shadow(
    path: Where,
    webhooks: Annotated[Path, Parameter(help="The folder of recorded bodies, a JSON file each.")],
    *,
    source: From,
    listen: Annotated[
        str | None,
        Parameter(help="First record webhooks that come in at HOST:PORT, until Ctrl-C."),
    ] = None,
    secret_file: Annotated[
        Path | None, Parameter(help="For --listen: secrets that sign them, one a line.")
    ] = None,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Decide for each recorded page whom we would page by the schedules and policies of the export,
    compare with whom the product paged, and report the agreement of each day. Nothing is sent, and
    nothing is written but what `--listen` records. The exit status is 1 where a page differs, a
    file could not be read, or nothing could be compared.
    """
    if source != READ:
        fail(f"{NOT_READ}: webhooks of {source} are not read here; those of {READ} are")
    if listen is not None:
        _record(webhooks, listen, secret_file)
    account = account_in(source, path)
    try:
        recording = recording_in(webhooks)
        report = compared(recording.pages, policies_of(path), account.schedules)
    except Unreadable as error:
        fail(f"{error.code}: {error.detail}")
    if format == "json":
        print_json(_as_data(recording, report))
    else:
        _show(account, recording, report)
    for each in recording.unread:
        print(f"{each.code}: {each.detail}", file=sys.stderr)
    same = report.count("agrees")
    if recording.unread or report.count("differs") or not same:
        failed()


def _record(root: Path, listen: str, secret_file: Path | None) -> None:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or not int(port) < 1 << 16:
        fail(f"--listen takes HOST:PORT, such as 127.0.0.1:8099, and not {listen}")
    if secret_file is None:
        fail("--listen needs --secret-file: what nobody has signed is not recorded")
    try:
        secrets = [each.strip() for each in secret_file.read_text().splitlines() if each.strip()]
        root.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        fail(f"{secret_file}: {error}")
    if not secrets:
        fail(f"{secret_file} holds no secret")
    # A server takes long to import, and a report of what is recorded needs none.
    from adapters.migration.webhook_recorder import listen as listen_at  # noqa: PLC0415
    from adapters.migration.webhook_recorder import recorder  # noqa: PLC0415

    def tell(name: str) -> None:
        print(f"recorded {name}", file=sys.stderr)

    print(f"recording what comes in at http://{listen}/ until Ctrl-C", file=sys.stderr)
    listen_at(recorder(root, secrets, tell), host.strip("[]"), int(port))


def _as_data(recording: Recording, report: ShadowReport) -> dict[str, Any]:
    return {
        "bodies": recording.bodies,
        "repeated": recording.repeated,
        "unread": [{"code": each.code, "detail": each.detail} for each in recording.unread],
        "agree": report.count("agrees"),
        "differ": report.count("differs"),
        "not_compared": report.count("not_compared"),
        "quiet_days": report.quiet_days,
        "days": [msgspec.to_builtins(each) for each in report.days],
        "pages": [{**msgspec.to_builtins(each), "at": utc_text(each.at)} for each in report.pages],
    }


def _show(account: Account, recording: Recording, report: ShadowReport) -> None:
    names = {each.id: each.name for each in account.objects.get("users", ())}
    again = f", {recording.repeated} of them again" if recording.repeated else ""
    print(f"{recording.bodies} bodies{again}; {len(report.pages)} pages. Nobody was paged here.")
    for day in report.days:
        print(_day(day))
        for each in report.pages:
            if each.at.date() == day.day and each.outcome != "agrees":
                print(f"  {_page(each, names)}")
    if report.quiet_days:
        print(f"{report.quiet_days} days between these without a page")


def _day(day: ShadowDay) -> str:
    left = f"; {day.not_compared} not compared" if day.not_compared else ""
    if day.agreement is None:
        return f"{day.day}: agreement unknown{left}"
    return f"{day.day}: {day.agree} of {day.agree + day.differ} agree{left}"


def _page(each: ComparedPage, names: dict[str, str]) -> str:
    def named(people: tuple[str, ...]) -> str:
        return ", ".join(f"{names.get(one, one)} ({one})" for one in people) or "nobody"

    what = f"{utc_text(each.at)} {each.incident} {each.event}"
    if each.why is not None:
        return f"{what}: not compared, for {each.why}"
    one = "one of " if each.one_of else ""
    return f"{what}, level {each.level}: ours {one}{named(each.ours)}; theirs {named(each.theirs)}"
