"""What the one that carries on takes from its duplicate, and what an unmerge gives back."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.incident import events as e
from domain.incident import state as s
from simulation.matrix import floor
from simulation.record import Point
from simulation.rulebook import BROKEN

FIGURES = (
    *("users_affected", "percent_affected", "scope", "regions", "tenants", "functionality"),
    *("paying_customers", "customer_reported", "data_integrity_concern", "security_breach"),
)
EXERCISES = {e.Kind.TEST, e.Kind.DRILL}
DECIDES = (
    *(e.SeverityChanged, e.SeverityUpgraded, e.SeverityRaiseWithdrawn, e.ImpactReassessed),
    *(e.EntryCorrected, e.EntryRetracted, e.AlertReceived, e.DuplicateAttached),
    *(e.DuplicateDetached, e.RoleAssigned, e.RoleHandedOver, e.RoleUnassigned, e.Reopened),
    *(e.Declared, e.Unmerged, e.Merged),
)
"""After these it may stand otherwise for a reason of its own."""


def merges(histories: Mapping[str, list[Point]]) -> Iterable[tuple[str, int, str]]:
    """Whatever is wrong with a merge, in the history of the one that carries on."""
    for incident_id, history in histories.items():
        for place, point in enumerate(history):
            if isinstance(point.event, e.DuplicateAttached):
                last = _last_of(history, place)
                merged = _merged(histories[point.event.duplicate], point)
                wrong = list(_taken(point.before, merged.before, history[last].after, point))
            elif isinstance(point.event, e.DuplicateDetached):
                wrong = list(_given_back(history, place))
            else:
                continue
            yield from ((incident_id, place, f"{what}: {point}") for what in wrong)


def _last_of(history: list[Point], place: int) -> int:
    """The place of the last event of the same commit."""
    commit = history[place].commit
    return max(at for at, each in enumerate(history) if each.commit is commit)


def _merged(history: list[Point], attached: Point) -> Point:
    """The other side of a merge."""
    key = attached.commit.id.removesuffix("+attach")
    return next(
        each for each in history if each.commit.id == key and isinstance(each.event, e.Merged)
    )


def _taken(before: Any, duplicate: Any, after: Any, point: Point) -> Iterable[str]:
    known, other, now = before.facts, duplicate.facts, after.facts
    if isinstance(duplicate, s.LIVE) and not isinstance(before, s.LIVE):
        yield "what goes on was merged into what is over"
    if (known.about.kind in EXERCISES) != (other.about.kind in EXERCISES):
        yield "what is real and what is an exercise became one"
    if point.event.duplicate not in now.about.duplicates:
        yield "the duplicate is not on record"
    wanted = min(known.severity.value, other.severity.value, floor(now.assessment.impact))
    if now.severity.value != wanted:
        yield f"{now.severity} instead of {wanted}, the higher of both"
    yield from _lost(known, other, now)
    if isinstance(after, s.LIVE) and now.acknowledged != (known.acknowledged or other.acknowledged):
        yield f"acknowledged: {now.acknowledged}"


def _lost(known: Any, other: Any, now: Any) -> Iterable[str]:
    if not {*known.about.services, *other.about.services} <= set(now.about.services):
        yield "a service is lost"
    if now.response.roles != {**other.response.roles, **known.response.roles}:
        yield "the roles are not those of both"
    for name in FIGURES:
        figures = [getattr(each.assessment.impact, name) for each in (known, other)]
        if _badness(getattr(now.assessment.impact, name)) != max(map(_badness, figures)):
            yield f"{name} is {getattr(now.assessment.impact, name)}, the worse of {figures}"
    pursued = {path.statement for each in (known, other) for path in each.response.pursued}
    if not pursued <= {path.statement for path in now.response.pursued}:
        yield "a hypothesis is lost"
    if not set(other.discipline.tiers) <= set(now.discipline.tiers):
        yield "a tier that was told is forgotten"


def _badness(value: Any) -> tuple[bool, Any]:
    if value is None:
        return (False, 0)
    return (True, list(BROKEN).index(value.value) if hasattr(value, "value") else value)


def _given_back(history: list[Point], place: int) -> Iterable[str]:
    """Where nothing has been decided since, it stands as it stood."""
    duplicate = history[place].event.duplicate
    begun = [
        at
        for at, each in enumerate(history[:place])
        if isinstance(each.event, e.DuplicateAttached) and each.event.duplicate == duplicate
    ]
    if not begun:
        return
    attached, last = _last_of(history, begun[-1]), _last_of(history, place)
    after = history[last].after.facts
    if duplicate in after.about.duplicates:
        yield "the duplicate is still part of it"
    if any(isinstance(each.event, DECIDES) for each in history[attached + 1 : place]):
        return
    before = history[begun[-1]].before.facts
    stood, stands = _standing(before), _standing(after)
    for name, was in stood.items():
        if stands[name] != was:
            yield f"{name} is {stands[name]} instead of {was} after the unmerge"


def _standing(facts: Any) -> dict[str, Any]:
    return {
        "severity": facts.severity,
        "roles": facts.response.roles,
        "services": facts.about.services,
        **{name: getattr(facts.assessment.impact, name) for name in FIGURES},
    }
