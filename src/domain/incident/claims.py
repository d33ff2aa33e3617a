"""What customers read is so: words that claim more than the log knows are asked about, whichever
way they come to be read, and stand on the timeline as meant where somebody confirms them.
"""

from collections.abc import Mapping
from datetime import datetime

from domain.incident.course.waivers import RuleWaived
from domain.incident.events import UpdateStatus
from domain.incident.messages.phrases import MENDED, OVER, claimed
from domain.incident.state import Closed, KnownIncident, Open, Stage, status
from domain.kernel.refusal import Refused
from domain.kernel.text import clock

RULE = (
    "Customers are told what is so: mitigate or resolve the incident first, or say confirm: true."
)

UNDER_WAY = frozenset(
    {UpdateStatus.INVESTIGATING, UpdateStatus.IDENTIFIED, UpdateStatus.MITIGATING}
)
"""What an incident is not any more once it is resolved; watched it may be for a while."""


def claim_in(texts: Mapping[str, str | None], incident: KnownIncident) -> Refused | None:
    """`texts` by the field that says them. The first that says that it is over, though it is not,
    or that users are helped, though nothing is mitigated.
    """
    if isinstance(incident, Closed):
        return None
    watched = isinstance(incident, Open) and incident.stage is Stage.MONITORING
    for field, text in texts.items():
        found = claimed(OVER, text or "") or (None if watched else claimed(MENDED, text or ""))
        if found is not None:
            return too_much(found, field, incident)
    return None


def meant(claim: Refused | None, at: datetime, *, confirm: bool) -> list[RuleWaived]:
    """That a claim is meant, on record. Raises it where nobody says so."""
    if claim is None:
        return []
    if not confirm:
        raise claim
    return [RuleWaived(occurred_at=at, rules=(claim.code,), detail=claim.detail)]


def too_much(claim: str, field: str, incident: KnownIncident) -> Refused:
    """Customers would read that."""
    return Refused(
        "update.claims_too_much",
        f"customers would read “{claim}”, and {incident.facts.reference} is {status(incident)}",
        field=field,
        rule=RULE,
        invalid=True,
    )


def over_since(incident: KnownIncident, at: datetime | None) -> datetime | None:
    """When it was resolved, if it has been by a time (None: now); what is told of the time before
    is no claim about what is over.
    """
    if not isinstance(incident, Closed):
        return None
    resolved_at = incident.facts.milestones.resolved_at
    return resolved_at if resolved_at and (at is None or resolved_at <= at) else None


def goes_on(claim: str, over_at: datetime, incident: KnownIncident) -> Refused:
    """Customers would read that of what is over."""
    return Refused(
        "update.claims_it_goes_on",
        f"customers would read “{claim}”, and {incident.facts.reference} is resolved since"
        f" {clock(over_at)}",
        field="status",
        rule="Customers are told what is so: reopen the incident first, say when that was"
        " (occurred_at) if it was before, or say confirm: true.",
        invalid=True,
    )
