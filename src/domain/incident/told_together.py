"""Which incidents people are told of only as part of a storm, not one by one."""

from domain.incident.state import Incident, Undeclared


def is_told_together(incident: Incident) -> bool:
    """Whether all alerts that fired of an incident belong to a storm, none has got more severe than
    it was then, and nobody has taken the incident on or said anything of it.
    """
    if isinstance(incident, Undeclared):
        return False
    facts = incident.facts
    alerts, stated, response = facts.alerts, facts.stated, facts.response
    return (
        alerts.storm_severity is not None
        and not facts.severity.outranks(alerts.storm_severity)
        and not facts.about.declared
        and stated.severity is None
        and stated.acknowledgement_at is None
        and stated.moved_at is None
        and not (response.roles or response.hypotheses or response.updates)
        and not alerts.outside_storm
    )
