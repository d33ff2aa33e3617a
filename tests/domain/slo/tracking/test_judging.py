"""Alerts as samples come live, late and out of order: the minutes that a replay of all states."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from adapters.openslo.series_csv import samples_of
from domain.kernel.decider import Context
from domain.policy.default import DEFAULT
from domain.slo.budget import EPOCH, MINUTE
from domain.slo.burn_replay import replay_of
from domain.slo.live_series import LiveSeries
from domain.slo.series import Sample, by_minute
from domain.slo.tracking import SLO
from domain.slo.tracking import events as e
from domain.slo.tracking.definition import objective_of, rule_text
from domain.slo.tracking.judging import assessment
from domain.slo.tracking.tracked import TrackedSlo
from domain.slo.window_lengths import decimal_text

DATA = Path(__file__).parents[5] / "shared/data/slo/series"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def tracked(**profile: object) -> TrackedSlo:
    fields = {"name": "a", "service": "b", "target": "99.9", "window": "30d", **profile}
    said = e.SloRegistered(occurred_at=AT, slug="a", profile=e.SloProfile(**fields))
    return SLO.evolve(TrackedSlo(), said)


def assessed(slo: TrackedSlo, series: LiveSeries, minute: int) -> tuple[TrackedSlo, list[object]]:
    """One once it was judged at the end of a minute, and what that came to."""
    now = EPOCH + (minute + 1) * MINUTE
    context = Context(now=now, command_id="c", policy=DEFAULT)
    events = SLO.decide(assessment(series, slo, now), slo, context)
    return SLO.fold(slo, events), events


@pytest.mark.realdata
@pytest.mark.parametrize("order", ["live", "late", "shuffled"])
@pytest.mark.parametrize("file", ["step_10_percent", "slow_burn", "one_failure_in_30_an_hour"])
def test_the_stated_minutes_whatever_the_order(file: str, order: str):
    if not DATA.exists():
        pytest.skip(f"there is no {DATA}: series with known answers are not here")
    stated = next(
        each
        for each in json.loads((DATA / "expected.json").read_text())["series"]
        if each["file"] == f"{file}.csv"
    )
    slo = tracked(target=decimal_text(100 * Fraction(str(stated["target"]))))
    samples = list(samples_of(DATA / f"{file}.csv"))
    whole = by_minute(samples).minutes
    rules = replay_of(whole, objective_of(slo.profile)).rules
    for each in rules:
        given = [it for it in stated["rules"] if it["long_minutes"] == each.threshold.long_minutes]
        assert [(it.begins, it.ends) for it in each.true] == [
            (span["from"], span["to"] + 1) for it in given for span in it["fires"]
        ]
    edges = {it for each in rules for span in each.alert for it in (*span, span.ends - 1)}
    looked_at = sorted(each for each in edges if 0 < each < len(whole))[:12]
    for place in looked_at:
        known = samples[: place + 1]
        if order != "live":
            known = [*known[2::3], *known[1::3], *known[::3]]
        series = LiveSeries()
        if order == "late":  # the first half is judged before the other one comes
            series.add(known[: place // 2])
            assessed(slo, series, whole.begins + place)
            known = known[place // 2 :]
        series.add(known)
        after, _ = assessed(slo, series, whole.begins + place)
        on = {each.rule for each in after.alerts}
        assert on == {
            rule_text(each.threshold)
            for each in rules
            if any(span.begins <= place < span.ends for span in each.alert)
        }, place


def minutes(*bad: int | None, total: int = 100) -> list[Sample]:
    return [
        Sample(60 * place, None if each is None else total - each, None if each is None else total)
        for place, each in enumerate(bad)
    ]


PAGE = e.BurnRateAlert(severity="page", long_window="10m", short_window="2m", burn_rate="2")
TICKET = e.BurnRateAlert(severity="ticket", long_window="20m", short_window="5m", burn_rate="1")


def walked(slo: TrackedSlo, samples: list[Sample], upto: int) -> list[tuple[int, object]]:
    """What was said at the end of which minute, as samples come one by one."""
    series, said = LiveSeries(), []
    for minute in range(upto):
        series.add(each for each in samples if each.at_s // 60 == minute)
        slo, events = assessed(slo, series, minute)
        said += [(minute, each) for each in events]
    return said


def told(said: list[tuple[int, object]]) -> list[tuple[int, str, str]]:
    return [
        (minute, type(each).__name__, each.severity)
        for minute, each in said
        if isinstance(each, e.SloAlertBegan | e.SloAlertEnded)
    ]


def test_an_alert_begins_and_ends_and_a_gap_does_neither():
    slo = tracked(target="90", window="1h", alerts=(PAGE,))
    outage = minutes(*[0] * 12, *[100] * 4, *[None] * 20, *[0] * 20)
    said = told(walked(slo, outage, 60))
    assert said == [(14, "SloAlertBegan", "page"), (36, "SloAlertEnded", "page")]


def test_it_is_silent_until_its_long_window_is_full():
    slo = tracked(target="90", window="1h", alerts=(PAGE,))
    assert told(walked(slo, minutes(*[100] * 12), 12)) == [(9, "SloAlertBegan", "page")]


def test_a_budget_freezes_at_once_and_thaws_with_a_margin():
    slo = tracked(target="90", window="10m", alerts=(
        e.BurnRateAlert(severity="page", long_window="9m", short_window="2m", burn_rate="9"),
    ))  # fmt: skip
    said = walked(slo, minutes(0, 100, *[0] * 14), 16)
    states = [(m, each.state) for m, each in said if isinstance(each, e.SloBudgetMoved)]
    assert states == [(0, "normal"), (1, "frozen"), (11, "normal")]


def test_nothing_counted_opens_no_gate():
    slo = tracked(target="90", window="10m", alerts=(
        e.BurnRateAlert(severity="page", long_window="9m", short_window="2m", burn_rate="9"),
    ))  # fmt: skip
    said = walked(slo, minutes(0, 100), 40)
    states = [(m, each.state) for m, each in said if isinstance(each, e.SloBudgetMoved)]
    assert states == [(0, "normal"), (1, "frozen")]


def test_what_was_judged_by_another_definition_says_nothing():
    slo = tracked(target="90", window="1h", alerts=(PAGE,))
    series = LiveSeries()
    series.add(minutes(*[100] * 12))
    now = EPOCH + 12 * MINUTE
    command = assessment(series, slo, now)
    changed = e.SloChanged(
        occurred_at=AT + timedelta(hours=1),
        profile=e.SloProfile(name="a", service="b", target="50", window="1h", alerts=(TICKET,)),
    )
    context = Context(now=now, command_id="c", policy=DEFAULT)
    assert SLO.decide(command, SLO.evolve(slo, changed), context) == []
    assert SLO.decide(command, slo, context) != []
