"""The timeline of an incident with those of the incidents that were merged into it, and into these.

They are read from the log when somebody asks, so a merge and an unmerge move no rows.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident.merging.merge_events import DuplicateAttached
from domain.incident.state import Incident, Undeclared
from domain.kernel.commit import Event, Recorded, event_id
from projections.incident.lines import Entry, in_order, timeline_then
from projections.incident.untold import not_told_of, untold_events
from projections.past import Cut, Then, stood_then

Commits = Sequence[Recorded[Event]]


def own(id_: str, commits: Commits) -> list[Recorded[Event]]:
    """What happened to one incident, of the commits of several."""
    stream = INCIDENT.stream(id_)
    return [recorded for recorded in commits if recorded.stream == stream]


def beside(id_: str, commits: Commits) -> list[Recorded[Event]]:
    """What else tells of one incident: its notifications."""
    return [it for it in commits if it.key == id_ and it.stream != INCIDENT.stream(id_)]


def merged_into(id_: str, commits: Commits, cut: Cut) -> Sequence[str]:
    """The ids of the incidents that were part of this one then."""
    incident: Incident = one_then(id_, commits, cut).state
    return _parts(incident)


def whole_timeline(
    id_: str, commits: Commits, cut: Cut, then: Then, *, notifications: bool = True
) -> list[Entry] | None:
    """The timeline of an incident as it stood `then`, from its commits and those of the incidents
    that were part of it; the lines of these name their origin. None where nothing was known of it.
    Of one whose commits are not among these, the line of the merge says so.
    """
    found = _timeline(id_, commits, cut, then, notifications=notifications)
    if found is None:
        return None
    parts = set(_parts(then.state))
    for other in dict.fromkeys(recorded.key for recorded in commits if recorded.key != id_):
        stood = one_then(other, commits, cut)
        lines = _timeline(other, commits, cut, stood, notifications=notifications)
        incident: Incident = stood.state
        parts.update(_parts(incident))
        if lines is not None and not isinstance(incident, Undeclared):
            found += [replace(line, origin=incident.facts.reference) for line in lines]
    left_out = _left_out(parts, commits)
    named = (
        replace(line, text=f"{line.text}{LEFT_OUT}") if line.event_id in left_out else line
        for line in found
    )
    return in_order(not_told_of(named, untold_events(commits, cut)))


LEFT_OUT = " (what happened there stands in its own timeline alone: too many are part of this one)"


def _parts(incident: Incident) -> Sequence[str]:
    return () if isinstance(incident, Undeclared) else incident.facts.about.duplicates


def _left_out(parts: set[str], commits: Commits) -> set[str]:
    """The ids of the events by which incidents became part of these whose commits were not read."""
    unread = parts - {recorded.key for recorded in commits}
    return {
        event_id(recorded.commit.id, index)
        for recorded in (commits if unread else ())
        for index, event in enumerate(recorded.commit.events)
        if isinstance(event, DuplicateAttached) and event.duplicate in unread
    }


def _timeline(
    id_: str, commits: Commits, cut: Cut, then: Then, *, notifications: bool
) -> list[Entry] | None:
    also = beside(id_, commits) if notifications else ()
    return timeline_then(INCIDENT, own(id_, commits), also, cut, then)


def one_then(id_: str, commits: Commits, cut: Cut) -> Then:
    """How one incident stood then, of the commits of several."""
    return stood_then(INCIDENT, own(id_, commits), cut)
