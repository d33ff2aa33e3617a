"""The timeline of an incident: as a table, as Markdown, for its readers, or as it grows."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.cli import safe_text
from adapters.cli.over_http import output
from adapters.cli.over_http.arguments import add_lookback, parser_of
from adapters.cli.over_http.exchange import Service, segment
from adapters.cli.over_http.one_incident import waiting
from adapters.cli.over_http.output import at
from adapters.cli.over_http.questions_listed import lookback, present
from adapters.cli.over_http.timeline_lines import COLUMNS, entries, said
from adapters.cli.over_http.verbs import INCIDENT, headline

Run = Callable[[Service], int]
SHAPES = ("table", "wide", "tsv", "markdown", "json")
READERS = ("responders", "postmortem", "public")


def timeline(
    _: Mapping[str, Any], words: Sequence[str], called: str = "timeline"
) -> tuple[argparse.Namespace, Run]:
    """`timeline REF`."""
    parser = parser_of(called, "The timeline of an incident, folded from the log alone.", SHAPES)
    parser.add_argument("ref", metavar="REF")
    parser.add_argument(
        "--for", dest="readers", choices=READERS, help="What these want to know, with a header."
    )
    parser.add_argument(
        "-f", "--follow", action="store_true", help="Go on with what happens, until Ctrl-C."
    )
    add_lookback(parser)
    given = parser.parse_args(list(words))
    if given.follow and (given.readers or given.as_of or given.known_at):
        parser.error(
            "--follow shows what happens from now on: leave --for, --as-of, --known-at out"
        )

    def run(service: Service) -> int:
        if given.readers:
            return _for_readers(service, given)
        if given.follow:
            from adapters.cli.over_http.following import follow  # noqa: PLC0415 - few do

            return follow(service, given.ref, given.shape)
        return _whole(service, given)

    return given, run


def _whole(service: Service, given: argparse.Namespace) -> int:
    query = [*lookback(given), *waiting(service)]
    found = entries(service, given.ref, query)
    if given.shape == "markdown":
        shown = service.get(f"/v1/incidents/{segment(given.ref)}", query).json()
        print("\n".join(as_markdown(headline(INCIDENT, shown), found)))
        return 0
    output.rows(found, COLUMNS, present(), given.shape)
    if not found and given.shape != "json":
        output.remark(f"Nothing was known of {given.ref} then.")
    return 0


def as_markdown(heading: str, found: Sequence[Any]) -> list[str]:
    """As a table that a post-mortem document has."""
    title = safe_text.markdown(heading).replace("\n", " ")
    lines = [f"## {title}", "", "| Time (UTC) | Who | Event |", "|---|---|---|"]
    for line in found:
        who, what = (
            safe_text.markdown(each).replace("\n", "<br>") for each in (line["actor"], said(line))
        )
        lines.append(f"| {at(line['occurred_at'])} | {who} | {what} |")
    return lines


def _for_readers(service: Service, given: argparse.Namespace) -> int:
    path = f"/v1/incidents/{segment(given.ref)}/timeline"
    query = [("for", given.readers), *lookback(given), *waiting(service)]
    reply = service.get(path, query)
    if given.shape == "json":
        output.document(reply.json())
        return 0
    import msgspec  # noqa: PLC0415 - a document takes longer anyway

    from adapters.cli import readers_timeline  # noqa: PLC0415 - as above
    from projections.incident.reading import ReadersTimeline  # noqa: PLC0415 - as above

    found = msgspec.json.decode(reply.body, type=ReadersTimeline)
    if given.shape == "markdown":
        print(readers_timeline.markdown(found))
    else:
        readers_timeline.table(found)
    return 0
