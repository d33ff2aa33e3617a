"""Where alerts went, a row for each firing."""

from typing import Any

from domain.alerting import Action, AlertEnded, AlertRouted, ChangeReported, SignalPassedOver
from domain.alerting.change_samples import CHANGE
from domain.alerting.quarantine import SignalQuarantined, SignalReleased
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.events import AlertReceived
from domain.kernel.commit import Commit, Event, Recorded
from domain.policy import Severity
from projections.alerting.routes import ROUTES
from support.signal_list import rows_of
from support.spec import NOON, at


def shown(
    *events: Event, stream: str = "alert.a1", cause: str | None = None
) -> list[dict[str, Any]]:
    log = [
        Recorded(
            position,
            stream,
            Commit[Event](
                id=f"c{position}",
                actor="x",
                correlation_id="x",
                causation_id=cause,
                recorded_at=NOON,
                events=(event,),
            ),
        )
        for position, event in enumerate(events, start=1)
    ]
    return rows_of(log)


def routed(episode: str = "1", **more: object) -> AlertRouted:
    fields = {"product": "p", "source": "s", "alert_id": "a", "signal": 7, **more}
    return AlertRouted(occurred_at=NOON, episode=episode, **fields)  # type: ignore[arg-type]


def test_a_firing_that_opened_nothing_says_which_rule_said_so():
    (row,) = shown(routed(action=Action.IGNORE, rule="noise", because="why", until=at(60)))
    assert (row["action"], row["rule"], row["because"]) == ("ignore", "noise", "why")
    assert (row["incident"], row["until"], row["signal"]) == (None, at(60), 7)


def test_each_firing_has_a_row_and_the_last_decision_on_it_counts():
    rows = shown(
        routed(action=Action.IGNORE),
        AlertEnded(occurred_at=at(1), product="p", source="s", alert_id="a", episode="1"),
        routed("2", incident="i-2"),
        routed("1", incident="i-1"),
    )
    assert [(row["episode"], row["incident"]) for row in rows] == [("1", "i-1"), ("2", "i-2")]


def test_the_streams_of_alerts_changes_incidents_and_signals_are_followed():
    assert ROUTES.streams == ("alert.", "change.", "incident.", "signal.")


def test_a_change_has_a_row_though_it_opens_nothing():
    (row,) = shown(ChangeReported(occurred_at=at(1), change=CHANGE, signal=6, place=1))
    assert (row["action"], row["title"]) == ("change", "Deployed checkout 1.4.2")
    assert (row["service"], row["began_at"], row["incident"]) == ("checkout", at(1), None)


def test_what_was_used_with_flaws_has_a_row_of_its_own_with_what_they_are():
    told = {"product": "p", "source": "s"}
    flawed = SignalPassedOver(occurred_at=NOON, reason="", flaws=("`at` is no time",), **told)
    row = _row_of_signal(flawed)
    assert (row["action"], row["because"], row["flaws"]) == ("flawed", None, ("`at` is no time",))
    row = _row_of_signal(SignalPassedOver(occurred_at=NOON, reason="a test", **told))
    assert (row["action"], row["because"], row["flaws"]) == ("passed_over", "a test", ())


def test_what_says_nothing_new_has_a_row_with_the_incidents_that_it_is_about():
    told = {"product": "p", "source": "s", "reason": "says nothing new", "follows": True}
    row = _row_of_signal(SignalPassedOver(occurred_at=NOON, incidents=("i-1", "i-2"), **told))
    assert (row["action"], row["incident"], row["incidents"]) == ("follows", "i-1", ("i-1", "i-2"))


def test_what_waited_in_quarantine_and_was_used_names_its_incident():
    held = SignalQuarantined(
        occurred_at=NOON, product="p", source="s", code="c", reason="r", received_at=NOON,
        body_bytes=1,
    )  # fmt: skip
    (row,) = shown(held, stream="signal.7")
    assert (row["signal"], row["action"], row["because"]) == (7, "quarantined", "c: r")
    released = SignalReleased(occurred_at=at(1), incidents=("i-1",))
    (row,) = shown(held, released, stream="signal.7")
    assert (row["action"], row["incident"]) == ("released", "i-1")


def test_what_an_incident_hears_of_an_alert_by_a_signal_has_a_row():
    alert = Alert(
        product="p", source="s", alert_id="a", event_id="e", kind=AlertKind.TRIGGERED, title="Slow"
    )
    heard = AlertReceived(
        occurred_at=at(1), alert=alert, policy_version="1", severity=Severity.SEV2
    )
    (row,) = shown(heard, stream="incident.i-1", cause="signal.7")
    assert (row["signal"], row["action"], row["because"]) == (7, "told", "triggered")
    assert (row["incident"], row["title"], row["severity"]) == ("i-1", "Slow", Severity.SEV2)
    for cause in (None, "page.7", "signal.x"):
        assert shown(heard, stream="incident.i-1", cause=cause) == []


def _row_of_signal(event: Event) -> dict[str, Any]:
    (row,) = shown(event, stream="signal.7")
    return row
