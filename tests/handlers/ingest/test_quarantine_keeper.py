"""Quarantine wakes somebody: what waits is told to engineering, and settled when it is settled."""

import json
from datetime import timedelta

import pytest

from domain.alerting.quarantine import SignalPassedOver
from domain.alerting.waiting import QuarantineCleared, SignalsWaiting
from domain.policy import DEFAULT, Severity
from handlers.ingest.quarantine_keeper import STREAM, QuarantineKeeper
from handlers.ingest.severity_scan import scan_severity
from projections.alerting.quarantine import WAITING_CAUSES, Cause
from support.answers import Answers


@pytest.fixture
def causes() -> list[Cause]:
    return []


@pytest.fixture
def keeper(desk, causes):
    ids = iter(range(1_000))

    async def found(_):
        return list(causes)

    def made() -> QuarantineKeeper:
        answers = Answers({WAITING_CAUSES: found})
        return QuarantineKeeper(answers, desk.executor.transactor, lambda: f"k-{next(ids)}")

    return made


async def told(desk) -> list[object]:
    return [event for each in await desk.store.load(STREAM) for event in each.commit.events]


async def test_many_signals_are_told_once_also_by_one_that_starts_again(desk, causes, keeper):
    assert await keeper().report() == 0
    causes.append(
        Cause(
            product="alertmanager", source="am", code="body.not_json", count=10_000, position=3,
            reason="the body is not JSON", severity=Severity.SEV1,
            since=desk.now - timedelta(seconds=9), last=desk.now - timedelta(seconds=6),
        )
    )  # fmt: skip
    one = keeper()
    for each in (one, one, keeper(), keeper()):
        assert await each.report() == 10_000
    (event,) = await told(desk)
    assert isinstance(event, SignalsWaiting)
    assert (event.count, event.severity, event.causes[0].position) == (10_000, "SEV1", 3)
    causes.clear()
    for each in (one, one, keeper()):
        assert await each.report() == 0
    assert [type(each) for each in await told(desk)] == [SignalsWaiting, QuarantineCleared]


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        (b'{"alerts": [{"labels": {"severity": "critical"', Severity.SEV1),
        (b'"severity":"info" ... "priority": "P2" ... "level" : "warning"', Severity.SEV2),
        (b'{"event": {"data": {"priority": {"id": "X", "summary": "P1"}}}}', Severity.SEV1),
        (b"severity=minor&x=1", Severity.SEV3),
        (b"nothing of that kind", None),
        (b"\x00\xff", None),
    ],
)
def test_the_severity_is_read_wherever_it_stands(body: bytes, severity: Severity | None):
    assert scan_severity(body, DEFAULT) is severity


async def test_what_is_put_into_quarantine_has_the_severity_that_it_states(desk):
    await desk.deliver("am", b'{"alerts": 7, "commonLabels": {"severity": "P1"}}')
    (recorded,) = await desk.store.load("signal.1")
    assert recorded.commit.events[0].severity is Severity.SEV1


async def test_what_is_flawed_is_in_the_record_of_its_signal_once_and_told_to_its_sender(desk):
    alert = {"labels": {"alertname": "Disk", "severity": "dreadful"}, "startsAt": "soon"}
    body = json.dumps({"alerts": [{**alert, "status": "firing", "fingerprint": "f1"}]}).encode()
    verdict = await desk.deliver("am", body)
    assert verdict.outcome == "used"
    severity, at = sorted(verdict.flaws, key=lambda flaw: "startsAt" in flaw)
    assert "dreadful" in severity
    assert "startsAt" in at
    await desk.intake.replay(1)
    (recorded,) = await desk.store.load("signal.1")
    (event,) = recorded.commit.events
    assert isinstance(event, SignalPassedOver)
    assert (event.reason, event.flaws) == ("", verdict.flaws)
    told = await desk.intake.outcomes.of(1)
    assert told.flaws == verdict.flaws
