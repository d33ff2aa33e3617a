"""The severity that an impact has by the matrix, from SEV1 down.

Source: brief, "Severity Classification Matrix".
"""

from typing import NamedTuple

from domain.incident.impact import Impact
from domain.incident.severity.floors import floor
from domain.policy import Policy, Severity


class Classified(NamedTuple):
    """A severity with the criterion of the matrix that gave it."""

    severity: Severity
    because: str


def classify(impact: Impact, policy: Policy) -> Classified:
    """The first row of the matrix that the impact meets, from SEV1 down; see `Policy`."""
    held = floor(impact, policy)
    found = _criterion(impact, policy)
    if held and held.severity.outranks(found.severity):
        return Classified(held.severity, held.because)
    return found


def _criterion(impact: Impact, policy: Policy) -> Classified:
    candidates: list[Classified] = []
    percent, users = impact.percent_affected, impact.users_affected
    if impact.security_breach:
        candidates.append(Classified(Severity.SEV1, "security breach"))
    if impact.functionality:
        words = impact.functionality.value.replace("_", " ")
        candidates.append(Classified(policy.functionality[impact.functionality], words))
    if percent is not None:
        candidates.append(_by_percent(percent, policy))
    if users is not None:
        candidates.append(_by_users(users))
    if not candidates:
        return Classified(policy.unassessed, "impact not assessed yet: the higher level in doubt")
    return min(candidates, key=lambda candidate: candidate.severity.value)


def _by_percent(percent: float, policy: Policy) -> Classified:
    if percent >= policy.outage_percent:
        return Classified(Severity.SEV1, f"{percent:.10g}% of users affected: full outage")
    if percent > policy.major_percent:
        return Classified(Severity.SEV2, f"{percent:.10g}% of users affected")
    if percent > 0:
        return Classified(Severity.SEV3, f"{percent:.10g}% of users affected")
    return Classified(Severity.SEV4, "no user impact")


def _by_users(users: int) -> Classified:
    if users > 0:
        return Classified(Severity.SEV3, f"{users:,} users affected")
    return Classified(Severity.SEV4, "no user impact")
