"""Which incidents repeat: a later post-mortem names a contributing factor that an earlier one had.

That two factors are one follows from their ids or their words. What people confirm or reject of it
is theirs; this is what the post-mortems say.
"""

from collections.abc import Iterator

import msgspec

from domain.learning.insight.measured import LearningRecord, MeasuredPostmortem
from domain.learning.insight.periods import Span


class RepeatedFactors(msgspec.Struct, frozen=True):
    """The incidents of a period whose post-mortem names factors, `judged`; of these the `repeats`
    with the incidents that had a factor of theirs before; and those of which nobody can tell.
    """

    judged: tuple[str, ...]
    repeats: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]


def repeats_among(record: LearningRecord, period: Span) -> RepeatedFactors:
    """Those of a period, against all that came before."""
    began = {it.id: it.began_at for it in record.genuine}
    of_incident = {it.incident: it for it in record.postmortems if not it.drill}
    judged, repeats, unknown = list[str](), dict[str, tuple[str, ...]](), list[str]()
    for each in record.genuine:
        if not period.holds(each.began_at):
            continue
        found = of_incident.get(each.id)
        if found is None or not found.factors:
            unknown.append(each.reference)
            continue
        judged.append(each.reference)
        assert each.began_at is not None, "it is of a period"
        earlier = [
            other.incident_reference
            for other in of_incident.values()
            if other.incident != each.id and shared(found, other)
            if (began.get(other.incident) or other.opened_at) < each.began_at
        ]
        if earlier:
            repeats[each.reference] = tuple(earlier)
    return RepeatedFactors(tuple(judged), repeats, tuple(unknown))


def shared(one: MeasuredPostmortem, other: MeasuredPostmortem) -> bool:
    """Whether they name a factor in common."""
    return not set(_names(one)).isdisjoint(_names(other))


def _names(postmortem: MeasuredPostmortem) -> Iterator[str]:
    for factor in postmortem.factors:
        yield " ".join(factor.casefold().split()).rstrip(".")
