"""Times as machines write them."""

from datetime import UTC, datetime

import pytest

from handlers.ingest.flaws import noting
from handlers.ingest.reports import instant, moment

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        1770091506,
        "1770091506",
        1770091506.0,
        1770091506000,
        "1770091506000",
        1770091506000000,
        1770091506000000000,
        "2026-02-03T04:05:06Z",
        "2026-02-03T05:05:06+0100",
        "2026-02-03 04:05:06",
        "2026.02.03 04:05:06",
        "2026-02-03 04:05:06 UTC",
        "2026-02-03T04:05:06.0000001Z",
    ],
)
def test_one_time_in_many_writings(written: object):
    assert instant(written) == AT


def test_parts_of_a_second_are_exact():
    assert instant(1770091506789) == AT.replace(microsecond=789_000)
    assert instant("2019-03-22T13:58:24.3713213Z") == datetime(
        2019, 3, 22, 13, 58, 24, 371_321, tzinfo=UTC
    )


@pytest.mark.parametrize("none", [None, "", 0, "0001-01-01T00:00:00Z"])
def test_none_is_none(none: object):
    assert instant(none) is None


@pytest.mark.parametrize(
    "odd",
    [
        "soon",
        "2026-02-03T24:01:00Z",
        "2026-02-03T24:00:01Z",
        True,
        {},
        [],
        float("nan"),
        float("inf"),
        10**30,
        -1,
        1.5,
    ],
)
def test_what_is_no_time_is_none_and_named(odd: object):
    for read in (instant, moment):
        with noting() as flaws:
            assert read(odd, "at") is None
        assert [flaw.path for flaw in flaws] == [("at",)]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-02-03T04:04:60Z", AT.replace(second=0)),
        ("2026-02-03T24:00:00Z", datetime(2026, 2, 4, tzinfo=UTC)),
        ("2026-02-28 24:00", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-02-03T24:00:00.000+02:00", datetime(2026, 2, 3, 22, tzinfo=UTC)),
        ("2026-02-03 04:05:06z", AT),
        ("2026-02-03t04:05:06z", AT),
        ("Tue, 03 Feb 2026 04:05:06 GMT", AT),
        ("2026-02-03 04:05:06 +0000 UTC", AT),
        ("2026-02-03 06:05:06.000000001 +0200 CEST m=+0.1", AT),
    ],
)
def test_a_time_may_be_written_as_others_print_it(said: str, at: datetime):
    assert moment(said) == at
