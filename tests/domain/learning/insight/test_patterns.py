"""Patterns: together, after one another, after changes, declared late; small numbers are marked."""

from datetime import timedelta
from typing import Any

import pytest

from domain.incident.timestamps import Timestamps
from domain.kernel.roster import Roster, RosterService
from domain.learning.insight.alert_quality import FiredAlert, alert_quality
from domain.learning.insight.measured import KnownTeams, LearningRecord, MeasuredChange
from domain.learning.insight.patterns import patterns
from support.insights import ALL, MONDAY, incident

PAYMENTS = KnownTeams(Roster(services=(RosterService(id="pay", name="Pay", owner="payments"),)))


def found_in(*incidents: Any, **more: Any) -> Any:
    return patterns(LearningRecord(at=ALL.until, incidents=incidents, **more), ALL)


def test_services_that_fail_together_have_a_support_and_a_lift():
    both = [incident(n, services=("db", "api")) for n in range(6)]
    alone = [incident(10 + n, services=("web",)) for n in range(5)]
    one = incident(20, services=("api", "web"))
    first, second = found_in(*both, *alone, one).together
    assert (first.services, first.support, first.few) == (("api", "db"), 6, False)
    assert first.lift == pytest.approx(6 * 12 / (7 * 6))
    assert (second.services, second.few, second.incidents) == (("api", "web"), True, ("INC-20",))
    assert second.lift < 1


def test_a_cascade_is_in_one_direction_within_the_window():
    pairs = []
    for day in range(5):
        began = MONDAY + timedelta(days=day)
        pairs.append(incident(day, began=began, services=("db",)))
        later = began + timedelta(minutes=20)
        pairs.append(incident(100 + day, began=later, services=("api",)))
    (only,) = found_in(*pairs).cascades
    assert (only.first, only.then, only.support, only.of) == ("db", "api", 5, 5)
    assert (only.confidence, only.few, only.incidents[0]) == (1.0, False, ("INC-0", "INC-100"))
    assert only.lift > 10
    hour = timedelta(hours=1)
    apart = incident(1, services=("db",)), incident(2, began=MONDAY + 2 * hour, services=("api",))
    assert found_in(*apart).cascades == ()
    assert found_in(incident(1, services=("db", "api"))).cascades == ()


def test_hours_and_weekdays_are_all_there():
    found = found_in(incident(1))
    assert (found.weekdays["Monday"], sum(found.weekdays.values())) == (1, 1)
    assert (found.hours["09:00"], len(found.hours)) == (1, 24)


def test_the_change_failure_rate_is_not_known_where_nobody_tells_of_changes():
    none = found_in(incident(1)).changes
    assert (none.rate, none.share_of_incidents, bool(none.missing)) == (None, None, True)
    changes = tuple(MeasuredChange(id=f"c-{n}", at=MONDAY) for n in range(4))
    some = found_in(
        incident(1, changes=("c-1", "c-2")), incident(2), incident(3, status="canceled"),
        changes=changes,
    ).changes  # fmt: skip
    assert (some.changes, some.failed, some.rate) == (4, 2, 0.5)
    assert (some.share_of_incidents, some.incidents) == (0.5, ("INC-1",))


def test_teams_that_do_not_declare_are_told_by_what_their_alerts_began():
    def alerted(number: int, minutes: float | None) -> Any:
        at = None if minutes is None else MONDAY + timedelta(minutes=minutes)
        timestamps = Timestamps(detected_at=MONDAY, declared_at=at)
        return incident(
            number, alerts=1, services=("pay",), timestamps=timestamps, declared=at is not None
        )

    found = found_in(
        alerted(1, 2), alerted(2, 30), alerted(3, None), alerted(4, 4), alerted(5, None),
        incident(6, services=("pay",)), teams=PAYMENTS,
    )  # fmt: skip
    (team,) = found.declaring
    assert (team.team, team.alerted, team.undeclared) == ("payments", 5, ("INC-3", "INC-5"))
    assert (team.late, team.median_s, team.few) == (("INC-2",), 240, False)


def fired(incident_id: str | None, title: str = "Disk full", **more: Any) -> FiredAlert:
    return FiredAlert(
        source="grafana", title=title, rule=more.get("rule"), incident=incident_id,
        firings=more.get("firings", 1),
    )  # fmt: skip


def test_an_alert_is_as_good_as_the_incidents_that_it_was_part_of():
    known = {
        it.id: it
        for it in (
            incident(1),
            incident(2, status="canceled"),
            incident(3, declared=False),
            incident(4, declared=False, status="triage"),
            incident(5, status="merged", declared=False),
        )
    }
    rows = [fired(f"i-{n}", firings=2) for n in range(1, 6)]
    quiet = fired(None, rule="nightly", firings=7)
    elsewhere = fired("i-99", firings=100)
    (only,) = alert_quality([*rows, quiet, elsewhere], known)
    assert (only.firings, only.kept_out, only.rules) == (17, 7, ("nightly",))
    assert (only.real, only.false_positives) == (("INC-1", "INC-5"), ("INC-2",))
    assert (only.ignored, only.open) == (("INC-3",), ("INC-4",))
    assert (only.precision, only.few) == (0.5, True)
    (silent,) = alert_quality([fired(None)], {})
    assert silent.precision is None
