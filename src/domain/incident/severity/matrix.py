"""The severity that an impact has by the matrix, from SEV1 down.

Source: brief, "Severity Classification Matrix".
"""

from enum import StrEnum
from typing import NamedTuple

from domain.incident.impact import Impact
from domain.incident.severity.floors import MATRIX, floor
from domain.incident.severity.ruling import Demand, Doubt, Ruling
from domain.policy import Functionality, Policy, Severity


class Aspect(StrEnum):
    """What of an impact a criterion of the matrix looks at."""

    SECURITY = "security"
    FUNCTIONALITY = "functionality"
    SHARE = "share"
    USERS = "users"
    DOUBT = "doubt"


class Criterion(NamedTuple):
    """A criterion that an impact meets. Of two of one aspect, that of more `weight` is worse."""

    severity: Severity
    aspect: Aspect
    weight: float
    because: str
    doubt: Doubt | None = None


NOT_ASSESSED = "impact not assessed yet"
HIGHER = "the higher level in doubt"


def unassessed(severity: Severity) -> Ruling:
    """Of an impact of which nothing is known."""
    return Ruling(severity, f"{NOT_ASSESSED}: {HIGHER}", Doubt.NOT_ASSESSED)


def classify(impact: Impact, policy: Policy) -> Ruling:
    """The first row of the matrix that the impact meets, from SEV1 down; see `Policy`."""
    held = floor(impact, policy)
    found = _worst(criteria(impact, policy))
    if held and held.severity.outranks(found.severity):
        return Ruling(held.severity, held.because)
    return Ruling(found.severity, found.because, found.doubt)


def demanded(
    severity: Severity, decided_on: Impact, impact: Impact, policy: Policy
) -> Demand | None:
    """The level that the matrix wants now, when it is above the present one. What was known of the
    impact as the severity was decided (`decided_on`) has been weighed: only a criterion that has
    come up or grown since is asked about again.
    """
    weighed = criteria(decided_on, policy)
    grown = [
        criterion
        for criterion in criteria(impact, policy)
        if criterion.doubt is not Doubt.NOT_ASSESSED
        and criterion.severity.outranks(severity)
        and not _is_covered(criterion, weighed)
    ]
    if not grown:
        return None
    worst = _worst(grown)
    return Demand(worst.severity, MATRIX, worst.because)


def criteria(impact: Impact, policy: Policy) -> list[Criterion]:
    """All criteria of the matrix that the impact meets, one at least."""
    found: list[Criterion] = []
    percent, users, functionality = (
        impact.percent_affected,
        impact.users_affected,
        impact.functionality,
    )
    if impact.security_breach:
        found.append(Criterion(Severity.SEV1, Aspect.SECURITY, 1, "security breach"))
    if functionality:
        level, words = policy.functionality[functionality], functionality.value.replace("_", " ")
        found.append(Criterion(level, Aspect.FUNCTIONALITY, _BROKEN[functionality], words))
    contradicts = bool(users) and percent == 0
    if percent is not None and not contradicts:
        found.append(_by_percent(percent, policy))
    if users == 0:
        found.append(Criterion(Severity.SEV4, Aspect.USERS, 0, "no user impact"))
    elif not found:
        found.append(
            _in_doubt(users, "though 0% was said" if contradicts else "share unknown", policy)
        )
    if users:
        found.append(Criterion(Severity.SEV3, Aspect.USERS, 1, _affected(users)))
    return found


_BROKEN = {kind: weight for weight, kind in enumerate(reversed(Functionality))}
"""The more of it is broken, the more."""


def _by_percent(percent: float, policy: Policy) -> Criterion:
    words = f"{percent:.10g}% of users affected"
    severity = Severity.SEV3
    if percent >= policy.outage_percent:
        severity, words = Severity.SEV1, f"{words}: full outage"
    elif percent > policy.major_percent:
        severity = Severity.SEV2
    elif percent == 0:
        severity, words = Severity.SEV4, "no user impact"
    return Criterion(severity, Aspect.SHARE, percent, words)


def _in_doubt(users: int | None, share: str, policy: Policy) -> Criterion:
    """How many users are affected says little as long as nobody knows of how many: that it was none
    of them is not so any more.
    """
    of = NOT_ASSESSED if users is None else f"{_affected(users)}, {share}"
    doubt = Doubt.NOT_ASSESSED if users is None else Doubt.SHARE_UNKNOWN
    return Criterion(policy.unassessed, Aspect.DOUBT, 0, f"{of}: {HIGHER}", doubt)


def _affected(users: int) -> str:
    return f"{users:,} {'user' if users == 1 else 'users'} affected"


def _is_covered(criterion: Criterion, weighed: list[Criterion]) -> bool:
    """Whether what was weighed was as bad already. That something was in doubt covers no more than
    the doubt.
    """
    return any(
        (each.severity.outranks(criterion.severity) and each.aspect is not Aspect.DOUBT)
        or (each.aspect is criterion.aspect and each.weight >= criterion.weight)
        for each in weighed
    )


def _worst(found: list[Criterion]) -> Criterion:
    return min(found, key=lambda criterion: criterion.severity.value)
