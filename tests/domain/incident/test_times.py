"""Stated times lie in the past, in UTC, not before 1970."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from support.spec import (
    NOW,
    at,
    declared,
    given,
    staffed,
)


@pytest.mark.parametrize("seconds", [0, 1, 2])
def test_a_clock_that_runs_ahead_a_little_counts_as_now(seconds: int):
    note = c.AddNote(text="x", occurred_at=NOW + timedelta(seconds=seconds))
    assert given(declared()).when(note) == [e.NoteAdded(occurred_at=NOW, text="x")]


def test_a_time_in_the_future_is_refused():
    late = NOW + timedelta(seconds=2.001)
    refused = given(declared()).refusal(c.AddNote(text="x", occurred_at=late))
    assert (refused.code, refused.field) == ("time.in_future", "occurred_at")


@pytest.mark.parametrize("field", ["impact_started_at", "detected_at"])
def test_times_of_a_declaration_lie_in_the_past_too(field: str):
    ahead = c.Declare(title="t", **{field: NOW + timedelta(seconds=3)})  # type: ignore[arg-type]
    assert given().refusal(ahead).field == field
    (event,) = given().when(c.Declare(title="t", **{field: NOW + timedelta(seconds=1)}))  # type: ignore[arg-type]
    assert getattr(event, field) == NOW


def test_a_corrected_value_lies_in_the_past_too():
    correct = c.CorrectTime(milestone=Milestone.DETECTED, value=at(99), reason="r")
    assert given(declared()).refusal(correct).field == "value"


def test_times_are_kept_in_utc():
    """So that a month, a day and a text are the same for everybody."""
    zone = timezone(timedelta(hours=-5))
    moment = datetime(2026, 5, 4, 7, 30, tzinfo=zone)
    (event,) = given().when(c.Declare(title="t", occurred_at=moment, detected_at=moment))
    assert isinstance(event, e.Declared)
    assert (event.occurred_at, event.occurred_at.tzinfo) == (at(30), UTC)
    assert event.detected_at is not None
    assert event.detected_at.tzinfo is UTC
    correct = c.CorrectTime(milestone=Milestone.DETECTED, value=moment, reason="r")
    (correction,) = given(declared(at_min=31)).when(correct)
    assert isinstance(correction, e.TimeCorrected)
    assert correction.value is not None
    assert correction.value.tzinfo is UTC


def test_a_time_before_the_first_year_is_refused():
    moment = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    refused = given(declared()).refusal(c.AddNote(text="x", occurred_at=moment))
    assert (refused.code, refused.field) == ("time.out_of_range", "occurred_at")


def test_history_may_be_filled_in_later():
    events = given(declared(), *staffed()).when(
        c.LogAction(action="restarted", occurred_at=at(-600))
    )
    assert events == [e.ActionLogged(occurred_at=at(-600), action="restarted")]
