"""How severe an incident has been, and since when, also of what alerts have opened."""

from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident.header import header
from domain.incident.state import Undeclared
from support.spec import SEV1, SEV2, SEV3, SEV4, Log, at, page

ALERTS, NOBODY = "by what its alerts say", "until somebody named one"
WORSE = page(alert_id="Q2", priority="P1", at_min=4)
OUTAGE = c.ReassessImpact(percent_affected=40.0, occurred_at=at(3))
DECLARE = c.Declare(title="t", severity=SEV3, occurred_at=at(2))
HELD = c.ChangeSeverity(severity=SEV4, reason="a workaround", occurred_at=at(6))


@pytest.mark.parametrize(
    ("story", "history"),
    [
        ((page(priority=None),), [(0, SEV2, NOBODY)]),
        ((page(priority="P3"),), [(0, SEV3, ALERTS)]),
        ((page(priority="P3"), OUTAGE), [(0, SEV3, ALERTS), (3, SEV2, "automatic")]),
        ((page(priority="P3"), WORSE), [(0, SEV3, ALERTS), (4, SEV1, ALERTS)]),
        (
            (page(priority=None), DECLARE, WORSE, HELD),
            [(0, SEV2, NOBODY), (2, SEV3, None), (4, SEV1, ALERTS), (6, SEV4, "a workaround")],
        ),
        ((DECLARE, HELD), [(2, SEV3, None), (6, SEV4, "a workaround")]),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_each_severity_that_it_has_had(
    story: tuple[Any, ...], history: list[tuple[int, Any, str | None]], late: bool
):
    begun, *rest = story
    log = Log()
    for place, command in enumerate([begun, *(reversed(rest) if late else rest)]):
        assert log.run(command, at(60 + place)) == "decided"
    assert not isinstance(log.incident, Undeclared)
    found = header(log.incident).severity_history
    assert [(each.at, each.severity, each.why) for each in found] == [
        (at(minute), severity, why) for minute, severity, why in history
    ]
    assert found[-1].severity is log.incident.facts.severity


def test_many_alerts_that_claim_the_same_say_so_once():
    log = Log()
    for place in range(60):
        priority = "P1" if place == 40 else "P3"
        log.run(page(alert_id=f"Q{place}", priority=priority, at_min=place), at(100))
    assert not isinstance(log.incident, Undeclared)
    found = header(log.incident).severity_history
    assert [(each.at, each.severity) for each in found] == [(at(0), SEV3), (at(40), SEV1)]
