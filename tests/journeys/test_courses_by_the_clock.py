"""Whole incidents by the clock: what each audience is told, to the minute.

The transcripts were worked out by hand from the brief: who is told of which severity and when
("Severity Classification Matrix"), the next update of each audience, what a mitigation, a setback,
a merge and a monitor lead to. They are played in the domain alone; `test_sev1_by_the_clock.py`
plays one through the whole service.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.impact import StatedImpact
from domain.incident.state import Open
from domain.policy import DEFAULT, Functionality, Role, Severity
from domain.policy.audience import Audience
from support.theatre import Theatre, clock

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "transcripts"
ALL = tuple(Audience)
ANA_AND_JAKE = {Role.INCIDENT_COMMANDER: "Ana", Role.TECHNICAL_LEAD: "Jake"}
THREE = {**ANA_AND_JAKE, Role.COMMUNICATIONS_LEAD: "Maria"}


def says(text: str, *audiences: Audience, headline: str | None = None) -> c.PostUpdate:
    return c.PostUpdate(text=text, audiences=audiences or ALL, headline=headline)


def sev2() -> Theatre:
    """Degraded for more than 25% of users, with an update that misses customers."""
    t = Theatre(clock(9))
    degraded = StatedImpact(percent_affected=30)
    t.does(
        "INC-1",
        c.Declare(title="Checkout is slow", services=("checkout",), impact=degraded, roles=THREE),
    )
    t.until(clock(9, 8))
    t.does("INC-1", c.Acknowledge())
    t.until(clock(9, 20))
    t.does("INC-1", says("Checkout is slow for 30% of users.", headline="Checkout is slow"))
    t.until(clock(9, 48))
    t.does("INC-1", says("No change.", Audience.ENGINEERING, Audience.EXECUTIVES))
    t.until(clock(10, 10))
    t.does("INC-1", c.IdentifyRootCause(cause="an index is missing"))
    t.until(clock(10, 14))
    t.does("INC-1", c.Mitigate(mitigation="the index is back"))
    t.until(clock(10, 18))
    t.does("INC-1", says("Checkout is fast again. We are watching."))
    t.until(clock(10, 40))
    t.does("INC-1", c.Resolve(resolution="it is part of the schema", verification="p99 300 ms"))
    t.until(clock(9, day=2))
    t.does("INC-1", c.PublishPostmortem(url="https://wiki.example.com/1"))
    t.until(clock(9, day=5))
    return t


def sev3() -> Theatre:
    """A minor feature, before the standup; nobody files what it came to."""
    t = Theatre(clock(8, 20, day=1))
    minor = StatedImpact(functionality=Functionality.MINOR_FEATURE_BROKEN)
    t.does(
        "INC-1",
        c.Declare(title="Export fails", services=("reports",), impact=minor, roles=ANA_AND_JAKE),
    )
    t.until(clock(8, 40, day=1))
    t.does("INC-1", c.Acknowledge())
    t.until(clock(10, 0, day=1))
    t.does("INC-1", says("Export fails; printing works.", headline="Export fails"))
    t.until(clock(11, 58, day=1))
    t.does("INC-1", says("Still at it.", Audience.ENGINEERING))
    t.until(clock(13, 30, day=1))
    t.does("INC-1", c.Mitigate(mitigation="the old exporter is back"))
    t.until(clock(13, 50, day=1))
    t.does("INC-1", says("Export works again. We are watching."))
    t.until(clock(14, 10, day=1))
    t.does("INC-1", c.Resolve(resolution="the exporter is mended"))
    t.until(clock(9, day=8))
    return t


def merge() -> Theatre:
    """A SEV1 that customers know of becomes part of a SEV3, and is another one after all."""
    t = Theatre(clock(9, 30))
    t.does(
        "INC-1",
        c.Declare(
            title="Search is slow",
            severity=Severity.SEV3,
            services=("search",),
            roles={Role.INCIDENT_COMMANDER: "Bea"},
        ),
    )
    t.until(clock(9, 40))
    outage = StatedImpact(percent_affected=100)
    t.does(
        "INC-2",
        c.Declare(title="Payments fail", services=("pay",), impact=outage, roles=ANA_AND_JAKE),
    )
    t.does("INC-2", c.Acknowledge())
    t.until(clock(9, 45))
    t.does("INC-2", says("Payments fail for all.", headline="Payments are failing"))
    t.until(clock(9, 50))
    t.does("INC-2", c.Merge(into="INC-1", reason="the same database"))
    t.until(clock(10, 2))
    t.does("INC-1", says("We look at the database."), "bea")
    t.until(clock(10, 8))
    t.does("INC-2", c.Unmerge(reason="another database"))
    t.until(clock(10, 15))
    t.does("INC-2", c.Mitigate(mitigation="failed over"))
    t.until(clock(10, 20))
    t.does("INC-2", says("Payments work again. We are watching."))
    t.until(clock(10, 32))
    t.does("INC-2", c.Resolve(resolution="failed over for good", verification="errors 0.1 %"))
    t.until(clock(10, 34))
    t.does("INC-1", c.Mitigate(mitigation="a cache", override="alone with it"), "bea")
    t.until(clock(10, 52))
    t.does("INC-1", c.Resolve(resolution="the cache stays"), "bea")
    t.until(clock(9, day=1))
    t.does("INC-1", c.FileRecord(impact="none", follow_ups="none needed"), "bea")
    t.does("INC-2", c.PublishPostmortem(url="https://wiki.example.com/2"))
    t.until(clock(9, day=5))
    return t


def setback() -> Theatre:
    """A mitigation that did not hold, and a resolution that did not."""
    t = Theatre(clock(9))
    outage = StatedImpact(percent_affected=100)
    t.does("INC-1", c.Declare(title="Payments fail", services=("pay",), impact=outage, roles=THREE))
    t.does("INC-1", c.Acknowledge())
    t.until(clock(9, 6))
    t.does("INC-1", says("Payments fail for all.", headline="Payments are failing"))
    t.until(clock(9, 15))
    t.does("INC-1", c.Mitigate(mitigation="rolled back"))
    t.until(clock(9, 18))
    t.does("INC-1", says("Payments work again. We are watching."))
    t.until(clock(9, 25))
    t.does("INC-1", c.DidNotHold(reason="time-outs are back"))
    t.until(clock(9, 33))
    t.does("INC-1", c.IdentifyRootCause(cause="a pool without a limit"))
    t.until(clock(9, 34))
    t.does("INC-1", c.Mitigate(mitigation="the pool is limited"))
    t.until(clock(9, 36))
    t.does("INC-1", says("Payments work. We are watching."))
    t.until(clock(9, 50))
    t.does("INC-1", c.Resolve(resolution="the pool has a limit", verification="errors 0.1 %"))
    t.until(clock(10, 20))
    t.does("INC-1", c.DidNotHold(reason="time-outs since 10:15"))
    t.until(clock(10, 24))
    t.does("INC-1", c.Acknowledge())
    t.until(clock(10, 26))
    t.does("INC-1", c.Mitigate(mitigation="the old client is back"))
    t.until(clock(10, 30))
    t.does("INC-1", says("Payments work again. We are watching."))
    t.until(clock(10, 43))
    t.does("INC-1", c.Resolve(resolution="the old client holds", verification="errors 0.1 %"))
    t.until(clock(9, day=1))
    t.does("INC-1", c.PublishPostmortem(url="https://wiki.example.com/1"))
    t.until(clock(9, day=5))
    return t


def monitor() -> Theatre:
    """A page that is taken on: its monitor recovers under the commander, and fires again."""
    t = Theatre(clock(14))

    def alert(kind: AlertKind) -> None:
        report = Alert(
            product="pagerduty",
            source="pd",
            alert_id="Q1",
            event_id=f"{kind}-{t.now:%H%M}",
            kind=kind,
            opens=Opens.TRIAGE,
            title="API error rate above 5%",
            service="checkout",
        )
        t.does("INC-1", c.ReceiveAlert(occurred_at=t.now, alert=report), "source:pagerduty")

    t.until(clock(14, 2))
    alert(AlertKind.TRIGGERED)
    t.until(clock(14, 5))
    t.does("INC-1", c.Acknowledge())
    t.until(clock(14, 8))
    degraded = StatedImpact(percent_affected=40)
    t.does(
        "INC-1",
        c.Declare(
            title="Checkout fails", services=("checkout",), impact=degraded, roles=ANA_AND_JAKE
        ),
    )
    t.until(clock(14, 20))
    t.does("INC-1", says("Checkout fails for 40% of users.", headline="Checkout fails"))
    t.until(clock(14, 30))
    alert(AlertKind.RESOLVED)
    assert isinstance(t["INC-1"], Open), "its commander says when it is over"
    t.until(clock(14, 34))
    t.does("INC-1", c.Mitigate(mitigation="the batch job is stopped"))
    t.until(clock(14, 40))
    alert(AlertKind.REOPENED)
    t.until(clock(14, 42))
    t.does("INC-1", c.DidNotHold(reason="the job came back"))
    t.until(clock(14, 48))
    t.does("INC-1", says("Checkout still fails; we are turning off a job."))
    t.until(clock(14, 52))
    t.does("INC-1", c.Mitigate(mitigation="its schedule is off"))
    t.until(clock(14, 54))
    alert(AlertKind.RESOLVED)
    t.until(clock(15, 9))
    t.does("INC-1", c.Resolve(resolution="the job is gone", verification="errors 0.1 %"))
    t.until(clock(9, day=1))
    t.does("INC-1", c.PublishPostmortem(url="https://wiki.example.com/1"))
    t.until(clock(9, day=5))
    return t


def reopened() -> Theatre:
    """A cause that was none, and a resolution that did not hold, half an hour later."""
    t = Theatre(clock(14))
    t.does("INC-1", c.Declare(title="Checkout fails", severity=Severity.SEV1, roles=THREE))
    t.does("INC-1", c.Acknowledge())
    t.does("INC-1", c.OpenHypothesis(statement="A bad config."))
    t.does("INC-1", c.ConfirmHypothesis(hypothesis="H1", finding="it began with it"))
    t.does("INC-1", c.WithdrawRootCause(reason="it went on without it"))
    t.does("INC-1", c.Mitigate(mitigation="failed over"))
    t.until(clock(14, 20))
    t.does("INC-1", c.Resolve(resolution="failed over", verification="p99 300 ms"))
    t.until(clock(14, 30))
    t.does("INC-1", c.DidNotHold(reason="errors are back"))
    t.does("INC-1", c.Acknowledge())
    t.does("INC-1", c.Mitigate(mitigation="more disks"))
    t.until(clock(14, 50))
    t.does("INC-1", c.Resolve(resolution="more disks", verification="p99 300 ms"))
    t.until(clock(15, 10))
    return t


def test_all_messages_promise_the_same_post_mortem():
    told = reopened().heard(Audience.ENGINEERING, "resolved", "postmortem_requested", "all_clear")
    first, second = "2026-05-06 14:20 UTC", "2026-05-06 14:50 UTC"
    kinds = ["resolved", "postmortem_requested"]
    assert [line.kind for line in told] == [*kinds, *kinds, "all_clear"]
    assert all(first in line.text for line in told[:2])
    assert all(second in line.text and first not in line.text for line in told[2:])


def test_what_was_ruled_out_ends_in_one_full_stop():
    told = [line.text for line in reopened().told if "Ruled out" in line.text]
    assert told
    assert all("Ruled out: H1 A bad config.\n" in text for text in told)


def test_the_subject_of_what_is_said_by_itself_parts_what_changed_from_what_goes_on():
    by_itself = replace(DEFAULT.levels[Severity.SEV1], automatic_update=True)
    t = Theatre(clock(14), replace(DEFAULT, levels=DEFAULT.levels | {Severity.SEV1: by_itself}))
    t.does("INC-1", c.Declare(title="Checkout fails", severity=Severity.SEV1, roles=THREE))
    t.does("INC-1", says("We are looking."))
    t.does("INC-1", c.ReassessImpact(percent_affected=60))
    t.until(clock(14, 16))
    (_, said) = t.heard(Audience.ENGINEERING, "update")
    words = "Since the last update: the impact was reassessed; still investigating: Checkout fails"
    assert said.subject.endswith(f" — {words}")


COURSES: tuple[Callable[[], Theatre], ...] = (sev2, sev3, merge, setback, monitor)


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.__name__)
def test_who_is_told_what_and_when(course: Callable[[], Theatre]):
    transcript = "".join(f"{line}\n" for line in course().told)
    assert transcript == (GOLDEN / f"{course.__name__}.txt").read_text()
