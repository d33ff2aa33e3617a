"""The floors: below which level nobody may put an incident, whatever the matrix says.

Source: brief, "Escalation Triggers": "Customer-reported incidents affecting paying accounts →
minimum SEV2"; "Any data integrity concern → immediate SEV1". The levels are the policy's.
"""

from typing import NamedTuple

from domain.incident.impact import Impact
from domain.kernel.totality import total
from domain.policy import Concern, Policy, Severity


class Floor(NamedTuple):
    """The least severe level that is allowed now, with the rule that says so."""

    severity: Severity
    rule: str
    because: str


def floor(impact: Impact, policy: Policy) -> Floor | None:
    """The level below which this impact may not be put, if any: the most severe that holds.

    Source: brief, "Escalation Triggers": any data integrity concern → immediate SEV1;
    customer-reported incidents affecting paying accounts → minimum SEV2.
    """
    concerns = _concerns(impact)
    if not concerns:
        return None
    concern = min(concerns, key=policy.floors.__getitem__)
    return Floor(policy.floors[concern], f"escalation.{concern.value}", _CONCERNS[concern])


_CONCERNS = total(
    "words for concerns",
    Concern,
    {
        Concern.DATA_INTEGRITY: "data integrity concern",
        Concern.CUSTOMER_REPORTED: "customer-reported and affecting paying accounts",
    },
)


def _concerns(impact: Impact) -> list[Concern]:
    """What of this impact sets a floor."""
    found = []
    if impact.data_integrity_concern:
        found.append(Concern.DATA_INTEGRITY)
    if impact.customer_reported and impact.paying_customers:
        found.append(Concern.CUSTOMER_REPORTED)
    return found


_FLOORS_OF_OLD = total(
    "floors of old",
    Concern,
    {
        Concern.DATA_INTEGRITY: Severity.SEV1,
        Concern.CUSTOMER_REPORTED: Severity.SEV2,
    },
)
"""What floors were while no policy had them; the log is not to be read by the policy of today."""


def floor_of_old(impact: Impact) -> Severity | None:
    """The floor of an assessment from before events recorded it."""
    found = _concerns(impact)
    return min(_FLOORS_OF_OLD[concern] for concern in found) if found else None
