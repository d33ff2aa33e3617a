"""Where alerts went, a row for each firing."""

from domain.alerting import Action, AlertEnded, AlertRouted, ChangeReported, SignalPassedOver
from domain.alerting.change_samples import CHANGE
from domain.kernel.commit import Commit, Event, Recorded
from projections.alerting.routes import ROUTES
from projections.projection import Put
from support.spec import NOON, at

COLUMNS = [column.name for column in ROUTES.tables[0].columns]


def shown(*events: Event) -> list[dict[str, object]]:
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for position, event in enumerate(events, start=1):
        commit = Commit[Event](
            id=f"c{position}", actor="x", correlation_id="x", recorded_at=NOON, events=(event,)
        )
        for put in ROUTES.each(None, None, Recorded(position, "alert.a1", commit)):  # type: ignore[arg-type]
            assert isinstance(put, Put)
            rows[put.row[:2]] = dict(zip(COLUMNS, put.row, strict=True))
    return list(rows.values())


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


def test_the_streams_of_alerts_signals_and_changes_are_followed():
    assert ROUTES.follows == ("alert.", "signal.", "change.")


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


def _row_of_signal(event: Event) -> dict[str, object]:
    commit = Commit[Event](id="c", actor="x", correlation_id="x", recorded_at=NOON, events=(event,))
    (put,) = ROUTES.each(None, None, Recorded(1, "signal.7", commit))  # type: ignore[arg-type]
    assert isinstance(put, Put)
    return dict(zip(COLUMNS, put.row, strict=True))
