"""An example of an alert and its event, with every optional field given."""

from msgspec.structs import replace

from domain.incident.alerts.alert import Alert, AlertKind, Change, Link, Opens
from domain.incident.corrections.correction_samples import clock
from domain.incident.events import AlertReceived
from domain.incident.impact import Impact
from domain.incident.severity.ruling import Growth, Ruling
from domain.policy import Functionality, Severity

IMPACT = Impact(
    users_affected=12_000,
    percent_affected=30.5,
    scope=3,
    regions=2,
    tenants=14,
    services=3,
    functionality=Functionality.KEY_FEATURE_DOWN,
    paying_customers=True,
    customer_reported=True,
    data_integrity_concern=False,
    security_breach=False,
    summary="payments time out in two regions",
)
ALERT = Alert(
    product="pagerduty",
    source="payments",
    alert_id="Q3K7PLQ2V2JN3N",
    event_id="01EVENT0000000000000000001",
    kind=AlertKind.TRIGGERED,
    episode="2026-05-04T11:58:00+00:00",
    opens=Opens.TRIAGE,
    title="Error rate of checkout above 5 %",
    service="checkout",
    priority="P2",
    urgency="high",
    assignees=("Ada Lovelace", "Grace Hopper"),
    by="monitoring",
    by_id="PT4KHLK",
    in_person=True,
    text="5.3 % over the last five minutes",
    url="https://example.pagerduty.com/incidents/Q3K7PLQ2V2JN3N",
    labels=(("pod", "checkout-7f9"), ("namespace", "shop")),
    links=(
        Link("Runbook", "https://runbooks.example.com/checkout"),
        Link("PagerDuty", "https://example.pagerduty.com/incidents/Q3K7PLQ2V2JN3N"),
    ),
    impact=IMPACT,
    rule="payments",
    description="5.3 % of all requests fail",
    fields=(("Region", "eu"),),
    restates=True,
)
ALERT_RECEIVED = AlertReceived(
    occurred_at=clock(11, 52),
    alert=replace(ALERT, storm="5b1f0c52-0f5c-5f0e-9a55-7d7d0a8e3c11"),
    policy_version="2026.1",
    severity=Severity.SEV2,
    number=7,
    unassessed=Severity.SEV2,
    changes=(Change("priority", "P3", "P2"),),
    live=True,
    known_as="HighErrorRate on api-7",
    heard_at=clock(11, 54),
    edition=2,
    matrix=Ruling(Severity.SEV2, "key feature down"),
    floor=Severity.SEV2,
    keeps=Severity.SEV1,
    cites="severity.matrix",
    assessed=True,
    stands=Severity.SEV2,
    growth=Growth(2.0, Severity.SEV1, "impact doubled: users affected 100 → 250"),
)
