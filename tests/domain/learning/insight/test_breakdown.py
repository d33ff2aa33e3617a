"""Figures by group: what they are made of, what goes on, what is not known, and plain SQL."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zlib import crc32

import pytest

from domain.incident.events import Kind
from domain.incident.timestamps import Timestamps
from domain.kernel.roster import Roster, RosterService
from domain.learning.definitions import IN_FULL
from domain.learning.insight.breakdown import GroupedBy, WantedFigures, breakdown
from domain.learning.insight.failure_kinds import kinds_of
from domain.learning.insight.measured import (
    KnownTeams,
    LearningRecord,
    MeasuredIncident,
    MeasuredPostmortem,
)
from domain.policy import Severity
from support.insights import ALL, MONDAY, incident


def grouped(by: GroupedBy, *incidents: MeasuredIncident, **more: Any) -> dict[str, Any]:
    record = LearningRecord(
        at=ALL.until, incidents=incidents, teams=more.pop("teams", KnownTeams())
    )
    found = breakdown(record, IN_FULL, WantedFigures(by=by, **more), more.pop("period", ALL))
    assert found.definitions_version == IN_FULL.version
    return {each.group: each for each in found.groups}


def test_what_goes_on_is_apart_from_what_nobody_knows():
    found = grouped(
        "all",
        incident(1, 10),
        incident(2, None),
        incident(3, None, status="investigating"),
        incident(4, 20, status="canceled"),
        incident(5, 20, kind=Kind.DRILL),
        incident(6, 20, declared=False),
        within_s=(600, 60),
        quantiles=(0.0, 1.0),
    )["all"]
    assert (found.n, found.unknown, found.open) == (1, 1, 1)
    assert found.incidents == ("INC-1", "INC-2", "INC-3")
    assert (found.points, found.shares) == ({"INC-1": 600}, {"600": 1.0, "60": 0.0})
    assert found.quantiles_s == {"0": 600, "1": 600}


def test_final_and_highest_severity_are_two_groupings():
    one = incident(1, severity=Severity.SEV3, highest=Severity.SEV1)
    assert [*grouped("severity", one), *grouped("highest", one)] == ["SEV3", "SEV1"]


def test_a_service_and_its_team_count_each_incident_that_names_them_once():
    roster = Roster(
        services=(
            RosterService(id="checkout", name="Checkout", owner="payments"),
            RosterService(id="cart", name="Cart", owner="payments"),
        )
    )
    both = (incident(1, services=("checkout", "cart")), incident(2, services=("old",)), incident(3))
    by_service = {name: it.incidents for name, it in grouped("service", *both).items()}
    assert by_service == {
        "cart": ("INC-1",), "checkout": ("INC-1",), "old": ("INC-2",), "unknown": ("INC-3",),
    }  # fmt: skip
    by_team = grouped("team", *both, teams=KnownTeams(roster))
    assert {name: it.incidents for name, it in by_team.items()} == {
        "payments": ("INC-1",),
        "unknown": ("INC-2", "INC-3"),
    }


def test_weekdays_stand_in_their_order():
    days = [incident(n, began=MONDAY + timedelta(days=n)) for n in (2, 0, 6)]
    assert [*grouped("weekday", *days)] == ["Monday", "Wednesday", "Sunday"]
    assert [*grouped("hour", *days)] == ["09:00"]


def test_a_quarter_is_compared_with_the_one_just_before_and_no_other():
    def quarter(month: int, minutes: int) -> list[MeasuredIncident]:
        began = datetime(2026, month, 1, tzinfo=UTC)
        return [incident(month * 100 + n, minutes + n, began=began) for n in range(15)]

    found = grouped("quarter", *quarter(1, 30), *quarter(4, 90), *quarter(10, 10))
    first, second, last = found.values()
    assert (first.change_s, second.change_s, second.trend) == (None, 3600, "up")
    assert (last.change_s, last.trend) == (None, None), "there is nothing of the third quarter"


def test_the_time_between_two_is_by_when_they_began():
    began = [incident(n, began=MONDAY + timedelta(hours=n * n)) for n in (0, 1, 3)]
    assert grouped("all", *began)["all"].mtbf_s == 4.5 * 3600
    assert grouped("all", began[0])["all"].mtbf_s is None


def pick(number: int, what: str, *choices: Any) -> Any:
    """One of these, as by chance, and the same each time."""
    return choices[crc32(f"{number} {what}".encode()) % len(choices)]


def some() -> list[MeasuredIncident]:
    found = []
    for number in range(300):
        severity = pick(number, "severity", *Severity)
        found.append(
            incident(
                number,
                pick(number, "minutes", None, *range(0, 10_000, 7)),
                began=MONDAY + timedelta(minutes=pick(number, "began", *range(0, 600_000, 11))),
                severity=severity,
                highest=min(severity, pick(number, "highest", *Severity)),
                services=pick(number, "services", (), ("a",), ("b", "c"), ("c", "a", "b")),
                status=pick(number, "status", "resolved", "investigating", "canceled"),
                changes=pick(number, "changes", (), ("c-1",)),
            )
        )
    return found


GROUP_OF = {
    "all": "'all'",
    "severity": "severity",
    "highest": "highest",
    "month": "strftime('%Y-%m', began)",
    "quarter": "strftime('%Y', began) || '-Q' || ((strftime('%m', began) + 2) / 3)",
    "hour": "strftime('%H', began) || ':00'",
    "weekday": "strftime('%w', began)",
    "service": "coalesce(service, 'unknown')",
    "after_change": "CASE WHEN changed THEN 'after a change' ELSE 'no change on record' END",
}


@pytest.mark.parametrize("by", GROUP_OF)
def test_figures_are_those_of_plain_sql(by: GroupedBy):
    incidents = some()
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE TABLE known (ref, began, seconds, severity, highest, status, changed, service)"
    )
    for it in incidents:
        began, over = it.timestamps.impact_started_at, it.timestamps.resolved_at
        assert began is not None
        seconds = (over - began).total_seconds() if over else None
        for service in it.services if by == "service" and it.services else (None,):
            db.execute(
                "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(it.reference, began.strftime("%Y-%m-%d %H:%M:%S"), seconds, it.severity),
                    *(it.highest, it.status, bool(it.changes), service),
                ),
            )
    rows = db.execute(f"""
        SELECT {GROUP_OF[by]} AS held, count(*), count(seconds), avg(seconds),
          sum(seconds IS NULL AND status = 'investigating'), avg(seconds <= 3600)
        FROM known WHERE status <> 'canceled' GROUP BY held
    """).fetchall()
    by_sql = sorted((count, n, mean, goes_on, share) for _, count, n, mean, goes_on, share in rows)
    found = grouped(by, *incidents, within_s=(3600,))
    ours = sorted(
        (len(it.incidents), it.n, it.mean_s, it.open, it.shares["3600"]) for it in found.values()
    )
    assert ours == [pytest.approx(row) for row in by_sql]
    if by != "weekday":
        assert set(found) == {name for name, *_ in rows}


def test_every_grouping_groups_whatever_is_known():
    bare = incident(1, None, timestamps=Timestamps(declared_at=MONDAY))
    for by in get_args(GroupedBy):
        (only,) = grouped(by, bare).values()
        assert only.incidents == ("INC-1",)


def written(number: int, *factors: str, drill: bool = False) -> MeasuredPostmortem:
    """The post-mortem of an incident, which names these factors."""
    return MeasuredPostmortem(
        incident=f"i-{number}",
        incident_reference=f"INC-{number}",
        drill=drill,
        opened_at=MONDAY,
        factors=factors,
    )


def test_recovery_by_service_and_kind_of_failure_counts_each_kind_that_is_named():
    record = LearningRecord(
        at=ALL.until,
        incidents=(
            incident(1, 10, services=("checkout",)),
            incident(2, 30, services=("checkout", "cart")),
            incident(3, 50, services=("cart",)),
        ),
        postmortems=(
            written(1, "pool", "The connection pool was exhausted after the deployment"),
            written(2, "wrong-unit", "No test loads the configuration"),
        ),
    )
    of = {
        it.group: it for it in breakdown(record, IN_FULL, WantedFigures(by="failure"), ALL).groups
    }
    assert {name: (it.incidents, it.mean_s) for name, it in of.items()} == {
        "change": (("INC-1",), 600.0),
        "capacity": (("INC-1",), 600.0),
        "configuration": (("INC-2",), 1800.0),
        "unknown": (("INC-3",), 3000.0),
    }
    wanted = WantedFigures(by="service_and_failure")
    assert {it.group: it.incidents for it in breakdown(record, IN_FULL, wanted, ALL).groups} == {
        "cart: configuration": ("INC-2",),
        "cart: unknown": ("INC-3",),
        "checkout: capacity": ("INC-1",),
        "checkout: change": ("INC-1",),
        "checkout: configuration": ("INC-2",),
    }


@pytest.mark.parametrize(
    ("factor", "kinds"),
    [
        ("The certificate had expired", ("credentials",)),
        ("DNS answers were cached for a day", ("network", "data store")),
        ("A race condition in the retry loop", ("code",)),
        ("Visibility was limited", ()),
        ("The provider throttled us", ("capacity", "dependency")),
        ("Nobody was on call", ()),
    ],
)
def test_a_kind_of_failure_is_by_words_that_everybody_can_look_up(
    factor: str, kinds: tuple[str, ...]
):
    assert kinds_of((factor,)) == kinds
