"""What if another policy had been in force: which incidents would have been classified, upgraded,
escalated, told or paged otherwise, and when, side by side.

Both sides are the same history, replayed by the same code (`domain.learning.replay`), so a policy
that decides alike differs in nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded
from domain.learning.replay import Consequence, replayed
from domain.policy import Policy, Severity


class PolicyDifference(msgspec.Struct, frozen=True, kw_only=True):
    """That something happens at `now_at` under the policy in force and at `then_at` under the
    other; null: it does not happen there.
    """

    what: str
    now_at: datetime | None
    then_at: datetime | None


class IncidentUnderPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that would have gone otherwise; `severity_now` and `severity_then` are those in
    the end.
    """

    id: str
    reference: str
    title: str
    severity_now: Severity
    severity_then: Severity
    differences: tuple[PolicyDifference, ...]


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: `incidents` had something on record since then, `differing` would have gone
    otherwise.
    """

    policy_now: str
    policy_then: str
    since: datetime
    until: datetime
    incidents: int
    differing: tuple[IncidentUnderPolicy, ...]


def under_both(
    id_: str,
    commits: Sequence[Recorded[Event]],
    now: Policy,
    then: Policy,
    since: datetime,
    until: datetime,
) -> IncidentUnderPolicy | None:
    """How a history differs; None: it does not."""
    ours, other = replayed(commits, now, until), replayed(commits, then, until)
    if isinstance(ours.incident, Undeclared) or isinstance(other.incident, Undeclared):
        return None
    found = tuple(differences(ours.found, other.found, since))
    mine, theirs = ours.incident.facts, other.incident.facts
    if not found and mine.severity is theirs.severity:
        return None
    return IncidentUnderPolicy(
        id=id_,
        reference=mine.reference,
        title=mine.about.title,
        severity_now=mine.severity,
        severity_then=theirs.severity,
        differences=found,
    )


def differences(
    ours: Iterable[Consequence], other: Iterable[Consequence], since: datetime
) -> Iterator[PolicyDifference]:
    """What happens on one side alone, or at another time, by the first of its times: the first of
    its kind beside the first, the second beside the second.
    """
    sides: dict[str, tuple[list[datetime], list[datetime]]] = defaultdict(lambda: ([], []))
    for place, side in enumerate((ours, other)):
        for each in side:
            if each.at >= since:
                sides[each.what][place].append(each.at)
    rows = []
    for what, (mine, theirs) in sides.items():
        for number in range(max(len(mine), len(theirs))):
            now_at = mine[number] if number < len(mine) else None
            then_at = theirs[number] if number < len(theirs) else None
            if now_at != then_at:
                rows.append(PolicyDifference(what=what, now_at=now_at, then_at=then_at))
    yield from sorted(rows, key=_first)


def _first(row: PolicyDifference) -> tuple[datetime, str]:
    times = [at for at in (row.now_at, row.then_at) if at]
    return min(times), row.what
