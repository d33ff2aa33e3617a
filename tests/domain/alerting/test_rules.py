"""Rules, silences and maintenance windows: what matches, and what then becomes of an alert."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.alerting import Action, AlertAttributes, RoutingDecision, Rulebook, route
from domain.policy import Severity
from support.spec import NOON, at


def said(**changes: Any) -> AlertAttributes:
    known: dict[str, Any] = {
        "product": "alertmanager",
        "source": "prod-eu",
        "alert_id": "f1",
        "at": NOON,
        "severity": Severity.SEV2,
        "service": "checkout",
        "title": "HighErrorRate: Errors above 5%",
        "group": "g1",
        "labels": {"region": "eu-1", "team": "payments"},
    }
    return AlertAttributes(**(known | changes))


def book(*rules: dict[str, Any], **more: Any) -> Rulebook:
    return msgspec.convert({"rules": list(rules), **more}, Rulebook)


def decided(rule: dict[str, Any], **changes: Any) -> RoutingDecision:
    return route(book({"action": "ignore", **rule}), said(**changes))


@pytest.mark.parametrize(
    ("matchers", "matches"),
    [
        ({}, True),
        ({"product": "alertmanager"}, True),
        ({"product": ["grafana", "alertmanager"]}, True),
        ({"product": "grafana"}, False),
        ({"source": "prod-*"}, True),
        ({"source": "staging-*"}, False),
        ({"service": ["cart", "check*"]}, True),
        ({"severity": "SEV2"}, True),
        ({"severity": ["SEV3", "SEV4"]}, False),
        ({"title": "errors? above \\d+%"}, True),
        ({"title": "^Errors"}, False),
        ({"labels": {"region": "eu-*"}}, True),
        ({"labels": {"region": "eu-*", "team": ["search", "payments"]}}, True),
        ({"labels": {"region": "eu-*", "team": "search"}}, False),
        ({"labels": {"cluster": "*"}}, True),
        ({"labels": {"cluster": "?*"}}, False),
        ({"service": "checkout", "severity": "SEV1"}, False),
    ],
)
def test_a_rule_matches_if_all_of_it_does(matchers: dict[str, Any], matches: bool):
    assert (decided(matchers).action is Action.IGNORE) is matches


def test_what_an_alert_does_not_say_matches_no_wish():
    for matchers in ({"service": "?*"}, {"severity": "SEV2"}, {"title": "."}):
        assert decided(matchers, service=None, severity=None, title=None) == RoutingDecision()


def test_the_first_rule_that_matches_decides():
    rules = (
        {"action": "ignore", "service": "cart"},
        {"action": "triage", "service": "checkout", "name": "checkout-first"},
        {"action": "declare"},
    )
    assert route(book(*rules), said()).rule == "checkout-first"
    assert route(book(*rules), said(service="search")) == RoutingDecision(
        action=Action.DECLARE, rule="rule 3"
    )


def test_without_a_rule_the_source_says():
    assert route(Rulebook(), said()) == RoutingDecision()


@pytest.mark.parametrize(
    ("rule", "changes", "shared"),
    [
        ({"action": "declare"}, {}, None),
        ({"action": "attach"}, {}, ("service", "checkout")),
        ({"action": "attach"}, {"service": None}, ("group", "alertmanager", "prod-eu", "g1")),
        ({"action": "attach"}, {"service": None, "group": None}, None),
        ({"action": "attach", "by": "group"}, {}, ("group", "alertmanager", "prod-eu", "g1")),
        (
            {"action": "declare", "dedup_key": "{service}/{labels.region}/{labels.x}"},
            {},
            ("key", "checkout/eu-1/"),
        ),
        ({"action": "attach", "dedup_key": "{severity} {alert_id}"}, {}, ("key", "SEV2 f1")),
    ],
)
def test_what_alerts_of_one_incident_have_in_common(
    rule: dict[str, Any], changes: dict[str, Any], shared: tuple[str, ...] | None
):
    assert decided(rule, **changes).shared == shared


def window(start_min: float, end_min: float, **more: Any) -> dict[str, Any]:
    return {"from": at(start_min), "until": at(end_min), **more}


@pytest.mark.parametrize(("began_min", "silent"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_silence_covers_what_begins_within_it(began_min: float, silent: bool):
    quiet = book({"action": "declare"}, silences=[window(0, 60, title="error")])
    decision = route(quiet, said(at=at(began_min)))
    assert (decision.action is Action.IGNORE) is silent
    if silent:
        assert (decision.rule, decision.until) == ("silence 1", at(60))


def test_maintenance_goes_before_silences_and_says_why():
    work = window(0, 60, service="check*", name="db upgrade", reason="PostgreSQL 18")
    quiet = book(silences=[window(0, 90)], maintenance=[work])
    decision = route(quiet, said())
    assert (decision.rule, decision.because) == ("db upgrade", "PostgreSQL 18")
    assert route(quiet, said(service="cart")).rule == "silence 1"


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"rules": [{"action": "shout"}]}, "shout"),
        ({"rules": [{"action": "ignore", "titel": "x"}]}, "titel"),
        ({"rules": [{"action": "ignore", "title": "("}]}, "not a regular expression"),
        ({"rules": [{"action": "declare", "dedup_key": "{servce}"}]}, "no {servce}"),
        ({"rules": [{"action": "declare", "dedup_key": "{service.__class__}"}]}, "there is no"),
        ({"rules": [{"action": "declare", "flap_window_s": 86_401}]}, "86400"),
        ({"silences": [window(60, 0)]}, "later than from"),
        ({"silences": [{"from": NOON.replace(tzinfo=None), "until": NOON}]}, "timezone"),
        ({"maintenance": [window(0, 60)]}, "service"),
        ({"maintenance": [window(0, 60, service=[])]}, "name one or more"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(part: dict[str, Any], fault: str):
    with pytest.raises(msgspec.ValidationError, match=fault.replace("{", "\\{")):
        msgspec.convert(part, Rulebook)


def test_a_title_may_be_anything():
    assert decided({"title": "a"}, title="\U0001f525" * 300) == RoutingDecision()


def test_a_window_is_told_by_the_clock_of_the_alert_in_any_zone():
    quiet = book(silences=[{"from": "2026-05-04T14:00:00+02:00", "until": "2026-05-04T13:00:00Z"}])
    for moment, silent in ((NOON, True), (NOON + timedelta(hours=1), False)):
        assert (route(quiet, said(at=moment)).action is Action.IGNORE) is silent
