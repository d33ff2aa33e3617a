"""Times as people write them are read as they are meant, and what was chosen for them is said."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.spoken_times import moment

NOW = datetime(2026, 11, 28, 3, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine is in Berlin."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def read(text: str, now: datetime = NOW) -> tuple[str, list[str]]:
    said: list[str] = []
    return moment(text, now.astimezone(timezone(timedelta(hours=1))), said.append), said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-26T20:00:00Z", "2026-11-26T20:00:00Z"),
        ("2026-11-26 20:00:00Z", "2026-11-26T20:00:00Z"),
        ("2026-11-26 20:00:00 UTC", "2026-11-26T20:00:00Z"),
        ("2026-11-26T20:00:00+05:30", "2026-11-26T20:00:00+05:30"),
        ("now", "2026-11-28T03:15:00Z"),
        ("10m", "2026-11-28T03:05:00Z"),
        ("1h 30m ago", "2026-11-28T01:45:00Z"),
        ("2d", "2026-11-26T03:15:00Z"),
    ],
)
def test_what_needs_no_zone_is_read_without_a_word(text: str, meant: str):
    assert read(text) == (meant, [])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-26 20:00", "2026-11-26T19:00:00Z"),
        ("2026-11-26T20:00:30", "2026-11-26T19:00:30Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("yesterday", "2026-11-26T23:00:00Z"),
        ("yesterday 9:05", "2026-11-27T08:05:00Z"),
        ("03:00", "2026-11-28T02:00:00Z"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),  # it comes twice: the first
    ],
)
def test_what_names_no_zone_is_by_the_clock_of_this_machine_which_is_said(text: str, meant: str):
    found, (said,) = read(text)
    assert found == meant
    assert f"{text} is read as {meant} (CE" in said


@pytest.mark.parametrize(
    "text", ["soon", "", "25:00", "2026-13-01", "10", "m", "yesterday at nine", "2026-11-26 20"]
)
def test_what_is_no_time_is_refused_with_examples(text: str):
    with pytest.raises(CommandFailed, match="write one like 2026-11-26T20:00:00Z") as refused:
        read(text)
    assert refused.value.status == USAGE


def test_a_time_that_the_clock_skips_is_refused():
    with pytest.raises(CommandFailed, match="is skipped by the clock of this machine"):
        read("2026-03-29 02:30")
