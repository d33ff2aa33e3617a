"""The list of what waits in quarantine."""

from datetime import UTC, datetime

from domain.alerting.quarantine import SignalDiscarded, SignalQuarantined, SignalReleased
from domain.kernel.commit import Commit, Event, Recorded
from handlers.projecting.folder import Folder
from projections.alerting.quarantine import QUARANTINE
from projections.projection import Put

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 4, 13, tzinfo=UTC)
COLUMNS = [column.name for column in QUARANTINE.tables[0].columns]


def quarantined(at: datetime = NOON, code: str = "body.not_json") -> SignalQuarantined:
    return SignalQuarantined(
        occurred_at=at,
        product="pagerduty",
        source="pd",
        code=code,
        reason="why",
        received_at=NOON,
        body_bytes=9,
    )


def shown(*events: Event) -> dict[str, object]:
    case = QUARANTINE.initial
    for position, event in enumerate(events, start=1):
        recorded = Recorded(position, "signal.17", commit(event))
        case = QUARANTINE.evolve(case, recorded)
    (put,) = QUARANTINE.show("17", case)
    assert isinstance(put, Put)
    return dict(zip(COLUMNS, put.row, strict=True))


def commit(event: Event) -> Commit[Event]:
    return Commit(id="c", actor="a", correlation_id="x", recorded_at=NOON, events=(event,))


def test_a_signal_in_quarantine_says_since_when_and_why():
    row = shown(quarantined())
    assert (row["position"], row["product"], row["source"]) == (17, "pagerduty", "pd")
    assert (row["code"], row["reason"], row["body_bytes"]) == ("body.not_json", "why", 9)
    assert (row["status"], row["quarantined_at"], row["settled_at"]) == ("quarantined", NOON, None)


def test_another_reason_replaces_the_first_but_not_since_when():
    row = shown(quarantined(), quarantined(LATER, "event_type.unknown"))
    assert (row["code"], row["quarantined_at"]) == ("event_type.unknown", NOON)


def test_a_released_signal_names_its_incidents():
    row = shown(quarantined(), SignalReleased(occurred_at=LATER, incidents=("i-1",)))
    assert (row["status"], row["settled_at"], row["incidents"]) == ("released", LATER, ("i-1",))


def test_a_discarded_signal_says_why_until_it_is_released_after_all():
    gone = SignalDiscarded(occurred_at=LATER, reason="noise")
    assert shown(quarantined(), gone)["note"] == "noise"
    row = shown(quarantined(), gone, SignalReleased(occurred_at=LATER))
    assert (row["status"], row["note"]) == ("released", None)


def test_other_streams_are_not_ours():
    signal, other = (Recorded(1, f"{name}.17", commit(quarantined())) for name in ("signal", "x"))
    assert Folder(QUARANTINE).select([signal, other]) == {"17": [signal]}


def test_the_initial_state_is_that_of_no_signal():
    assert QUARANTINE.initial is None
    assert list(QUARANTINE.show("17", None)) == []
