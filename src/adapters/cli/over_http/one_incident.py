"""One incident: whole, what is due of it, its timeline, why things came about, what is like it."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adapters.cli.over_http import output
from adapters.cli.over_http.arguments import add_lookback, parser_of
from adapters.cli.over_http.exchange import Query, Service, segment
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.output import at
from adapters.cli.over_http.questions_listed import (
    PrintedList,
    due_columns,
    found_rows,
    lookback,
    present,
)

Run = Callable[[Service], int]
Catalogue = Mapping[str, Any]
Parsed = tuple[argparse.Namespace, Run]

DUE = PrintedList(
    help="What is due next and what is overdue, by which rule: in all incidents, or in one.",
    path="/v1/due",
    columns=due_columns,
    none="Nothing is due.",
)


def show(catalogue: Catalogue, words: Sequence[str], called: str = "show") -> Parsed:
    """`show REF`: an incident, or whatever else a reference names."""
    parser = parser_of(called, "One, whole, with what is due of it and who was told.", ("json",))
    parser.add_argument("ref", metavar="REF", help="Such as INC-1, PM-1 or AI-1.")
    add_lookback(parser)
    given = parser.parse_args(list(words))
    plural = _plural_of(catalogue, given.ref)

    def run(service: Service) -> int:
        query = [*lookback(given), *waiting(service, plural == "incidents")]
        output.document(service.get(f"/v1/{plural}/{segment(given.ref)}", query).json())
        return 0

    return given, run


def _plural_of(catalogue: Catalogue, ref: str) -> str:
    """What a reference names; ids alone are of incidents."""
    prefix = ref.partition("-")[0].upper()
    kinds = catalogue["aggregates"].values()
    return next((str(it["plural"]) for it in kinds if it["prefix"] == prefix), "incidents")


def waiting(service: Service, waits: bool = True) -> Query:  # noqa: FBT001, FBT002 - a condition
    """That an answer shows all that the log holds now."""
    head = service.head() if waits else 0
    return [("min_position", str(head))] if head else []


def due(catalogue: Catalogue, words: Sequence[str], called: str = "due") -> Parsed:
    """`due [REF]`."""
    parser = parser_of(called, DUE.help)
    parser.add_argument("ref", nargs="?", metavar="REF", help="One incident [all].")
    parser.add_argument(
        "--limit", type=int, default=100, metavar="N", help="How many at most [100]."
    )
    parser.add_argument(
        "--watch", action="store_true", help="Show it again as it changes, until Ctrl-C."
    )
    add_lookback(parser)
    given = parser.parse_args(list(words))
    if given.ref is None and (given.as_of or given.known_at):
        raise CommandFailed(
            USAGE,
            "query.only_now [as_of]: what is due in all incidents is answered as it stands now;"
            " about another time name one: due REF --as-of TIME",
        )

    def ask(service: Service) -> list[Any]:
        if given.ref is None:
            return found_rows(service, DUE, (), given.limit)
        shown = service.get(
            f"/v1/incidents/{segment(given.ref)}", [*lookback(given), *waiting(service)]
        ).json()
        kept = ("id", "reference", "title", "severity", "status")
        of = {name: shown[name] for name in kept}
        return [{**of, **each} for each in shown["deadlines"]][: given.limit]

    def printed(found: Sequence[Any]) -> None:
        output.rows(found, due_columns(catalogue), present(), given.shape)
        if not found and given.shape in {"table", "wide"}:
            output.remark(DUE.none)

    def run(service: Service) -> int:
        if not given.watch:
            printed(ask(service))
            return 0
        from adapters.cli.over_http.watching import watch  # noqa: PLC0415 - few do

        return watch(lambda: ask(service), printed)

    return given, run


def explain(_: Catalogue, words: Sequence[str], called: str = "explain") -> Parsed:
    """`explain REF [EVENT]`."""
    parser = parser_of(
        called,
        "Why a severity, an escalation, a page or a silence came about: which rule, which figures,"
        " which event, which policy, and what would have prevented it.",
        ("table", "json"),
    )
    parser.add_argument("ref", metavar="REF")
    parser.add_argument(
        "event", nargs="?", metavar="EVENT", help="The event_id of a line of the timeline [all]."
    )
    add_lookback(parser)
    given = parser.parse_args(list(words))

    def run(service: Service) -> int:
        event = [("event", given.event)] if given.event else []
        query = [*event, *lookback(given), *waiting(service)]
        found = service.get(f"/v1/incidents/{segment(given.ref)}/explain", query).json()
        if given.shape == "json":
            output.document(found)
            return 0
        for line in _explained(found):
            output.say(line)
        return 0

    return given, run


def _explained(found: Mapping[str, Any]) -> Iterator[str]:
    yield " ".join(found["severity"])
    yield " ".join(found["told"])
    for each in found["events"]:
        yield f"\n{at(each['at'])}  {each['text']}"
        prevented = each.get("prevented_by")
        yield from (f"  {said}" for said in (*each["why"], *each["told"]))
        if prevented:
            yield f"  Prevented by: {prevented}."


def search(_: Catalogue, words: Sequence[str], called: str = "search") -> Parsed:
    """`search WORD …`."""
    parser = parser_of(
        called,
        "Find incidents, post-mortems, action items, and the notes, logged actions and updates of"
        " timelines that have all these words, the best first.",
        ("table", "json"),
    )
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="All of these; the last letters may be missing."
    )
    parser.add_argument(
        "--kind",
        action="append",
        help="incident, postmortem, action_item, update, note or action; or several.",
    )
    parser.add_argument("--limit", default="20", metavar="N", help="How many at most, up to 100.")
    parser.add_argument("--after", help="Where the page before has ended.")
    given = parser.parse_intermixed_args(list(words))

    def run(service: Service) -> int:
        more = [("after", given.after)] if given.after else []
        kinds = [("kind", each) for each in given.kind or ()]
        query = [("q", " ".join(given.words)), *kinds, ("limit", given.limit), *more]
        found = service.get("/v1/search", [*query, *waiting(service)]).json()
        if given.shape == "json":
            output.document(found)
            return 0
        for line in _hits(found):
            output.say(line)
        return 0

    return given, run


_CALLED = {"action_item": "action item", "postmortem": "post-mortem", "action": "logged action"}


def _hits(found: Mapping[str, Any]) -> Iterator[str]:
    if not found["hits"]:
        yield "Nothing has all these words."
    for hit in found["hits"]:
        known = [hit["reference"] or hit["incident"], hit["severity"], hit["status"]]
        other = hit["reference"] and hit["incident"] and hit["reference"] != hit["incident"]
        of = f" (of {hit['incident']})" if other else ""
        yield f"{' '.join(each for each in known if each)}: {hit['title'] or ''}{of}"
        near = ", spelt otherwise" if hit["spelt_otherwise"] else ""
        yield f"  {_CALLED.get(hit['kind'], hit['kind'])}, {at(hit['at'])}{near}: {hit['excerpt']}"
    if found["next"]:
        yield f"There is more: --after {found['next']}"
