"""What one more assessment costs does not grow with the square of those before it."""

from itertools import count
from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident.severity import course
from support.spec import Log, at

MANY = 200


def test_each_statement_is_looked_at_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    log, looked, stated = Log(), count(), course.stated

    def counted(changes: Any) -> dict[str, Any]:
        next(looked)
        return stated(changes)

    assert log.run(c.Declare(title="Checkout is slow"), at(0)) == "decided"
    for minute in range(1, MANY):
        assert log.run(_said(minute), at(minute)) == "decided"
    monkeypatch.setattr(course, "stated", counted)
    assert log.run(_said(MANY), at(MANY)) == "decided"
    assert next(looked) < 20 * MANY


def _said(minute: int) -> c.ReassessImpact:
    return c.ReassessImpact(users_affected=100 + minute % 7, percent_affected=10.0 + minute % 3)
