"""What persons and signals state of an impact, told long after all of it, in any order."""

from typing import Any

from domain.incident import commands as c
from domain.incident.impact import Impact
from support.spec import Log, at, page


def person(minute: int, **impact: Any) -> c.ReassessImpact:
    """A person says it."""
    return c.ReassessImpact(occurred_at=at(minute), **impact)


def signal(minute: int, priority: str | None = None, **impact: Any) -> c.ReceiveAlert:
    """A signal says it, of one and the same alert."""
    name = f"{minute}{priority}{sorted(impact.items())}"
    return page("updated", name, at_min=minute, priority=priority, impact=Impact(**impact))


def told(*commands: Any) -> Log:
    """These commands, one after the other, long after all of it."""
    log = Log()
    for minute, command in enumerate(commands):
        outcome = log.run(command, at(24 * 60 + minute))
        assert outcome in {"decided", "ignored"}, (command, outcome)
    return log


def facts(log: Log) -> Any:
    """What is known of the incident."""
    return log.incident.facts  # type: ignore[union-attr]
