"""The incident that a commit leaves behind, folded once for all projections that keep it."""

from domain.commit import Event, Recorded
from domain.incident import INCIDENT, Incident

REMEMBERED = 8_192

_last: dict[int, tuple[Incident, Recorded[Event], Incident]] = {}


def folded(incident: Incident, recorded: Recorded[Event]) -> Incident:
    """The incident after a commit. Projections that are fed the same log keep the same states, so
    all but the first find the work done: a memory, never a source.
    """
    known = _last.get(recorded.position)
    if known is not None and known[0] is incident and known[1] is recorded:
        return known[2]
    after = INCIDENT.fold(incident, recorded.commit.events)  # type: ignore[arg-type]
    if len(_last) >= REMEMBERED:
        _last.clear()
    _last[recorded.position] = incident, recorded, after
    return after
