"""The floors: below which level nobody may put an incident, whatever the matrix says.

Source: brief, "Escalation Triggers": "Customer-reported incidents affecting paying accounts →
minimum SEV2"; "Any data integrity concern → immediate SEV1". The levels are the policy's.
"""

from domain.incident.impact import Impact
from domain.incident.severity.ruling import Demand
from domain.kernel.totality import total
from domain.policy import Concern, Policy, Severity


def floor(impact: Impact, policy: Policy) -> Demand | None:
    """The level below which this impact may not be put, if any: the most severe that holds.

    Source: brief, "Escalation Triggers": any data integrity concern → immediate SEV1;
    customer-reported incidents affecting paying accounts → minimum SEV2. "Severity Classification
    Matrix": security breach → SEV1.
    """
    concerns = concerns_of(impact)
    if not concerns:
        return None
    concern = min(concerns, key=policy.floors.__getitem__)
    return Demand(policy.floors[concern], *_CONCERNS[concern])


MATRIX = "severity.matrix"
"""The rule that events cite which the matrix has caused."""
DATA_INTEGRITY = "escalation.data_integrity"
CUSTOMER_REPORTED = "escalation.customer_reported"

_CONCERNS = total(
    "rules and words of concerns",
    Concern,
    {
        Concern.DATA_INTEGRITY: (DATA_INTEGRITY, "data integrity concern"),
        Concern.CUSTOMER_REPORTED: (
            CUSTOMER_REPORTED,
            "customer-reported and affecting paying accounts",
        ),
        Concern.SECURITY_BREACH: (MATRIX, "security breach"),
    },
)


def concerns_of(impact: Impact) -> list[Concern]:
    """What of this impact sets a floor."""
    found = []
    if impact.data_integrity_concern:
        found.append(Concern.DATA_INTEGRITY)
    if impact.customer_reported and impact.paying_customers:
        found.append(Concern.CUSTOMER_REPORTED)
    if impact.security_breach:
        found.append(Concern.SECURITY_BREACH)
    return found


_FLOORS_OF_OLD = {
    Concern.DATA_INTEGRITY: Severity.SEV1,
    Concern.CUSTOMER_REPORTED: Severity.SEV2,
}
"""What floors were while no policy had them; the log is not to be read by the policy of today."""


def floor_of_old(impact: Impact) -> Severity | None:
    """The floor of an assessment from before events recorded it."""
    found = [_FLOORS_OF_OLD[each] for each in concerns_of(impact) if each in _FLOORS_OF_OLD]
    return min(found, default=None)
