"""What the system itself says when an update is due and nobody has written one: what has changed
since the last one, and that nothing has only where that is so.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.hypothesis import HypothesisStatus
from domain.incident.last_update import LastUpdate
from domain.incident.state import Facts, Open, Stage
from domain.kernel.totality import total
from domain.policy import Role
from domain.policy.audience import Audience

_DOING = total(
    "what is being done",
    Stage,
    {
        Stage.INVESTIGATING: "investigating",
        Stage.IDENTIFIED: "working on a fix: the cause is known",
        Stage.MONITORING: "monitoring the recovery",
    },
)
_IN_PUBLIC = total(
    "what customers hear of what is being done",
    Stage,
    {
        Stage.INVESTIGATING: "We are still investigating.",
        Stage.IDENTIFIED: "The cause has been identified, and we are working on a fix.",
        Stage.MONITORING: "A fix is in place, and we are watching the recovery.",
    },
)


def describe(facts: Facts, at: datetime) -> LastUpdate:
    """How it stands now, to compare what comes later with."""
    response = facts.response
    return LastUpdate(
        at=at,
        severity=facts.severity,
        impact=facts.assessment.impact,
        root_cause=response.root_cause,
        mitigation=response.mitigation,
        hypotheses=tuple((path.name, path.status.value) for path in response.hypotheses),
        actions=response.actions,
        roles=response.roles,
    )


def automatic_text(incident: Open, audience: Audience) -> str:
    """What an audience is told. Customers hear of nothing that is internal, executives of no path
    of investigation.
    """
    if audience is Audience.CUSTOMERS:
        return _IN_PUBLIC[incident.stage]
    known = incident.facts.response.last_updates.get(audience)
    changes = list(_changes(incident.facts, known))
    if audience is Audience.ENGINEERING:
        changes += _paths(incident.facts, known)
    doing = _DOING[incident.stage]
    if not changes:
        return f"No change, still {doing}."
    since = "Since the last update" if known else "Since it was declared"
    return f"{since}: {'; '.join(changes)}. Still {doing}."


def _changes(facts: Facts, known: LastUpdate | None) -> Iterator[str]:
    response = facts.response
    if known and known.severity is not facts.severity:
        yield f"severity {known.severity} → {facts.severity}"
    if known and known.impact != facts.assessment.impact:
        yield "the impact was reassessed"
    before = known.root_cause if known else None
    if response.root_cause != before:
        yield "the root cause was identified" if response.root_cause else "the cause was withdrawn"
    if response.mitigation != (known.mitigation if known else None):
        yield (
            "a mitigation was applied"
            if response.mitigation
            else "the mitigation does not hold any more"
        )
    if known and known.roles is not None:
        yield from _roles(known.roles, response.roles)
    if count := response.actions - (known.actions if known else 0):
        yield f"{count} action{'s were' if count > 1 else ' was'} taken"


def _roles(before: dict[Role, str], now: dict[Role, str]) -> Iterator[str]:
    for role in Role:
        if before.get(role) != (who := now.get(role)):
            yield f"{role.title} is now {who}" if who else f"nobody is {role.title} any more"


def _paths(facts: Facts, known: LastUpdate | None) -> Iterator[str]:
    before = dict(known.hypotheses) if known else {}
    for path in facts.response.hypotheses:
        if before.get(path.name) != path.status:
            opened = path.status is HypothesisStatus.OPEN
            yield f"{path.name} {'is being investigated' if opened else f'was {path.status}'}"
