"""A heartbeat: silence counts while we listen, and who beats again is heard."""

from datetime import timedelta
from typing import Any

import pytest

from domain.alerting import HEARTBEAT
from domain.alerting.heartbeat import (
    DEADLINES,
    RULE,
    Beat,
    BeatHistory,
    HeartbeatHeard,
    HeartbeatSilent,
    HeartbeatUnwatched,
    HeartbeatWatched,
    Unwatch,
    Watch,
)
from domain.kernel.commit import Commit, Recorded
from domain.kernel.deadline import Expire
from domain.policy import DEFAULT, Severity
from support.spec import Given, at, given

SILENCE_S = 600
DUE_MIN = 10.5  # a beat so soon after a recorded one is not recorded, and counts all the same


def watched(at_min: float = 0, silence_s: int = SILENCE_S) -> HeartbeatWatched:
    return HeartbeatWatched(occurred_at=at(at_min), silence_s=silence_s, severity=Severity.SEV1)


def heard(at_min: float) -> HeartbeatHeard:
    return HeartbeatHeard(occurred_at=at(at_min))


def silent(due_min: float, heard_min: float | None = None) -> HeartbeatSilent:
    last = None if heard_min is None else at(heard_min)
    return HeartbeatSilent(occurred_at=at(due_min), due_at=at(due_min), heard_at=last)


def of(*events: Any) -> Given:
    return given(HEARTBEAT, *events)


def due(*events: Any) -> float | None:
    """In which minute it falls silent, as the process asks for it."""
    history = DEADLINES.initial
    for place, event in enumerate(events, start=1):
        commit = Commit[Any](
            id=f"c{place}", actor="a", correlation_id="k",
            recorded_at=event.occurred_at, events=(event,),
        )  # fmt: skip
        recorded = Recorded(place, "heartbeat.prod", commit)
        history = DEADLINES.follow(history, recorded, DEFAULT, HEARTBEAT.evolve)
    assert isinstance(history, BeatHistory)
    step = DEADLINES.next_expiry(DEADLINES.all[0], history, at(0), DEFAULT)
    return None if step is None else (step.fires_at - at(0)).total_seconds() / 60


@pytest.mark.parametrize(
    ("events", "minute"),
    [
        ((watched(),), DUE_MIN),  # never heard
        ((watched(), heard(4)), 4 + DUE_MIN),
        ((watched(), heard(4), watched(7)), 7 + DUE_MIN),  # we have started again meanwhile
        ((watched(), heard(4), watched(7), heard(9)), 9 + DUE_MIN),
        ((watched(), heard(4), watched(5, silence_s=60)), 5 + 1.05),
        ((watched(), silent(DUE_MIN)), None),
        ((watched(), silent(DUE_MIN), watched(20)), None),
        ((watched(), silent(DUE_MIN), heard(30)), 30 + DUE_MIN),
        ((watched(), HeartbeatUnwatched(occurred_at=at(2))), None),
    ],
)
def test_when_it_falls_silent(events: tuple[Any, ...], minute: float | None):
    assert due(*events) == pytest.approx(minute)


def expire(due_min: float) -> Expire:
    return Expire(rule=RULE, fires_at=at(due_min), due_at=at(due_min), caused_by="c/0")


def test_its_silence_is_recorded_once():
    beat = of(watched(), heard(4))
    (event,) = beat.when(expire(14.5), now=at(14.5))
    assert event == silent(14.5, 4)
    assert beat.then(event).when(expire(14.5), now=at(14.6)) == []


def test_what_was_due_while_we_were_away_is_not_its_silence():
    """The service was down, or could not be reached: whoever was not there heard nobody."""
    beat = of(watched(), heard(4))
    away = at(14.5) + timedelta(seconds=61)
    assert beat.when(expire(14.5), now=away) == [
        HeartbeatWatched(occurred_at=away, silence_s=SILENCE_S, severity=Severity.SEV1)
    ]


def test_a_beat_that_came_first_wins():
    assert of(watched(), heard(4), heard(12)).when(expire(14.5), now=at(15)) == []
    assert of(watched(), heard(4), watched(14)).when(expire(14.5), now=at(15)) == []


@pytest.mark.parametrize(
    ("events", "at_min", "recorded"),
    [
        ((), 5, False),  # nobody has configured it
        ((watched(),), 1, True),
        ((watched(), heard(4)), 4.4, False),
        ((watched(), heard(4)), 4.5, True),
        ((watched(), heard(4)), 3, False),  # of earlier
        ((watched(), heard(4), silent(14.5)), 14.6, True),
        # on its way as it was due: it had beaten
        ((watched(), heard(4), silent(14.5)), 14.4, True),
    ],
)
def test_which_beats_are_recorded(events: tuple[Any, ...], at_min: float, *, recorded: bool):
    found = of(*events).when(Beat(at=at(at_min)))
    assert found == ([heard(at_min)] if recorded else [])


def test_a_start_of_the_service_listens_anew_and_what_is_configured_no_more_is_left():
    command = Watch(name="prod", silence_s=SILENCE_S, severity=Severity.SEV1)
    assert of(watched()).when(command, now=at(7)) == [watched(7)]
    (left,) = of(watched()).when(Unwatch())
    assert of(watched(), left).outcome(Unwatch()) == "ignored"
