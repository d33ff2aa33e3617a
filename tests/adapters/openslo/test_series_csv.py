"""Series as CSV: what is a count, what is not known, and what is no series."""

from fractions import Fraction
from pathlib import Path

import pytest

from adapters.openslo.series_csv import samples_of
from domain.slo.series import Sample


def read(tmp_path: Path, text: str) -> list[Sample]:
    path = tmp_path / "a.csv"
    path.write_text(text)
    return list(samples_of(path))


def test_rows_are_samples_in_the_order_of_the_file(tmp_path: Path):
    text = "total, good ,minute\n3,2,1970-01-01T00:01Z\n1.5,1,60\n2,1,1970-01-01T01:02:00+01:00\n"
    assert read(tmp_path, text) == [
        Sample(60, 2, 3),
        Sample(60, 1, Fraction(3, 2)),
        Sample(120, 1, 2),
    ]


@pytest.mark.parametrize(
    "text", ["", "NaN", "nan", "Inf", "1/3", "1_0", "x", "1e999999999", "9" * 99]
)
def test_what_is_no_number_is_not_known(tmp_path: Path, text: str):
    assert read(tmp_path, f"minute,good,total\n60,{text},1\n") == [Sample(60, None, 1)]


def test_numbers_may_be_written_as_prometheus_does(tmp_path: Path):
    assert read(tmp_path, "minute,good,total\n60,1.5e+06,2E6\n") == [Sample(60, 1500000, 2000000)]


def test_a_row_that_breaks_off_has_counts_that_are_not_known(tmp_path: Path):
    assert read(tmp_path, "minute,good,total\n60,1\n") == [Sample(60, 1, None)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the first line names"),
        ("minute,good\n60,1\n", "the first line names"),
        ("minute,good,total\nyesterday,1,1\n", "line 2: 'yesterday' is no time"),
        ("minute,good,total\n,1,1\n", "line 2"),
    ],
)
def test_what_is_no_series_says_why(tmp_path: Path, text: str, words: str):
    with pytest.raises(ValueError, match=words):
        read(tmp_path, text)
