"""One example of each event of roles, with every optional field given."""

from domain.incident import events as e
from domain.incident.corrections.correction_samples import clock
from domain.incident.events import IncidentEvent
from domain.kernel.roster import NameDoubt
from domain.policy import Role

ROLE_EVENTS: tuple[IncidentEvent, ...] = (
    e.RoleAssigned(
        occurred_at=clock(12, 1),
        role=Role.INCIDENT_COMMANDER,
        assignee="Ada",
        announced=True,
        person="ada",
        doubt=NameDoubt.NOT_ACTIVE,
    ),
    e.RoleHandedOver(
        occurred_at=clock(14),
        role=Role.INCIDENT_COMMANDER,
        previous="Ada",
        assignee="Grace",
        note="end of shift",
        announced=True,
        person="grace",
        doubt=NameDoubt.NOT_ACTIVE,
    ),
    e.RoleUnassigned(
        occurred_at=clock(12, 6), role=Role.SCRIBE, previous="Edsger", reason="on leave"
    ),
    e.RoleHolderNoted(
        occurred_at=clock(12, 7),
        role=Role.INCIDENT_COMMANDER,
        assignee="Ada",
        person="ada",
        doubt=NameDoubt.NOT_ACTIVE,
    ),
)
