"""A message to customers in the terms of Statuspage.

Statuspage shows the status of an update itself, so the line that names it is taken out of the text.
"""

from typing import Any

from adapters.products.kit.incident import incident_of
from adapters.products.kit.text import cut, printable, split_label, strip_marks
from domain.incident.terms import UpdateStatus
from domain.incident.view import IncidentView
from domain.kernel.totality import total
from domain.maintenance.planned_work import MaintenanceStatus
from domain.maintenance.telling_of_work import PublicMaintenance
from domain.policy import Severity
from handlers.notify.render import Message

NAME_CHARS, BODY_CHARS = 255, 25_000
STATUSES = total(
    "statuses of a Statuspage",
    [each.value for each in UpdateStatus],
    {
        "investigating": "investigating",
        "identified": "identified",
        "mitigating": "identified",
        "monitoring": "monitoring",
        "resolved": "resolved",
    },
)
IMPACTS = total(
    "impacts on a Statuspage",
    Severity,
    {
        Severity.SEV1: "critical",
        Severity.SEV2: "major",
        Severity.SEV3: "minor",
        Severity.SEV4: "none",
    },
)
COMPONENTS = total(
    "components on a Statuspage",
    Severity,
    {
        Severity.SEV1: "major_outage",
        Severity.SEV2: "partial_outage",
        Severity.SEV3: "degraded_performance",
        Severity.SEV4: "operational",
    },
)
MAINTENANCE_STATUSES = total(
    "statuses of planned work on a Statuspage",
    MaintenanceStatus,
    {
        MaintenanceStatus.SCHEDULED: "scheduled",
        MaintenanceStatus.IN_PROGRESS: "in_progress",
        MaintenanceStatus.COMPLETED: "completed",
        MaintenanceStatus.CANCELED: "completed",
    },
)
"""They know none that was canceled: the words say that it did not take place."""


def maintenance_of(message: Message) -> PublicMaintenance | None:
    """The planned work that a message to customers is about; None: it is about anything else."""
    shown = message.shown
    return shown if isinstance(shown, PublicMaintenance) else None


def is_not_begun(message: Message) -> bool:
    """Whether it is planned work that is ahead, or that never took place."""
    work = maintenance_of(message)
    none_yet = (MaintenanceStatus.SCHEDULED, MaintenanceStatus.CANCELED)
    return work is not None and work.status in none_yet


def heading(message: Message) -> dict[str, Any]:
    """What is said of it besides its updates."""
    work = maintenance_of(message)
    if work is None:
        return {"name": name(message), "impact_override": IMPACTS[message.intent.severity]}
    return {"name": cut(printable(work.title), NAME_CHARS), **planned_for(work)}


def planned_for(work: PublicMaintenance) -> dict[str, Any]:
    """When work is planned for. The page does not begin it by itself: we say when it has."""
    return {
        "scheduled_for": work.begins,
        "scheduled_until": work.ends,
        "scheduled_auto_in_progress": False,
        "scheduled_auto_completed": False,
    }


def name(message: Message) -> str:
    """The public title, or else what the message is called."""
    return cut(printable(_incident(message).title or message.subject), NAME_CHARS)


def body(message: Message) -> str:
    """The words."""
    lines = [line for line in message.text.splitlines() if split_label(line)[0] != "Status"]
    return cut(printable(strip_marks("\n".join(lines).strip()), keep="\n"), BODY_CHARS)


def status(message: Message) -> str:
    """Where things stand: as the words report it, else as the incident is."""
    if work := maintenance_of(message):
        return MAINTENANCE_STATUSES[work.status]
    if message.intent.kind in {"resolved", "all_clear"} or not _incident(message).is_going_on:
        return "resolved"
    said = [
        words for label, words in map(split_label, message.text.splitlines()) if label == "Status"
    ]
    reported = said[0].strip().lower() if said else _incident(message).status
    return STATUSES.get(reported, "investigating")


def _incident(message: Message) -> IncidentView:
    incident = incident_of(message)
    assert incident is not None, "only incidents are published"
    return incident


def component_status(message: Message) -> str:
    """How what is affected does: as bad as the severity, better while recovery is watched."""
    match status(message):
        case "resolved" | "completed":
            return "operational"
        case "in_progress":
            return "under_maintenance"
        case "monitoring":
            return "degraded_performance"
        case _:
            return COMPONENTS[message.intent.severity]
