"""Lengths of windows, as definitions write them."""

import re
from fractions import Fraction

MINUTES = {
    "m": 1,
    "h": 60,
    "d": 1440,
    "w": 7 * 1440,
    "M": 30 * 1440,
    "Q": 90 * 1440,
    "Y": 365 * 1440,
}
"""Minutes of each unit. Months, quarters and years have the days that OpenSLO's own tools give
them: 30, 90 and 365. A letter of the other case is another unit.
"""
MINUTES_MOST = 10 * 365 * 1440
PERCENT = Fraction(100)

_DURATION = re.compile(r"([0-9]{1,9})([mhdwMQY])", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,12})?", re.ASCII)


def minutes_of(text: str) -> int:
    """The minutes of `30d`, `4w`, `1M`. Raises `ValueError` for what is none, is nothing, or is
    longer than ten years.
    """
    matched = _DURATION.fullmatch(text)
    if not matched:
        raise ValueError(f"{text!r} is no duration: a whole number and one of m, h, d, w, M, Q, Y")
    found = int(matched[1]) * MINUTES[matched[2]]
    if not 0 < found <= MINUTES_MOST:
        raise ValueError(f"{text!r} is nothing, or longer than ten years")
    return found


def share_of(text: str) -> Fraction:
    """The share of `99.9`, `99.95%`: per cent, exact. Raises `ValueError` for what is none, for 100
    or more, which leaves no budget, and for less than 1 without the sign, which may be meant as a
    share.
    """
    number, sign, rest = text.strip().partition("%")
    if not _PERCENT.fullmatch(number.strip()) or rest:
        raise ValueError(f"{text!r} is no percentage as 99.9")
    found = Fraction(number.strip()) / PERCENT
    if not sign and found < 1 / PERCENT:
        raise ValueError(
            f"{text!r}: targets are in per cent, as 99.9; write {text}% if that is meant"
        )
    if found >= 1:
        raise ValueError(f"{text!r} leaves no error budget: a target is below 100 %")
    return found


def decimal_text(value: Fraction, places: int = 6) -> str:
    """A fraction to be read: `14.4`, `0.2333…` where it goes on."""
    scaled = value * 10**places
    text = f"{float(round(scaled)) / 10**places:.{places}f}".rstrip("0").rstrip(".")
    return text if scaled.denominator == 1 else f"{text}…"
