"""Other definitions of the figures: what moved, and why; what is unknown stays so."""

import statistics
from typing import Any

import msgspec
import pytest

from domain.incident import INCIDENT
from domain.incident.course.durations import SERIES
from domain.incident.events import Kind
from domain.learning.definitions import BUILT_IN, Definitions, recompute
from support.spec import acknowledged, at, canceled, declared, log_of, mitigated, resolved

START = {"impact_started_at": at(-10)}


def incidents(*stories: tuple[Any, ...]) -> dict[str, Any]:
    """The incidents of these stories, by their place."""
    found = {}
    for number, story in enumerate(stories):
        state = INCIDENT.initial
        for recorded in log_of(*story).commits:
            state = INCIDENT.follow(state, recorded.commit)
        found[str(number)] = state
    return found


HISTORY = incidents(
    (declared(**START), acknowledged(2), mitigated(30), resolved(40)),
    (declared(at_min=60), mitigated(70), resolved(95)),
    (declared(at_min=120, kind=Kind.DRILL), mitigated(130)),
    (declared(at_min=180), canceled(190)),
    (declared(at_min=240),),
)


def definitions(**changes: Any) -> Definitions:
    given = {"version": "acme-2", "series": msgspec.to_builtins(BUILT_IN.series), **changes}
    return msgspec.convert(given, Definitions)


def test_the_same_definitions_move_nothing_and_give_the_figures_of_the_statistics():
    found = recompute(HISTORY, BUILT_IN, BUILT_IN)
    assert found.moved == ()
    assert found.before == found.after
    assert set(found.after) == set(SERIES)
    series = found.after["declare_to_resolve"]
    assert (found.incidents, series.n, series.unknown) == (3, 2, 1)
    assert series.mean_s == statistics.fmean((2400, 2100))
    assert series.incidents == ("0", "1")


def test_what_counts_from_another_milestone_moves_with_the_reason():
    series = msgspec.to_builtins(BUILT_IN.series)
    series["ttm"]["from"] = "declared_at"
    moved = recompute(HISTORY, BUILT_IN, definitions(series=series)).moved
    assert [(it.id, it.series, it.before_s, it.after_s) for it in moved] == [
        ("0", "ttm", 2400, 1800),
        ("1", "ttm", None, 600),
    ]
    assert {it.why for it in moved} == {"it counts from declared_at, not impact_started_at"}


def test_incidents_that_begin_or_cease_to_count_say_so():
    moved = recompute(HISTORY, BUILT_IN, definitions(kinds=["drill"])).moved
    whys = {it.id: it.why for it in moved}
    assert whys == {
        "0": "it does not count any more: its kind is standard",
        "1": "it does not count any more: its kind is standard",
        "2": "it counts now, which it did not as its kind is drill",
    }


def test_series_come_and_go_with_quantiles_and_shares():
    new = {"own": {"from": "declared_at", "to": "mitigated_at", "within_s": [600, 1800]}}
    found = recompute(HISTORY, BUILT_IN, definitions(series=new, quantiles=[0, 0.5, 1]))
    own = found.after["own"]
    assert own.quantiles_s == {"0": 600, "0.5": 1200, "1": 1800}
    assert own.shares == {"600": 0.5, "1800": 1}
    whys = {it.why for it in found.moved}
    assert whys == {"the series is new in acme-2", "there is no such series in acme-2"}
    assert found.mtbf_s == statistics.fmean((70 * 60, 180 * 60))


def test_of_no_incident_nothing_is_known():
    found = recompute({}, BUILT_IN, BUILT_IN)
    assert found.mtbf_s is None
    assert {each.mean_s for each in found.after.values()} == {None}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"series": {}}, "series: there is none"),
        ({"series": {"a": {"from": "declared_at"}}}, "required field `to`"),
        (
            {"series": {"a": {"from": "born_at", "to": "resolved_at"}}},
            "series.a.from: 'born_at'",
        ),
        ({"quantiles": [2]}, "quantiles: each is from 0 to 1"),
        ({"version": " "}, "version: a name"),
        ({"colour": 1}, "unknown field `colour`"),
    ],
)
def test_definitions_that_cannot_be_used_are_refused_by_name(changes: dict[str, Any], why: str):
    with pytest.raises(msgspec.ValidationError, match=why):
        definitions(**changes)
