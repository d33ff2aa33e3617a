"""Who does what in a response."""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """The four roles of a structured response (brief, "Structured Response & Coordination")."""

    INCIDENT_COMMANDER = "incident_commander"
    COMMUNICATIONS_LEAD = "communications_lead"
    TECHNICAL_LEAD = "technical_lead"
    SCRIBE = "scribe"

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.value.replace("_", " ").title()


class HeldIn(NamedTuple):
    """A role that somebody has in the incident of this reference."""

    reference: str
    role: Role
