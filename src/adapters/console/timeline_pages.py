"""A page of a timeline as the console shows it: the latest entries first."""

from typing import NamedTuple

from adapters.console.visit import Visit
from domain.incident import INCIDENT
from projections.cursor import cursor_of, place_of
from projections.incident.lines import Entry
from projections.incident.timeline import TIMELINE_OF, LastSeen
from projections.incident.timeline_end import BEFORE_PAGE

ENTRIES = 60


class TimelinePage(NamedTuple):
    """Entries, the latest first; `earlier` is what the page before is asked for with, None: there
    is none. `newest`: the position in the log up to which it knows the incident.
    """

    entries: list[Entry]
    earlier: str | None
    newest: int


def place_of_entry(entry: Entry) -> str:
    """What the entries before it are asked for with."""
    return cursor_of(entry.occurred_at, entry.position, entry.index)


async def timeline_page(visit: Visit, id_: str, before: str | None = None) -> TimelinePage:
    """The last entries of a timeline, or those before a place. Raises `Refused`, `Lagging`,
    `Unavailable`.
    """
    await visit.service.find(INCIDENT, id_, visit.viewer)
    ask = visit.service.read_models.ask
    place = await ask(visit.viewer, BEFORE_PAGE, id=id_, before=before, most=ENTRIES)
    after = place[0].after if place else None
    found = await visit.ask(TIMELINE_OF, ref=id_, after=after, limit=1_000)
    entries: list[Entry] = found.answer.entries
    if before is not None:
        end = place_of(before, LastSeen)
        entries = [it for it in entries if (it.occurred_at, it.position, it.index) < end]
    earlier = place_of_entry(entries[0]) if place and entries else None
    newest = max((it.position for it in entries), default=0)
    return TimelinePage(entries[::-1], earlier, newest)
