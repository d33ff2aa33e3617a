"""What was known of an incident at a time, on the command line."""

from collections.abc import Iterator
from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.parameters import AsOf
from adapters.cli.session import DEFAULTS, Options, connected, viewing
from adapters.known_page import known_page, words
from domain.kernel.text import clock_s
from handlers.queries.parameters import cut_of
from projections.incident.known_then import KNOWN_THEN, KnownThen, LearntLater, Reached


async def known(
    ref: str,
    *,
    known_at: Annotated[str, Parameter(help="At which time (RFC 3339, with zone).")],
    as_of: AsOf = None,
    format: Literal["table", "json", "html"] = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Show what was known of an incident at a time, beside what is known now: state, hypotheses,
    who had been told, the timeline as it was on record, and what was learnt later.
    """
    async with connected(options) as parts:
        found: KnownThen = (
            await parts.service.ask(
                KNOWN_THEN, {}, await viewing(parts), ref=ref, cut=cut_of(as_of, known_at)
            )
        ).answer
    match format:
        case "json":
            tables.as_json(found)
        case "html":
            print(known_page(found), end="")
        case "table":
            for line in _lines(found):
                tables.say(line)


def _lines(found: KnownThen) -> Iterator[str]:
    yield f"{found.reference}: what was known at {clock_s(found.known_at)}"
    yield found.title
    if not found.then_known:
        yield "Nothing was on record of it then."
    for each in found.glance:
        yield f"  {each.about}: {each.then or '—'}"
        if each.differs:
            yield f"    known now: {each.now or '—'}"
    for path in found.hypotheses:
        yield f"  {path.name}, {path.statement}: {path.then or 'nobody had named it'}"
        if path.then != path.now:
            yield f"    known now: {path.now or '—'}"
    yield "Who had been told:"
    yield from map(_reached, found.told)
    if not found.told:
        yield "  nobody, as far as is on record"
    yield "Timeline as it was on record then:"
    for row in found.timeline:
        yield f"  {clock_s(row.at)}  {words(row)}"
    yield "Learnt later of the time before:"
    yield from map(_learnt, found.learnt_later)
    if not found.learnt_later:
        yield "  nothing"


def _reached(each: Reached) -> str:
    if each.told is None or each.at is None:
        return f"  {each.audience.value}: nothing, {each.why_not}"
    return f"  {each.audience.value}: {each.told} ({clock_s(each.at)}, {', '.join(each.channels)})"


def _learnt(each: LearntLater) -> str:
    before = f"; on record then: {each.then}" if each.then else ""
    return (
        f"  {clock_s(each.at)}  {each.text} (on record since {clock_s(each.recorded_at)}{before})"
    )
