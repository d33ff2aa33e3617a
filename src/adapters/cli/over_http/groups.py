"""A group of commands for each aggregate: `commandpost person register …`, `person list`, `person
show ada`.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.cli.over_http import output
from adapters.cli.over_http.arguments import add_lookback, parser_of
from adapters.cli.over_http.exchange import Service, segment
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.field_values import nearest, pair
from adapters.cli.over_http.output import PrintedColumn, at
from adapters.cli.over_http.questions_listed import PrintedList, found_rows, lookback, present

Run = Callable[[Service], int]
Catalogue = Mapping[str, Any]
Parsed = tuple[argparse.Namespace, Run]

COLUMNS_MAX = 8
CELL_MAX = 60
_LAST = ("title", "name", "summary")
"""What is the longest stands last."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


def show_one(catalogue: Catalogue, aggregate: str, words: Sequence[str]) -> Parsed:
    """`<aggregate> show REF`."""
    kind = catalogue["aggregates"][aggregate]
    parser = parser_of(f"{aggregate} show", "One, whole, as JSON, folded from the log.", ("json",))
    parser.add_argument("ref", metavar="REF")
    add_lookback(parser)
    given = parser.parse_args(list(words))

    def run(service: Service) -> int:
        path = f"/v1/{kind['plural']}/{segment(given.ref)}"
        output.document(service.get(path, [*lookback(given)]).json())
        return 0

    return given, run


def list_all(catalogue: Catalogue, aggregate: str, words: Sequence[str]) -> Parsed:
    """`<aggregate> list [FILTER=VALUE …]`."""
    kind = catalogue["aggregates"][aggregate]
    known = kind["list"]
    parser = parser_of(f"{aggregate} list", known["help"])
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FILTER=VALUE",
        help=", ".join(known["filters"]) or "It has none.",
    )
    parser.add_argument(
        "--limit", type=int, default=None, metavar="N", help="How many at most [all]."
    )
    for name in known["filters"]:
        option = f"--{name.replace('_', '-')}"
        if option not in parser._option_string_actions:  # noqa: SLF001 - else FILTER=VALUE alone
            parser.add_argument(option, dest=f"filter:{name}", metavar="VALUE")
    given = parser.parse_intermixed_args(list(words))
    asked = [*map(pair, given.words), *_filters(given)]
    for name, _ in asked:
        if name not in known["filters"]:
            by = ", ".join(f"{each}=…" for each in known["filters"])
            raise CommandFailed(
                USAGE, f"{name}: the list is narrowed by {by}" if by else f"{name}: it is whole"
            )
    of = PrintedList(known["help"], f"/v1/{kind['plural']}", lambda _: (), "None is like that.")

    def run(service: Service) -> int:
        found = found_rows(service, of, asked, given.limit)
        output.rows(found, columns_of(found), present(), given.shape)
        if not found and given.shape in {"table", "wide"}:
            output.remark(of.none)
        return 0

    return given, run


def _filters(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for dest, value in vars(given).items():
        if dest.startswith("filter:") and value is not None:
            yield dest.removeprefix("filter:"), value


def columns_of(found: Sequence[Any]) -> list[PrintedColumn]:
    """What rows say in a word or a list of words, where any of them says anything; what goes beyond
    a line is shown when wide output is asked for.
    """
    names: dict[str, int] = {}
    for row in found:
        for name, value in row.items():
            if value not in (None, [], {}, "") and _is_short(value):
                names[name] = max(names.get(name, 0), len(_text(value)))
    named = sorted(names, key=lambda name: (name != "reference", name in _LAST))
    if "reference" in names and "id" in named:
        named.remove("id")
        named.append("id")
    kept = [name for name in named if names[name] <= CELL_MAX or name in _LAST]
    usual = {*kept[:COLUMNS_MAX], *(name for name in kept if name in _LAST)}
    ordered = [*(name for name in named if name not in _LAST), *(n for n in named if n in _LAST)]
    return [_column(name, place, wide=name not in usual) for place, name in enumerate(ordered)]


def _column(name: str, place: int, *, wide: bool) -> PrintedColumn:
    def cell(row: Any, _: datetime) -> str:
        value = row.get(name)
        return at(value) if isinstance(value, str) and _TIME.fullmatch(value) else _text(value)

    return PrintedColumn(name.replace("_", " ").upper(), cell, drop=place, wide=wide)


def _is_short(value: Any) -> bool:
    return not isinstance(value, dict) and not (
        isinstance(value, list) and any(isinstance(each, dict | list) for each in value)
    )


def _text(value: Any) -> str:
    match value:
        case None | [] | {} | "":
            return "—"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
    return str(value)


def unknown_in(group: str, name: str, names: Sequence[str]) -> CommandFailed:
    """That a group has no such command."""
    return CommandFailed(
        USAGE, f"there is no command {group} {name}{nearest(name, names)}; see {group} --help"
    )


def show_help(known: Catalogue, aggregate: str, _: Sequence[str]) -> Parsed:
    """The commands of a group, each in a line. Raises `SystemExit`."""
    kind = known["aggregates"][aggregate]
    lines = [f"Usage: commandpost {aggregate} COMMAND", ""]
    said = {name: each["does"] for name, each in kind["commands"].items()}
    said["show"] = "One, whole, as JSON, folded from the log."
    if "list" in kind:
        said["list"] = kind["list"]["help"]
    said |= {each["name"]: each["does"] for each in kind.get("beside", ())}
    width = max(map(len, said))
    lines += [f"  {name:<{width}}  {first_sentence(does)}" for name, does in said.items()]
    lines += ["", f"`commandpost {aggregate} COMMAND --help` has its fields and an example."]
    print("\n".join(lines))
    raise SystemExit(0)


def first_sentence(text: str) -> str:
    """What it is about, for a line."""
    return " ".join(text.split()).partition(". ")[0].rstrip(".")
