"""An incident made up, moment by moment: what the samples of messages are about."""

from typing import NamedTuple

from adapters.templates.sample_alerts import at
from domain.incident import IncidentEvent
from domain.incident import events as e
from domain.incident.impact import Impact
from domain.policy import Functionality, Role, Severity
from domain.policy.audience import Audience

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
HEADLINE = "Card payments are failing"


class Story(NamedTuple):
    """What came before, and the event that is told."""

    before: tuple[IncidentEvent, ...]
    event: IncidentEvent


DECLARED = e.Declared(
    occurred_at=at(0),
    number=7,
    title="Card payments fail in the EU",
    severity=Severity.SEV1,
    policy_version="2026.1",
    summary="Every attempt to pay by card in EU-west ends in a time-out.",
    services=("checkout", "payments"),
    impact=Impact(
        users_affected=12_000,
        percent_affected=100,
        functionality=Functionality.KEY_FEATURE_DOWN,
        paying_customers=True,
        summary="about 340 transactions per minute are failing",
    ),
    impact_started_at=at(-13),
    detected_at=at(-6),
)
RESPONSE: tuple[IncidentEvent, ...] = (
    DECLARED,
    e.Acknowledged(occurred_at=at(1)),
    e.RoleAssigned(occurred_at=at(1), role=Role.INCIDENT_COMMANDER, assignee="Ada"),
    e.RoleAssigned(occurred_at=at(1), role=Role.COMMUNICATIONS_LEAD, assignee="Maria"),
    e.RoleAssigned(occurred_at=at(1), role=Role.TECHNICAL_LEAD, assignee="Jake"),
    e.HypothesisOpened(
        occurred_at=at(2), hypothesis="H1", statement="the deployment at 13:55", owner="Jake"
    ),
    e.UpdatePosted(
        occurred_at=at(3),
        text="Payment processing is down for 100% of users in EU-west.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=(ENGINEERING, EXECUTIVES, CUSTOMERS),
        headline=HEADLINE,
    ),
    e.HypothesisRejected(
        occurred_at=at(4), hypothesis="H1", finding="errors began two minutes before it"
    ),
    e.HypothesisOpened(
        occurred_at=at(5), hypothesis="H2", statement="the database connection pool", owner="Grace"
    ),
    e.ActionLogged(occurred_at=at(6), action="stopped the roll-out of build 1842"),
    e.ActionLogged(occurred_at=at(9), action="doubled the connections of the pool"),
)
CAUSE = e.RootCauseIdentified(
    occurred_at=at(17), cause="the pool has no limit per client, so one batch job took it all"
)
MITIGATED = e.Mitigated(occurred_at=at(20), mitigation="paused the batch job")
RESOLVED = e.Resolved(
    occurred_at=at(38), resolution="limited the pool per client; error rate at its baseline"
)
OVER = (*RESPONSE, CAUSE, MITIGATED, RESOLVED)
