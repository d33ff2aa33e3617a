"""From impact to severity: the matrix, the floors that hold, and the automatic upgrade."""

from typing import NamedTuple

from domain.incident.impact import Impact, doubled
from domain.policy import Policy, Severity


class Classified(NamedTuple):
    """A severity with the criterion of the matrix that gave it."""

    severity: Severity
    because: str


class Floor(NamedTuple):
    """The least severe level that is allowed now, with the rule that says so."""

    severity: Severity
    rule: str
    because: str


def classify(impact: Impact, policy: Policy) -> Classified:
    """The first row of the matrix that the impact meets, from SEV1 down; see `Policy`."""
    held = floor(impact)
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


def floor(impact: Impact) -> Floor | None:
    """The level below which this impact may not be put, if any.

    Source: brief, "Escalation Triggers": any data integrity concern → immediate SEV1;
    customer-reported incidents affecting paying accounts → minimum SEV2.
    """
    if impact.data_integrity_concern:
        return Floor(Severity.SEV1, "escalation.data_integrity", "data integrity concern")
    if impact.customer_reported and impact.paying_customers:
        return Floor(
            Severity.SEV2,
            "escalation.customer_reported",
            "customer-reported and affecting paying accounts",
        )
    return None


def upgrade(severity: Severity, baseline: Impact, impact: Impact) -> Floor | None:
    """The level that the escalation triggers demand now, when it is above the present one."""
    held = floor(impact)
    if held and held.severity.outranks(severity):
        return held
    grown = doubled(baseline, impact)
    if grown and severity is not Severity.SEV1:
        words = ", ".join(
            f"{measure.value.replace('_', ' ')} {_figure(getattr(baseline, measure))} → "
            f"{_figure(getattr(impact, measure))}"
            for measure in grown
        )
        return Floor(
            severity.one_level_up(), "escalation.impact_doubled", f"impact doubled: {words}"
        )
    return None


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.10g}"
