"""Whether read models, folded from the same log, say what the aggregate says."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from domain.incident import INCIDENT
from domain.incident.state import Undeclared, status
from domain.kernel.commit import Recorded, event_id
from projections.incident.board import BOARD
from projections.incident.lines import entries
from projections.incident.statistics import STATISTICS
from support.spec import rows


def disagreements(incident_id: str, commits: Sequence[Recorded[Any]]) -> list[str]:
    """What board, statistics and timeline tell otherwise."""
    incident: Any = INCIDENT.initial
    for recorded in commits:
        incident = INCIDENT.fold(incident, recorded.commit.events)
    if isinstance(incident, Undeclared):
        return []
    facts = incident.facts
    log: Any = SimpleNamespace(commits=commits, incident_id=incident_id)
    [board] = rows(BOARD, log)["incident"]
    [statistics] = rows(STATISTICS, log)["incident"]
    told = [line.event_id for recorded in commits for line in entries(recorded)]
    happened = [
        event_id(recorded.commit.id, index)
        for recorded in commits
        for index in range(len(recorded.commit.events))
    ]
    pairs = {
        "board, status": (board["status"], status(incident)),
        "board, severity": (board["severity"], facts.severity.value),
        "board, position": (board["position"], commits[-1].position),
        "statistics, severity": (statistics["severity"], facts.severity.value),
        "statistics, reopenings": (statistics["reopenings"], facts.response.reopenings),
        "timeline": (told, happened),
    }
    return [
        f"{name}: {left} is not {right}" for name, (left, right) in pairs.items() if left != right
    ]
