"""Which incidents repeat: a person has confirmed it, or a post-mortem names a contributing factor
that an earlier one had, and nobody has said that it is none.

That two factors are one follows from their ids or their words.
"""

from collections.abc import Iterator

import msgspec

from domain.learning.insight.measured import LearningRecord, MeasuredPostmortem
from domain.learning.insight.periods import Span


class RepeatedFactors(msgspec.Struct, frozen=True):
    """The incidents of a period that somebody has confirmed as repeats, or whose post-mortem names
    factors, `judged`; of these the `repeats` with those earlier incidents that everybody may see;
    and those of which nobody can tell.
    """

    judged: tuple[str, ...]
    repeats: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]


def repeats_among(record: LearningRecord, period: Span) -> RepeatedFactors:
    """Those of a period, against all that came before."""
    began = {it.id: it.began_at for it in record.genuine}
    of_incident = {it.incident: it for it in record.postmortems if not it.drill}
    names = {it.incident: it.incident_reference for it in record.postmortems}
    names |= {it.id: it.reference for it in record.incidents}
    factors = {id_: frozenset(_factors(it)) for id_, it in of_incident.items()}
    judged, repeats, unknown = list[str](), dict[str, tuple[str, ...]](), list[str]()
    for each in record.began_in(period):
        own = factors.get(each.id, frozenset())
        if not each.repeats and not own:
            unknown.append(each.reference)
            continue
        judged.append(each.reference)
        confirmed = [names[id_] for id_ in each.repeats if id_ in names]
        assert each.began_at is not None, "it is of a period"
        decided = {each.id, *each.repeats, *each.no_repeats}
        earlier = [
            other.incident_reference
            for other in of_incident.values()
            if other.incident not in decided and not own.isdisjoint(factors[other.incident])
            if (began.get(other.incident) or other.opened_at) < each.began_at
        ]
        if earlier or each.repeats:
            repeats[each.reference] = (*confirmed, *earlier)
    return RepeatedFactors(tuple(judged), repeats, tuple(unknown))


def _factors(postmortem: MeasuredPostmortem) -> Iterator[str]:
    """What it names, so that the same words are the same factor."""
    for factor in postmortem.factors:
        yield " ".join(factor.casefold().split()).rstrip(".")
