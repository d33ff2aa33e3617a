"""The statistics row of an incident: durations that are known, and an honest null otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.course.durations import SERIES
from domain.incident.events import Kind, Milestone
from domain.incident.impact import Impact
from domain.policy import Functionality, Role, Severity
from projections.incident.statistics import STATISTICS
from support.spec import (
    SEV1,
    SEV3,
    Log,
    acknowledged,
    at,
    canceled,
    corrected,
    declared,
    identified,
    log_of,
    merged,
    mitigated,
    page,
    paged,
    reopened,
    resolved,
    rows,
)

START = {"impact_started_at": at(-10), "detected_at": at(-8)}


def row_of(*events: e.IncidentEvent) -> dict[str, Any]:
    (row,) = rows(STATISTICS, log_of(*events))["incident"]
    return row


def durations(*events: e.IncidentEvent) -> dict[str, float | None]:
    row = row_of(*events)
    return {name: row[f"{name}_s"] for name in SERIES}


def test_a_whole_story_in_seconds():
    story = (declared(**START), acknowledged(2), identified(20), mitigated(30), resolved(40))
    assert durations(*story) == {
        "ttd": 120,
        "tta": 720,
        "ttm": 2400,
        "ttresolve": 3000,
        "declare_to_acknowledge": 120,
        "declare_to_mitigate": 1800,
        "declare_to_resolve": 2400,
    }


def test_the_github_outage_of_october_2018():
    """github.blog, "October 21 post-incident analysis": 22:52 impact, 22:54 first alerts, 23:09
    declared, 23:11 coordinator, 23:13 raised, 23:03 UTC of the next day resolved.
    """

    def clock(day: int, hour: int, minute: int) -> datetime:
        return datetime(2018, 10, day, hour, minute, tzinfo=UTC)

    log = Log()
    alert = page("triggered", opens="triage", title="Replication topology").alert
    for moment, command in (
        (clock(21, 22, 54), c.ReceiveAlert(alert=alert)),
        (
            clock(21, 23, 9),
            c.Declare(
                title="Degraded service",
                impact=Impact(functionality=Functionality.KEY_FEATURE_DOWN),
                impact_started_at=clock(21, 22, 52),
            ),
        ),
        (clock(21, 23, 11), c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="coordinator")),
        (clock(21, 23, 13), c.ChangeSeverity(severity=Severity.SEV1, reason="status red")),
        (
            clock(22, 23, 3),
            c.Resolve(resolution="all data served again", override="nobody else is there"),
        ),
    ):
        assert log.run(command, moment) == "decided"
    (row,) = rows(STATISTICS, log)["incident"]
    assert row["ttd_s"] == 2 * 60
    assert row["ttresolve_s"] == 1451 * 60
    assert row["declare_to_resolve_s"] == (23 * 60 + 54) * 60
    assert (row["tta_s"], row["ttm_s"]) == (None, None)
    assert (row["severity"], row["month"], row["counted"]) == ("SEV1", "2018-10", True)


def test_unknown_is_never_zero():
    assert set(durations(declared()).values()) == {None}
    assert durations(declared(), resolved(40))["ttresolve"] is None
    assert durations(declared(), resolved(40))["declare_to_resolve"] == 2400


def test_zero_is_a_duration():
    instant = declared(impact_started_at=at(0), detected_at=at(0))
    assert durations(instant, resolved(0))["ttd"] == 0
    assert durations(instant, resolved(0))["ttresolve"] == 0


def test_out_of_order_is_unknown_not_negative():
    story = durations(declared(impact_started_at=at(5), detected_at=at(-8)), resolved(3))
    assert (story["ttd"], story["ttresolve"], story["declare_to_resolve"]) == (None, None, 180)


def test_what_turns_out_to_be_unknown_is_unknown_again():
    story = (declared(**START), resolved(40), corrected(Milestone.RESOLVED, None))
    assert durations(*story)["ttresolve"] is None


def test_a_correction_counts():
    story = (declared(**START), resolved(40), corrected(Milestone.IMPACT_STARTED, at(-20)))
    assert durations(*story)["ttresolve"] == 3600


def test_a_reopened_incident_is_not_resolved_until_it_is_again():
    story = (declared(**START), acknowledged(2), mitigated(30), resolved(40), reopened(50))
    assert (row_of(*story)["reopenings"], row_of(*story)["counted"]) == (1, True)
    found = durations(*story)
    assert (found["tta"], found["ttm"], found["ttresolve"]) == (720, None, None)
    found = durations(*story, mitigated(55), resolved(58))
    assert (found["ttm"], found["ttresolve"]) == (65 * 60, 68 * 60)


COUNTED = [
    ((declared(),), True),
    ((paged(),), True),
    ((declared(), resolved()), True),
    ((declared(kind=Kind.RETROSPECTIVE),), True),
    ((declared(kind=Kind.TEST),), False),
    ((declared(kind=Kind.DRILL),), False),
    ((declared(kind=Kind.MAINTENANCE),), False),
    ((declared(), canceled()), False),
    ((declared(), canceled(), reopened()), True),
    ((declared(), merged()), False),
    ((paged(opens="triage"),), False),
    # what was only ever seen in triage was no incident, also once its page has resolved itself
    ((paged(opens="triage"), paged("resolved", opens="triage", at_min=5)), False),
    ((paged(opens="triage"), declared(at_min=5)), True),
]


@pytest.mark.parametrize(("history", "expected"), COUNTED)
def test_which_incidents_count(history: tuple[e.IncidentEvent, ...], expected: bool):
    assert row_of(*history)["counted"] is expected


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((declared(impact_started_at=datetime(2026, 4, 30, 23, 59, tzinfo=UTC)),), "2026-04"),
        ((declared(),), "2026-05"),
        ((paged(opens="triage"),), "2026-05"),
    ],
)
def test_the_month_is_that_of_the_impact_else_of_the_declaration(
    history: tuple[e.IncidentEvent, ...], expected: str
):
    assert row_of(*history)["month"] == expected


def test_the_month_is_the_one_in_utc():
    log = Log()
    local = datetime.fromisoformat("2026-03-31T22:30:00-05:00")
    log.run(c.Declare(title="t", impact_started_at=local))
    (row,) = rows(STATISTICS, log)["incident"]
    assert row["month"] == "2026-04"
    assert row["started_at"] == local
    assert row["started_at"].utcoffset() == timedelta(0)


def test_severity_and_services_are_the_last_ones():
    raised = e.SeverityChanged(occurred_at=at(1), severity=SEV1, previous=SEV3, reason="r")
    row = row_of(declared(SEV3, services=("checkout", "search")), raised)
    assert (row["severity"], row["services"]) == ("SEV1", ("checkout", "search"))


def test_every_series_names_two_milestones_and_says_which():
    for name, (start, end, definition) in SERIES.items():
        assert Milestone(start) is not Milestone(end)
        assert "→" in definition, name
