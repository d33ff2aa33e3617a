"""Times stated in the text of a report: local, and only believed when nothing is in doubt."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.history.stated import duration, local_time, stated_times

REPORT = """We would like to provide some information about this incident below.
(All Times US/Pacific)
**Incident Start:** 8 May 2022 23:24
**Incident End:** 09 May 2022 2:42
**Duration:** 3 hours, 18 minutes
**Affected Services and Features:**
Widgets
"""


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_a_report_that_agrees_with_itself_is_believed():
    stated = stated_times(REPORT)
    assert stated is not None
    assert (stated.start, stated.end) == (utc(2022, 5, 9, 6, 24), utc(2022, 5, 9, 9, 42))
    assert "3 hours, 18 minutes" in stated.quote


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3 hours, 18 minutes", "3 hours, 17 minutes"),
        ("**Duration:** 3 hours, 18 minutes", ""),
        ("(All Times US/Pacific)", ""),
        ("8 May 2022 23:24", "8 May 2022, in the night"),
        ("8 May 2022 23:24", "31 June 2022 23:24"),
        ("Affected Services", "Incident Start:** 7 May 2022 03:00\n**Services"),
    ],
    ids=["contradiction", "no duration", "no zone", "vague", "no such day", "two impacts"],
)
def test_a_report_in_doubt_is_not_believed(before: str, after: str):
    assert before in REPORT
    assert stated_times(REPORT.replace(before, after)) is None


ROLLOUT = """Rollout Start: 7 May 2022 03:00
Rollout End: 7 May 2022 09:00
Start: 8 May 2022 20:00
End: 8 May 2022 22:00
Duration: 2 hours
"""


def test_of_several_windows_the_one_labelled_incident_wins():
    for text in (f"{ROLLOUT}{REPORT}", f"{REPORT}{ROLLOUT}"):
        stated = stated_times(text)
        assert stated is not None
        assert (stated.start, stated.end) == (utc(2022, 5, 9, 6, 24), utc(2022, 5, 9, 9, 42))


def test_two_windows_that_nobody_labels_or_both_are_labelled_are_in_doubt():
    assert stated_times(f"{REPORT}{REPORT}") is None
    unlabelled = REPORT.replace("Incident ", "")
    assert stated_times(unlabelled) is not None
    assert stated_times(f"{unlabelled}{ROLLOUT}") is None


def test_a_report_that_forgot_the_change_of_the_clocks_contradicts_itself():
    """From 00:30 to 04:30 in the night of 7 November 2021 five hours passed, not four."""
    night = """(All Times US/Pacific)
    Incident Start: 07 November 2021 00:30
    Incident End: 07 November 2021 04:30
    Duration: {} hours"""
    assert stated_times(night.format(4)) is None
    stated = stated_times(night.format(5))
    assert stated is not None
    assert stated.end - stated.start == timedelta(hours=5)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("7 Nov 2021 00:59", utc(2021, 11, 7, 7, 59)),
        ("7 Nov 2021 01:30", None),  # twice
        ("7 Nov 2021 01:30 PDT", utc(2021, 11, 7, 8, 30)),
        ("7 Nov 2021 01:30 PST", utc(2021, 11, 7, 9, 30)),
        ("7 Nov 2021 02:00", utc(2021, 11, 7, 10, 0)),
        ("13 March 2022 01:59", utc(2022, 3, 13, 9, 59)),
        ("13 March 2022 02:30", None),  # skipped
        ("13 March 2022 02:30 PDT", None),
        ("13 March 2022 03:00", utc(2022, 3, 13, 10, 0)),
        ("1 July 2022 12:00 PST", None),  # clocks showed PDT
        ("22 April 2022 19:10 PT", utc(2022, 4, 23, 2, 10)),
        ("2 June 2022 10:10 US/Pacific", utc(2022, 6, 2, 17, 10)),
        ("2 Juno 2022 25:10", None),
        ("2 Foo 2022 10:10", None),
    ],
)
def test_local_times_are_read_only_where_they_exist_once(words: str, expected: datetime | None):
    assert local_time(words, zoned=True) == expected


def test_a_local_time_needs_a_zone():
    assert local_time("2 June 2022 10:10", zoned=False) is None
    assert local_time("2 June 2022 10:10 PT", zoned=False) == utc(2022, 6, 2, 17, 10)


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("2 days, 20 hours, 31 minutes", 4111),
        ("1 day, 23 hours and 28 minutes", 2848),
        ("15 hours,11 minutes", 911),
        ("10 hrs, 47 mins", 647),
        ("82 hours", 4920),
        ("about 3 hours", None),
        ("a while", None),
    ],
)
def test_durations_are_read_only_where_every_word_is_understood(words: str, minutes: int | None):
    assert duration(words) == (timedelta(minutes=minutes) if minutes else None)
