"""Every event has a line for people, or is left out on purpose; all of them blameless."""

import re
from datetime import timedelta

import msgspec
import pytest

from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind, Change
from domain.incident.events import Milestone
from domain.incident.impact import Impact, impact_words
from domain.incident.presentation.lines import Line, describe
from domain.kernel.text import duration
from domain.policy import Functionality
from domain.registry import event_types
from support.examples import EXAMPLES
from support.spec import SEV2, SEV3, at, changed, declared, paged

EVENT_TYPES = event_types()
"""What timelines may speak of: those of incidents of incidents and their notifications, in words of
their own, and those of any other aggregate in the words of tags.
"""

LEFT_OUT = {
    "notification.attempted.v1": "its outcome is told instead",
    "notification.failed.v1": "told once it is given up; until then the deliveries show it",
    "notification.requeued.v1": "its outcome is told instead",
}
"""Tags whose example deliberately has no line, and why."""

FAULT_TREE = "Fault tree"  # of systems, as the field calls it (IEC 61025)
BLAME = re.compile(
    r"\b(blame|fault|guilt\w*|mistake\w*|careless\w*|negligen\w*|human error|culprit)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_every_event_has_a_line_or_is_left_out_for_a_reason(tag: str):
    line = describe(EXAMPLES[tag])
    if tag in LEFT_OUT:
        assert line is None, "it has a line now: take it off the list"
        return
    assert line is not None, f"timelines say nothing of {tag}"
    assert line.text.strip()
    assert re.fullmatch(r"[a-z_]+", line.kind)
    assert "None" not in line.text


def test_what_another_aggregate_records_is_told_in_the_words_of_its_tag():
    line = describe(EXAMPLES["signal.passed_over.v1"])
    assert line == Line("passed_over", "Passed over")


def test_a_notification_that_is_given_up_has_a_line():
    """Failed webhooks that nobody can see are what users of other tools complain of."""
    failed = msgspec.structs.replace(
        EXAMPLES["notification.failed.v1"], will_retry=False, retry_at=None
    )
    line = describe(failed)
    assert line is not None
    assert line.kind == "failed"


def test_what_a_pager_did_not_page_about_is_not_told():
    taken = msgspec.structs.replace(
        EXAMPLES["notification.delivered.v1"], receipt="nothing to page: update_due"
    )
    line = describe(taken)
    assert line is not None
    assert line.text.startswith("Not told")
    assert "(nothing to page: update_due)" in line.text


@pytest.mark.parametrize("tag", sorted(set(EVENT_TYPES) - set(LEFT_OUT)))
def test_an_event_with_nothing_optional_has_a_line_too(tag: str):
    kind = EVENT_TYPES[tag]
    example = EXAMPLES[tag]
    required = {
        field.name: getattr(example, field.name)
        for field in msgspec.structs.fields(kind)
        if field.required
    }
    line = describe(kind(**required))
    assert line is not None
    assert "None" not in line.text


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_of_alert_has_a_line(kind: AlertKind):
    line = describe(paged(kind.value))
    assert line is not None
    assert line.kind == f"alert_{kind.value}"
    assert "None" not in line.text


@pytest.mark.parametrize("tag", EXAMPLES)
def test_lines_speak_of_the_system_not_of_who_is_at_fault(tag: str):
    line = describe(EXAMPLES[tag])
    assert line is None or BLAME.search(line.text.replace(FAULT_TREE, "")) is None


def news(event: e.AlertReceived, *changes: Change) -> e.AlertReceived:
    """The event, with what it says otherwise than the one before."""
    return msgspec.structs.replace(event, changes=changes)


PLACE = (("pod", "checkout-7f9"), ("namespace", "shop"))
ALERTS = [
    (
        paged(title="CPU high", text="95 %", by="Ada"),
        "CPU high — fired, reported by Ada (pagerduty): 95 %",
    ),
    (
        paged(title="CPU high", labels=PLACE, rule="pods"),
        "CPU high — fired, pod checkout-7f9, namespace shop (pagerduty, rule pods)",
    ),
    (
        news(paged(title="CPU high"), Change("text", "CPU at 91 %", "CPU at 99 %")),
        "CPU high — CPU at 91 % → CPU at 99 % (pagerduty)",
    ),
    (
        news(paged(title="CPU at 99 %"), Change("title", "CPU at 91 %", "CPU at 99 %")),
        "CPU at 99 % — title CPU at 91 % → CPU at 99 % (pagerduty)",
    ),
    (
        paged("annotated", title="CPU high", text="one\r\ntwo", by="Ada"),
        "CPU high — note, by Ada (pagerduty): one\ntwo",
    ),
    (
        news(
            paged("priority_updated", title="CPU high", priority="P1", by="Ada"),
            Change("priority", "P3", "P1"),
        ),
        "CPU high — priority P3 → P1, which stands for SEV1, by Ada (pagerduty)",
    ),
    (
        paged("priority_updated", title="CPU high", priority="P1", text="Priority P3 → P1"),
        "CPU high — priority P3 → P1, which stands for SEV1 (pagerduty)",
    ),
    (
        paged("priority_updated", title="CPU high", priority="P1"),
        "CPU high — priority now P1, which stands for SEV1 (pagerduty)",
    ),
    (
        news(
            paged("reassigned", title="CPU high", assignees=("Grace",), by="Jake"),
            Change("assignees", "Ada", "Grace"),
        ),
        "CPU high — reassigned from Ada to Grace, by Jake (pagerduty)",
    ),
    (
        paged("reassigned", title="CPU high", assignees=("Ada", "Grace")),
        "CPU high — reassigned to Ada, Grace (pagerduty)",
    ),
    (
        paged(
            "delegated",
            title="CPU high",
            text="to escalation policy Database on-call",
            assignees=("Grace",),
            by="Ada",
        ),
        (
            "CPU high — delegated to escalation policy Database on-call, now with Grace, by Ada"
            " (pagerduty)"
        ),
    ),
    (
        paged("escalated", title="CPU high", text="to Grace"),
        "CPU high — escalated to Grace (pagerduty)",
    ),
    (
        paged("updated", title="CPU high", text="Tags added: disk", by="Ada"),
        "CPU high — Tags added: disk, by Ada (pagerduty)",
    ),
    (paged("acknowledged", title=None), "pagerduty alert Q1 — acknowledged (pagerduty)"),
    (
        msgspec.structs.replace(paged("acknowledged", title=None), known_as="CPU high"),
        "CPU high — acknowledged (pagerduty)",
    ),
    (
        paged("priority_updated", title="CPU high", priority=None, urgency="high", by="Ada"),
        "CPU high — no priority now, by Ada (pagerduty)",
    ),
    (
        paged("resolved", title="CPU high", text="Merged into Disk", by="Ada", merged_into="Q2"),
        "CPU high — merged into Disk, by Ada (pagerduty)",
    ),
]


@pytest.mark.parametrize(("event", "expected"), ALERTS)
def test_what_alerts_say(event: e.AlertReceived, expected: str):
    line = describe(event)
    assert line is not None
    assert line.text == expected


LINES = [
    (declared(SEV3, title="Checkout fails"), "Incident declared SEV3: Checkout fails"),
    (
        declared(SEV2, title="t", because="30% of users affected"),
        "Incident declared SEV2 (30% of users affected): t",
    ),
    (changed(SEV3, SEV2), "Severity SEV2 → SEV3: as reviewed"),
    (changed(SEV2, SEV2), "Severity SEV2 confirmed: as reviewed"),
    (
        e.TimeCorrected(
            occurred_at=at(9), milestone=Milestone.DETECTED, value=None, reason="no metrics"
        ),
        "Corrected: detected at a time that is not known: no metrics",
    ),
]


@pytest.mark.parametrize(("event", "expected"), LINES)
def test_what_events_say(event: e.IncidentEvent, expected: str):
    line = describe(event)
    assert line is not None
    assert line.text == expected


@pytest.mark.parametrize(
    ("impact", "expected"),
    [
        (Impact(), "not known yet"),
        (Impact(users_affected=0), "0 users"),
        (Impact(percent_affected=0), "0% of users"),
        (Impact(percent_affected=100, users_affected=1_234_567), "100% of users, 1,234,567 users"),
        (
            Impact(functionality=Functionality.KEY_FEATURE_DOWN, scope=3),
            "scope 3, key feature down",
        ),
        (Impact(data_integrity_concern=True, security_breach=False), "data integrity concern"),
        (Impact(summary="two regions"), "not known yet (two regions)"),
    ],
)
def test_an_impact_in_words(impact: Impact, expected: str):
    assert impact_words(impact) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(minutes=2, seconds=59), "2 min"),
        (timedelta(minutes=60), "1 h 0 min"),
        (timedelta(hours=24, minutes=11), "24 h 11 min"),
        (timedelta(days=3), "72 h 0 min"),
        (timedelta(seconds=-30), "-30 s"),
        (timedelta(seconds=-0.5), "0 s"),
        (timedelta(minutes=-90), "-1 h 30 min"),
    ],
)
def test_a_duration_in_words(span: timedelta, expected: str):
    assert duration(span) == expected
