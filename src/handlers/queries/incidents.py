"""An incident then: the log answers, whatever read models say."""

from collections.abc import Collection

import msgspec

from domain.incident.view import IncidentView, view
from handlers.kernel.ports import EventStore
from handlers.queries.commits import histories_of
from projections.incident.lines import Entry
from projections.incident.merged import merged_into, one_then, whole_timeline
from projections.incident.timeline import FOLLOWS
from projections.past import Cut


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as it was, None where nothing was known of it, and its timeline."""

    shown: IncidentView | None
    timeline: list[Entry]


async def replay_incident(
    store: EventStore, incident_id: str, cut: Cut, hidden: Collection[str] = ()
) -> Replayed:
    """An incident, its notifications and those that were merged into it, folded from the log, but
    for what tells of incidents that are `hidden`. Raises `Unavailable`.
    """
    commits = await histories_of(store, FOLLOWS, incident_id, cut, merged_into, hidden)
    then = one_then(incident_id, commits, cut)
    return Replayed(
        shown=view(incident_id, then.state, then.position),
        timeline=whole_timeline(incident_id, commits, cut, then) or [],
    )
