"""Lists: what each asks, and its columns."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from adapters.cli.over_http import output
from adapters.cli.over_http.arguments import add_lookback, parser_of, words_of
from adapters.cli.over_http.exchange import Query, Service
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.output import PrintedColumn, at
from domain.kernel.text import countdown, duration

PAGE = 1_000
USUAL = 100

Run = Callable[[Service], int]
Catalogue = Mapping[str, Any]


class PrintedList(NamedTuple):
    """A list that is asked for at `path`; `member` of an answer holds its rows, where it is no list
    itself. `add` adds its parameters to a parser, `query` makes of them what is asked. `waits`:
    whether it can be asked for as of a position.
    """

    help: str
    path: str
    columns: Callable[[Catalogue], Sequence[PrintedColumn]]
    none: str
    member: str | None = None
    add: Callable[[argparse.ArgumentParser], None] = lambda _: None
    query: Callable[[argparse.Namespace], Query] = lambda _: ()
    waits: bool = True
    paged: bool = True


def listing(
    catalogue: Catalogue, of: PrintedList, words: Sequence[str], called: str
) -> tuple[argparse.Namespace, Run]:
    """A list as its words ask for it. Raises `CommandFailed`."""
    parser = parser_of(called, of.help)
    of.add(parser)
    if of.paged:
        parser.add_argument(
            "--limit", type=int, default=USUAL, metavar="N", help=f"How many at most [{USUAL}]."
        )
    parser.add_argument(
        "--watch", action="store_true", help="Show it again as it changes, until Ctrl-C."
    )
    given = parser.parse_args(list(words))
    asked = [*of.query(given)]

    def run(service: Service) -> int:
        def show() -> list[Any]:
            return found_rows(service, of, asked, getattr(given, "limit", None))

        if not given.watch:
            _print(show(), of, catalogue, given)
            return 0
        from adapters.cli.over_http.watching import watch  # noqa: PLC0415 - few do

        return watch(show, lambda found: _print(found, of, catalogue, given))

    return given, run


def found_rows(service: Service, of: PrintedList, asked: Query, limit: int | None) -> list[Any]:
    """All rows up to the limit, as of now."""
    query = [*asked]
    if of.paged:
        query.append(("limit", str(min(limit or PAGE, PAGE))))
    if of.waits and (head := service.head()):
        query.append(("min_position", str(head)))
    return service.rows(of.path, query, of.member, limit if of.paged else None)


def _print(
    found: Sequence[Any], of: PrintedList, catalogue: Catalogue, given: argparse.Namespace
) -> None:
    as_of = getattr(given, "as_of", None)
    now = datetime.fromisoformat(as_of) if as_of else present()
    output.rows(found, of.columns(catalogue), now, given.shape)
    if not found and given.shape in {"table", "wide"}:
        output.remark(of.none)


def present() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - ages for people to read


def _add_board(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="Also those that are over.")
    parser.add_argument(
        "--status", action="append", help="Such as investigating,mitigating; repeat, or use commas."
    )
    parser.add_argument("--severity", action="append", help="Such as sev1,sev2.")
    add_lookback(parser)


def _board_query(given: argparse.Namespace) -> Query:
    if given.all and given.status:
        raise CommandFailed(USAGE, "incidents: --all or --status, not both")
    statuses = words_of(given.status) or ([] if given.all else ["open"])
    return [
        *(("status", each.lower().replace("-", "_")) for each in statuses),
        *(("severity", each.upper()) for each in words_of(given.severity)),
        *lookback(given),
    ]


def lookback(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """How far to look back, where that is asked."""
    for name in ("as_of", "known_at"):
        if (value := getattr(given, name)) is not None:
            yield name, value


def _board(catalogue: Catalogue) -> Sequence[PrintedColumn]:
    def due(row: Any, now: datetime) -> str:
        return next((_due(catalogue, each, now) for each in row["deadlines"]), "—")

    return (
        PrintedColumn("REFERENCE", lambda row, _: row["reference"]),
        PrintedColumn("SEVERITY", lambda row, _: row["severity"]),
        PrintedColumn("STATUS", lambda row, _: row["status"]),
        PrintedColumn("ACKNOWLEDGED", lambda row, _: _acknowledged(row), drop=2),
        PrintedColumn("AGE", lambda row, now: _age(_began(row), now)),
        PrintedColumn("NEXT DUE", due, drop=1),
        PrintedColumn(
            "COMMANDER", lambda row, _: row["roles"].get("incident_commander", "—"), drop=4
        ),
        PrintedColumn("SERVICES", lambda row, _: ", ".join(row["services"]) or "—", drop=3),
        PrintedColumn("BEGAN (UTC)", lambda row, _: at(_began(row)), wide=True),
        PrintedColumn(
            "DECLARED (UTC)", lambda row, _: at(row["milestones"]["declared_at"]), wide=True
        ),
        PrintedColumn("ID", lambda row, _: row["id"], wide=True),
        PrintedColumn("TITLE", lambda row, _: row["title"]),
    )


def _acknowledged(row: Any) -> str:
    if not row["acknowledged"]:
        return "no"
    return str(row["acknowledged_by"] or "yes")


def _began(row: Any) -> str | None:
    """When its impact began, else when it was noticed, else when it was declared."""
    times = row["milestones"]
    found = times["impact_started_at"] or times["detected_at"] or times["declared_at"]
    return None if found is None else str(found)


def _age(since: str | None, now: datetime) -> str:
    return duration(now - datetime.fromisoformat(since)) if since else "—"


def _due(catalogue: Catalogue, each: Any, now: datetime) -> str:
    """`update in 4 min`, `acknowledgement overdue by 12 min`."""
    label = catalogue["deadlines"].get(each["rule"], each["what"])
    return f"{label} {countdown(datetime.fromisoformat(each['due_at']), now)}"


def due_columns(_: Catalogue) -> Sequence[PrintedColumn]:
    """What is due, the soonest first, with how far away it is."""
    return (
        PrintedColumn(
            "WHEN", lambda row, now: countdown(datetime.fromisoformat(row["due_at"]), now)
        ),
        PrintedColumn("DUE (UTC)", lambda row, _: at(row["due_at"]), drop=1),
        PrintedColumn("INCIDENT", lambda row, _: row["reference"]),
        PrintedColumn("SEVERITY", lambda row, _: row["severity"], drop=2),
        PrintedColumn("RULE", lambda row, _: row["rule"], drop=3),
        PrintedColumn("WHAT HAS TO HAPPEN", lambda row, _: row["what"]),
    )


def _backlog(catalogue: Catalogue) -> Sequence[PrintedColumn]:
    def due(row: Any, now: datetime) -> str:
        return next((_due(catalogue, each, now) for each in row["deadlines"]), "—")

    return (
        PrintedColumn("REFERENCE", lambda row, _: row["reference"]),
        PrintedColumn("SEVERITY", lambda row, _: row["severity"]),
        PrintedColumn("AGE", lambda row, now: _age(row["since"], now)),
        PrintedColumn("STATUS", lambda row, _: row["status"], drop=1),
        PrintedColumn("OWNER", lambda row, _: ", ".join(row["owners"]) or "—", drop=3),
        PrintedColumn("NEXT DUE", due),
        PrintedColumn("SERVICES", lambda row, _: ", ".join(row["services"]) or "—", drop=2),
        PrintedColumn("TITLE", lambda row, _: row["title"]),
    )


def _heartbeats(_: Catalogue) -> Sequence[PrintedColumn]:
    return (
        PrintedColumn("NAME", lambda row, _: row["name"]),
        PrintedColumn("STATUS", lambda row, _: row["status"]),
        PrintedColumn(
            "HEARD (UTC)", lambda row, _: at(row["heard_at"]) if row["heard_at"] else "never"
        ),
        PrintedColumn("SILENT SINCE (UTC)", lambda row, _: at(row["silent_since"])),
        PrintedColumn("SILENCE (S)", lambda row, _: str(row["silence_s"]), drop=1),
        PrintedColumn("SEVERITY", lambda row, _: row["severity"]),
    )


INCIDENTS = PrintedList(
    help="List incidents, newest first: those that are open, unless told otherwise.",
    path="/v1/incidents",
    columns=_board,
    none="No incident is like that; --all lists those that are over as well.",
    member="incidents",
    add=_add_board,
    query=_board_query,
)
BACKLOG = PrintedList(
    help="What waits for triage: SEV4, and SEV3 that was told once; most severe and oldest first.",
    path="/v1/backlog",
    columns=_backlog,
    none="Nothing waits for triage.",
)
HEARTBEATS = PrintedList(
    help="List the heartbeats that are watched: when each was heard, and since when one is silent.",
    path="/v1/heartbeats",
    columns=_heartbeats,
    none="No heartbeat is watched.",
    paged=False,
)
