"""What a message says of alerts: what fires, where, since when, and where to look."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.incident.alerts.alert import Alert, AlertKind, Link, Opens
from domain.incident.presentation.alert_facts import (
    FACTS_KEPT,
    TITLE_CHARS,
    AlertFacts,
    title_with_place,
    with_report,
)
from support.spec import NOW

ALERT = Alert(
    product="alertmanager",
    source="am",
    alert_id="w1",
    event_id="1",
    kind=AlertKind.TRIGGERED,
    opens=Opens.INCIDENT,
    title="KubePodNotReady: Pod not ready.",
    priority="critical",
    text="Pod shop/checkout-7f9 has been not ready for 15 minutes.",
    labels=(("pod", "checkout-7f9"), ("namespace", "shop")),
    links=(Link("Runbook", "https://runbooks.example.com/KubePodNotReady"),),
    url="https://am.example.com",
    began_at=NOW - timedelta(hours=2),
)


def told(*reports: Alert, at: datetime = NOW) -> tuple[AlertFacts, ...]:
    known: tuple[AlertFacts, ...] = ()
    for number, each in enumerate(reports):
        known = with_report(known, each, at + timedelta(minutes=number))
    return known


def alert(**more: Any) -> Alert:
    return replace(ALERT, **more)


def test_an_alert_says_where_since_when_how_bad_and_where_to_look():
    (facts,) = told(ALERT)
    assert facts.where == ALERT.labels
    assert facts.since == NOW - timedelta(hours=2)
    assert (facts.severity, facts.description) == ("critical", ALERT.text)
    assert facts.links == (*ALERT.links, Link("At the source", "https://am.example.com"))


def test_later_reports_say_what_is_the_matter_now_and_keep_what_they_leave_out():
    (facts,) = told(ALERT, alert(event_id="2", text="… for 20 minutes.", labels=(), links=()))
    assert facts.description == "… for 20 minutes."
    assert facts.where == ALERT.labels
    assert facts.links[0].name == "At the source" or facts.links == ALERT.links


def test_notes_and_ends_are_not_what_is_the_matter():
    note = alert(event_id="2", kind=AlertKind.ANNOTATED, text="restarted it")
    end = alert(event_id="3", kind=AlertKind.RESOLVED, text="all good", title="Recovered")
    (facts,) = told(ALERT, note, end)
    assert (facts.title, facts.description) == (ALERT.title, ALERT.text)


def test_an_alert_that_fires_again_is_since_then_and_still_one_alert():
    again = alert(event_id="2", episode="second", began_at=NOW)
    (facts,) = told(ALERT, again)
    assert facts.since == NOW


def test_of_ten_thousand_alerts_the_first_are_told():
    known = told(*(alert(alert_id=f"w{n}") for n in range(FACTS_KEPT + 30)))
    assert [each.alert_id for each in known] == [f"w{n}" for n in range(FACTS_KEPT)]


def test_two_alerts_of_one_name_have_two_titles():
    first, second = ALERT, alert(labels=(("pod", "index-2"), ("namespace", "search")))
    titles = [title_with_place(ALERT.title or "", (), told(each), 0) for each in (first, second)]
    assert titles == [
        "KubePodNotReady: Pod not ready. (checkout-7f9, shop)",
        "KubePodNotReady: Pod not ready. (index-2, search)",
    ]


def test_a_title_repeats_nothing_and_counts_what_it_cannot_name():
    facts = told(alert(labels=(("host", "web-1"), ("service", "checkout"))))
    assert title_with_place("Disk full on web-1", ("checkout",), facts, 0) == "Disk full on web-1"
    assert title_with_place("Disk full", (), facts, 1) == (
        "Disk full (web-1, checkout, and 1 more alert)"
    )
    assert title_with_place("Disk full", (), (), 0) == "Disk full"


def test_what_tells_two_places_apart_stays_however_long_all_of_it_is():
    deployment = "checkout-recommendations-worker-eu-west"
    pods = [told(alert(labels=(("pod", f"{deployment}-{end}"),))) for end in ("x7k2p", "b9q4w")]
    first, second = (title_with_place("Not ready", (), each, 0) for each in pods)
    assert first == "Not ready (checkout-recommenda…worker-eu-west-x7k2p)"
    assert second.endswith("…worker-eu-west-b9q4w)")
    long = f"{'Queue of messages grows ' * 8}on {deployment}"
    assert deployment[-10:] in title_with_place(
        long, (), told(alert(labels=(("pod", deployment),))), 0
    )


def test_a_value_that_says_nothing_alone_stands_with_its_name():
    facts = told(alert(labels=(("debug", "true"), ("code", "503"))))
    assert title_with_place("Errors", (), facts, 0) == "Errors (debug true, code 503)"


def test_a_long_title_leaves_room_for_the_place():
    title = title_with_place("x" * 300, (), told(ALERT), 1_200)
    assert title == f"{'x' * (TITLE_CHARS - 1)}… (checkout-7f9, shop, and 1,200 more alerts)"
