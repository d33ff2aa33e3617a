"""Series of counts as CSV: `minute,good,total`, a row for each sample, in any order."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from adapters.yaml_documents import content_of
from domain.slo.series import Number, Sample

TIMES = ("minute", "time", "timestamp")
_NUMBER = re.compile(r"[-+]?[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][-+]?[0-9]{1,2})?", re.ASCII)


def samples_of(path: Path) -> Iterator[Sample]:
    """The samples of a file, as they come. A count that is empty, `NaN` or no number is unknown. A
    time is ISO 8601 (UTC where it has no offset) or in seconds since 1970. Raises `ValueError` for
    what is no such file, with the line.
    """
    try:
        text = content_of(path, 64 << 20).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no text in UTF-8") from error
    reader = csv.DictReader(io.StringIO(text))
    names = [each.strip() for each in reader.fieldnames or ()]
    time = next((each for each in TIMES if each in names), None)
    if time is None or not {"good", "total"} <= set(names):
        raise ValueError(f"{path}: the first line names the columns minute, good and total")
    reader.fieldnames = names
    try:
        for row in reader:
            at_s = _seconds((row[time] or "").strip(), reader.line_num)
            yield Sample(at_s, _count(row["good"]), _count(row["total"]))
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: {error}") from error


def _seconds(text: str, line: int) -> int:
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"line {line}: {text[:40]!r} is no time of ISO 8601") from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() // 1)


def _count(text: str | None) -> Number | None:
    """What is written, exact; None where it is no number."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    if not _NUMBER.fullmatch(text):
        return None
    found = Fraction(text)
    return int(found) if found.denominator == 1 else found
