"""Search: what is on record, by its words."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from domain.knowledge.excerpt import Mark
from projections.knowledge.documents import DOCUMENTS
from projections.knowledge.search import SEARCH_ALL, SearchHit, SearchResult

CALLED = {"action_item": "action item", "postmortem": "post-mortem", "action": "logged action"}


async def search(
    *words: Annotated[str, Parameter(help="All of these; the last letters may be missing.")],
    kind: Annotated[
        list[str] | None,
        Parameter(help="incident, postmortem, action_item, update, note or action; or several."),
    ] = None,
    limit: Annotated[int, Parameter(help="How many at most, up to 100.")] = 20,
    after: Annotated[str | None, Parameter(help="Where the page before has ended.")] = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Find incidents, post-mortems, action items, and the notes, logged actions and updates of
    timelines that have all these words, the best first.
    """
    given = {"q": " ".join(words), "kind": kind, "limit": limit, "after": after}
    async with connected(options) as parts:
        await caught_up(parts, DOCUMENTS.name)
        found: SearchResult = (
            await parts.service.ask(SEARCH_ALL, given, await viewing(parts))
        ).answer
    if format == "json":
        tables.as_json(found)
        return
    if not found.hits:
        tables.say("Nothing has all these words.")
    for hit in found.hits:
        _print(hit)
    if found.next:
        tables.say(f"There is more: --after {found.next}")


def _print(hit: SearchHit) -> None:
    """Which one it is, and the words around what was looked for, those in bold."""
    known = [hit.reference or hit.incident, hit.severity, hit.status]
    heading = Text(" ".join(each for each in known if each) + ": ")
    heading.append_text(_marked(hit.title or "", hit.found_in_title))
    if hit.reference and hit.incident and hit.reference != hit.incident:
        heading.append(f" (of {hit.incident})")
    what = CALLED.get(hit.kind, hit.kind)
    near = ", spelt otherwise" if hit.spelt_otherwise else ""
    line = Text(f"  {what}, {tables.at(hit.at)}{near}: ")
    line.append_text(_marked(hit.excerpt, hit.found))
    out = tables.console()
    out.print(heading, soft_wrap=True)
    out.print(line, soft_wrap=True)


def _marked(text: str, marks: Sequence[Mark]) -> Text:
    """What is on record is one line that steers no terminal: see `word_forms.clean`."""
    shown = Text(text)
    for each in marks:
        shown.stylize("bold", each.start, each.end)
    return shown
