"""Whether read models, folded from the same log, say what the aggregate says."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from domain.incident import INCIDENT
from domain.incident.events import Kind
from domain.incident.state import Undeclared, status
from domain.kernel.commit import Recorded, event_id
from domain.policy.audience import Audience
from projections.incident.backlog import BACKLOG
from projections.incident.board import BOARD
from projections.incident.fold import NOTHING_FOLDED, follow
from projections.incident.lines import entries
from projections.incident.statistics import STATISTICS
from simulation.record import Record, points
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
    record = Record()
    for point in points(commits):
        record.add(point)
    told_once = record.severity == "SEV4" or (
        record.severity == "SEV3" and bool(record.tiers or record.unheard)
    )
    waits = record.kind is Kind.STANDARD and record.phase in {"triage", "open"} and told_once
    pairs = {
        "backlog": (bool(rows(BACKLOG, log)["backlog"]), waits),
        "board, status": (board["status"], status(incident)),
        "board, severity": (board["severity"], facts.severity.value),
        "board, position": (board["position"], commits[-1].position),
        "statistics, severity": (statistics["severity"], facts.severity.value),
        "statistics, reopenings": (statistics["reopenings"], facts.response.reopenings),
        "timeline": (told, happened),
    }
    wrong = [
        f"{name}: {left} is not {right}" for name, (left, right) in pairs.items() if left != right
    ]
    return [*wrong, *_told_amiss(commits)]


def _told_amiss(commits: Sequence[Recorded[Any]]) -> Iterator[str]:
    """What nobody is to be told, or customers are not, of an incident of its kind."""
    known = NOTHING_FOLDED
    for recorded in commits:
        known = follow(known, recorded)
        incident: Any = known.incident
        kind, told = incident.facts.about.kind, known.found
        if told and (recorded.commit.retold or kind not in {Kind.STANDARD, Kind.DRILL}):
            yield f"told of a {kind}, in retrospect {recorded.commit.retold}: {told}"
        if kind is Kind.DRILL and any(Audience.CUSTOMERS in item.audiences for _, item in told):
            yield f"customers are told of a drill: {told}"
