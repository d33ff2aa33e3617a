"""The board: what goes on now, and what is due."""

from collections.abc import Sequence
from typing import Any

from adapters.console.visit import ConsolePage, Shown, Visit
from domain.access.grants import Permission
from domain.incident.deadlines.owed import LABELS
from domain.policy import Role, Severity
from projections.incident.due import DUE_LIST
from projections.incident.incident_list import INCIDENTS, STATUSES
from projections.incident.shown import IncidentShown

SHOWN = 50
DUE_SHOWN = 12
STATUS_CHOICES = (("open", "open"), ("all", "all"), *((it, it) for it in STATUSES if it != "open"))


async def show_board(visit: Visit) -> Shown:
    """The page. Its filters stand in its address."""
    status = visit.asked("status", "open")
    before = visit.asked("before")
    found = await visit.ask(
        INCIDENTS,
        statuses=None if status == "all" else [status],
        severities=visit.chosen("severity") or None,
        limit=SHOWN,
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
    )
    due = await visit.ask(DUE_LIST, limit=DUE_SHOWN)
    return Shown("board.html", {
        "incidents": [_row(each) for each in _in_order(found.answer.incidents, status)],
        "due": due.answer,
        "labels": LABELS,
        "now": visit.now,
        "status": status,
        "statuses": STATUS_CHOICES,
        "severities": [each.value for each in Severity],
        "chosen": visit.chosen("severity"),
        "next": visit.here(before=found.next) if found.next is not None else None,
        "here": visit.here(),
        "may_declare": visit.may(Permission.INCIDENTS_RESPOND),
    })  # fmt: skip


def _in_order(found: Sequence[IncidentShown], status: str) -> Sequence[IncidentShown]:
    """What goes on by its severity, the newest first of each; all else newest first."""
    return sorted(found, key=lambda it: it.severity) if status == "open" else found


def _row(it: IncidentShown) -> dict[str, Any]:
    who = it.holders.get(Role.INCIDENT_COMMANDER)
    named = it.roles.get(Role.INCIDENT_COMMANDER)
    return {
        "it": it,
        "commander": who.name if who else named,
        "due": it.deadlines[0] if it.deadlines else None,
    }


PAGES = (
    ConsolePage("/", Permission.INCIDENTS_READ, show_board, name="Board", group="Respond", key="b"),
)
