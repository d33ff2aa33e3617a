"""What everybody sends and is no outage opens nothing by default, and a rule says otherwise."""

from typing import Any

import pytest

from domain.alerting.default_rules import DEFAULT_RULES
from domain.alerting.rules import Action, AlertAttributes, Rule, Rulebook, route
from support.spec import NOON

BOOK = Rulebook(defaults=DEFAULT_RULES)


def said(**labels: str) -> AlertAttributes:
    return AlertAttributes(
        product="alertmanager", source="am", alert_id="a", at=NOON, labels=labels
    )


@pytest.mark.parametrize(
    ("labels", "rule"),
    [
        ({"alertname": "Watchdog", "severity": "none"}, "dead man's switch"),
        ({"alertname": "Watchdog", "severity": "critical"}, "dead man's switch"),
        ({"alertname": "DeadMansSwitch"}, "dead man's switch"),
        ({"alertname": "PrometheusAlertmanagerE2eDeadManSwitch"}, "dead man's switch"),
        *(
            ({"alertname": name}, "dead man's switch")
            for name in (
                *("watchdog", "WATCHDOG", "WatchdogAlert", "Heartbeat", "AlwaysFiring"),
                *("deadmansswitch", "KubeDeadMansSwitch", "Dead man's switch", "dead-mans-switch"),
                *("Dead Man Switch", "DeadMansSnitch"),
            )
        ),
        ({"alertname": "InfoInhibitor", "severity": "none"}, "inhibitor"),
        ({"alertname": "Anything", "severity": "None"}, "severity none"),
        ({"alertname": "TestAlert", "instance": "Grafana"}, "test notification"),
    ],
)
def test_it_opens_nothing_and_the_rule_says_why(labels: dict[str, str], rule: str):
    decision = route(BOOK, said(**labels))
    assert (decision.action, decision.rule, bool(decision.because)) == (Action.IGNORE, rule, True)


@pytest.mark.parametrize(
    "labels",
    [
        {"alertname": "WatchdogTimeout", "severity": "critical"},
        {"alertname": "HeartbeatMissing", "severity": "critical"},
        {"alertname": "DeadMansSwitchSilent", "severity": "critical"},
        {"alertname": "TestAlert", "instance": "web-1"},
        {"alertname": "NoneLeft", "severity": "warning"},
        {},
    ],
)
def test_what_only_resembles_it_is_an_alert_like_any_other(labels: dict[str, str]):
    assert route(BOOK, said(**labels)).action is None


def test_a_rule_of_the_operator_comes_first():
    own: dict[str, Any] = {"labels": {"alertname": "Watchdog"}, "action": Action.DECLARE}
    book = Rulebook(rules=(Rule(**own),), defaults=DEFAULT_RULES)
    assert route(book, said(alertname="Watchdog")).action is Action.DECLARE
