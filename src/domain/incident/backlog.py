"""What may wait for triage. Brief, severity matrix: "Backlog triage (SEV4)"; and of SEV3, "Team
lead next standup", what has been told there once, and goes on.
"""

from domain.incident.deadlines.ladder import tier_of_level
from domain.incident.state import LIVE, Incident
from domain.incident.terms import Kind
from domain.incident.told_together import is_told_together
from domain.policy import Policy


def stands_in_backlog(incident: Incident, policy: Policy) -> bool:
    """Whether it goes on, and no clock tells anybody further of it: by its severity it climbs to
    nobody, and whom the matrix wants to know of it does, or no channel told them.
    """
    if not isinstance(incident, LIVE) or is_told_together(incident):
        return False
    facts = incident.facts
    if facts.about.kind is not Kind.STANDARD or policy.highest_tier(facts.severity) is not None:
        return False
    tier = tier_of_level(facts, policy)
    return tier is None or tier.name in facts.discipline.unheard
