"""Backlog triage: what stands in the backlog is what no clock tells anybody further of."""

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.backlog import stands_in_backlog
from domain.incident.deadlines.events import Escalated
from domain.incident.state import Triage
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from support.spec import SEV1, SEV2, SEV3, SEV4, at, declared, given, mitigated, paged, resolved

TOLD = Escalated(
    occurred_at=at(5),
    tier="team_lead",
    to=("Team Lead",),
    audience=Audience.ENGINEERING,
    reason="SEV3 (Moderate)",
)


def raised(severity: Severity, previous: Severity) -> e.SeverityChanged:
    return e.SeverityChanged(
        occurred_at=at(9), severity=severity, previous=previous, reason="worse", held_by=None
    )


@pytest.mark.parametrize(
    ("history", "stands"),
    [
        ([declared(SEV4)], True),
        ([declared(SEV4), mitigated(5)], True),
        ([declared(SEV4), resolved(9)], False),
        ([declared(SEV4, kind=e.Kind.DRILL)], False),
        ([declared(SEV4, kind=e.Kind.MAINTENANCE)], False),
        ([declared(SEV3)], False),
        ([declared(SEV3), TOLD], True),
        ([declared(SEV2), TOLD], False),
        ([declared(SEV1)], False),
        ([declared(SEV4), raised(SEV1, SEV4)], False),
        ([declared(SEV4), raised(SEV1, SEV4), raised(SEV4, SEV1)], True),
        ([declared(SEV1), TOLD, raised(SEV3, SEV1)], True),
    ],
)
def test_sev4_and_sev3_that_was_told_once_stand_in_the_backlog(
    history: Iterable[Any], *, stands: bool
) -> None:
    assert stands_in_backlog(given(*history).incident, DEFAULT) is stands


def test_what_climbs_by_policy_is_no_backlog() -> None:
    level = replace(DEFAULT.levels[SEV3], highest_tier="engineering_manager")
    policy = replace(DEFAULT, levels={**DEFAULT.levels, SEV3: level})
    assert not stands_in_backlog(given(declared(SEV3), TOLD).incident, policy)


def test_a_page_of_sev4_waits_for_triage_although_nobody_has_declared_it() -> None:
    quiet = given(paged(priority="P4", opens="triage"))
    assert isinstance(quiet.incident, Triage)
    assert stands_in_backlog(quiet.incident, DEFAULT)
