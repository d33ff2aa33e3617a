"""The fate of a signal that could not be used."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from domain.alerting import QUARANTINE
from domain.alerting.quarantine import (
    Discard,
    Quarantine,
    QuarantineCommand,
    QuarantineEvent,
    Release,
    SignalDiscarded,
    SignalQuarantined,
    SignalReleased,
)
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from domain.registry import EVENT_TYPES

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTEXT = Context(NOON, "command-1", DEFAULT)


def quarantine(code: str = "body.not_json", reason: str = "no JSON") -> Quarantine:
    return Quarantine(
        product="pagerduty",
        source="pd",
        code=code,
        reason=reason,
        received_at=NOON,
        body_bytes=3,
    )


def quarantined(code: str = "body.not_json", reason: str = "no JSON") -> SignalQuarantined:
    return SignalQuarantined(
        occurred_at=NOON,
        product="pagerduty",
        source="pd",
        code=code,
        reason=reason,
        received_at=NOON,
        body_bytes=3,
    )


RELEASED = SignalReleased(occurred_at=NOON, incidents=("i-1",))
DISCARDED = SignalDiscarded(occurred_at=NOON, reason="noise")


def decided(command: QuarantineCommand, *history: QuarantineEvent) -> list[QuarantineEvent]:
    return QUARANTINE.decide(command, QUARANTINE.fold(QUARANTINE.initial, history), CONTEXT)


@pytest.mark.parametrize(
    ("command", "history", "events"),
    [
        (quarantine(), (), [quarantined()]),
        (quarantine(), (quarantined(),), []),
        (quarantine("x"), (quarantined(),), [quarantined("x")]),
        (quarantine(), (quarantined(), RELEASED), []),
        (quarantine(), (quarantined(), DISCARDED), []),
        (Release(incidents=("i-1",)), (), []),
        (Release(incidents=("i-1",)), (quarantined(),), [RELEASED]),
        (Release(incidents=("i-1",)), (quarantined(), RELEASED), []),
        (Release(incidents=("i-1",)), (quarantined(), DISCARDED), [RELEASED]),
        (Discard(reason="noise"), (quarantined(),), [DISCARDED]),
        (Discard(reason="noise"), (quarantined(), DISCARDED), []),
    ],
)
def test_what_each_command_causes(
    command: QuarantineCommand, history: tuple[QuarantineEvent, ...], events: list[QuarantineEvent]
):
    assert decided(command, *history) == events


@pytest.mark.parametrize("history", [(), (quarantined(), RELEASED)])
def test_only_what_is_in_quarantine_can_be_given_up(history: tuple[QuarantineEvent, ...]):
    with pytest.raises(Refused) as refused:
        decided(Discard(reason="noise"), *history)
    assert refused.value.code == "signal.not_quarantined"


def test_the_catalogue_knows_the_events():
    tags = {str(kind.__struct_config__.tag) for kind in get_args(QuarantineEvent)}
    ends = ("quarantined", "released", "discarded", "passed_over")
    assert tags == {f"signal.{end}.v1" for end in ends}
    assert tags <= EVENT_TYPES.keys()
