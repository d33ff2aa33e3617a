"""What alerts and clocks say in the incidents that templates are tried on."""

from datetime import UTC, datetime, timedelta

from domain.incident import events as e
from domain.incident.alerts.alert import Alert, AlertKind, Link, Opens
from domain.incident.deadlines import events as k
from domain.policy import Severity


def at(minutes: float) -> datetime:
    """So many minutes after the incident was declared."""
    return datetime(2026, 5, 4, 14, 8, tzinfo=UTC) + timedelta(minutes=minutes)


def automatic(rule: k.DeadlineRule) -> k.Automatic:
    """By a rule of the policy."""
    return k.Automatic(rule=rule, policy_version="2026.1", caused_by="a-command/0")


def page(
    *, known: bool, minute: float = -6, kind: AlertKind = AlertKind.TRIGGERED
) -> e.AlertReceived:
    """What a report of an alert says; next to nothing, if it is not `known`."""
    return e.AlertReceived(
        occurred_at=at(minute),
        alert=Alert(
            product="pagerduty",
            source="pagerduty",
            alert_id="Q1",
            event_id=f"{kind.value} {minute}",
            kind=kind,
            episode=f"{minute}" if kind is AlertKind.TRIGGERED and minute > 0 else None,
            opens=Opens.INCIDENT if known else Opens.TRIAGE,
            title="Error rate of checkout above 5%" if known else None,
            service="checkout" if known else None,
            priority="P1" if known else None,
            text="5xx at 7.3 % for 10 minutes, all of it on one pod." if known else None,
            labels=(("pod", "checkout-7f9"), ("namespace", "shop")) if known else (),
            links=(Link("Runbook", "https://runbooks.example.com/errors"),) if known else (),
            url="https://example.pagerduty.com/incidents/Q1" if known else None,
        ),
        policy_version="2026.1",
        severity=Severity.SEV1 if known else None,
        number=7,
        unassessed=Severity.SEV2,
        edition=2,
    )


def asked(minute: float) -> k.AlertsOver:
    """Responders are asked how it goes on."""
    rule = k.DeadlineRule.ALERTS_OVER
    return k.AlertsOver(occurred_at=at(minute), due_at=at(minute), automatic=automatic(rule))
