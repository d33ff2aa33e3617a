"""The page that finds: incidents, post-mortems, action items and notes that have some words."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from adapters.console.visit import ConsolePage, Shown, Visit
from adapters.status_page.markdown import readable
from domain.access.grants import Permission
from domain.kernel.refusal import Refused
from domain.knowledge.excerpt import Mark
from projections.knowledge.search import SEARCH_ALL, SearchHit

KINDS = ("incident", "postmortem", "action_item", "note", "action", "update")


def marked(text: str, marks: Sequence[Mark]) -> Markup:
    """A text with what was looked for marked."""
    found, at = Markup(""), 0
    for each in marks:
        before, piece = text[at : each.start], text[each.start : each.end]
        found += escape(readable(before)) + Markup("<mark>{}</mark>").format(readable(piece))
        at = each.end
    return found + escape(readable(text[at:]))


def place_of_hit(hit: SearchHit) -> str | None:
    """Where what was found is looked at."""
    if hit.kind == "postmortem":
        return f"/postmortems/{hit.reference}"
    if hit.kind == "action_item":
        return f"/action-items?incident={hit.incident}" if hit.incident else "/action-items"
    return f"/incidents/{hit.reference or hit.incident}"


async def show_found(visit: Visit) -> Shown:
    """The page; what cannot be looked for is told on it."""
    words, hits, after, problem = visit.asked("q"), [], None, None
    if words:
        try:
            kind, behind = visit.chosen("kind") or None, visit.asked("after") or None
            page = await visit.ask(SEARCH_ALL, q=words, kind=kind, after=behind)
            hits, after = page.answer.hits, page.next
        except Refused as refused:
            problem = refused
    return Shown("found.html", {
        "words": words,
        "kinds": KINDS,
        "chosen": visit.chosen("kind"),
        "hits": [(it, place_of_hit(it), marked(it.title or "", it.found_in_title),
                  marked(it.excerpt, it.found)) for it in hits],
        "next": visit.here(after=after) if after is not None else None,
        "problem": problem,
    })  # fmt: skip


PAGES = (
    ConsolePage("/search", Permission.INCIDENTS_READ, show_found, name="Search", group="Learn"),
)
