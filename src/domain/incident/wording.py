"""The lines of a timeline that take more than a sentence."""

from datetime import timedelta

from domain.incident import events as e
from domain.incident.impact import impact_words
from domain.incident.relation import Relation
from domain.incident.severity.citing import CORRECTED
from domain.incident.severity.ruling import Decision
from domain.incident.state import reference_of
from domain.kernel.roster import with_doubt
from domain.kernel.text import behind_colon, duration, in_lines
from domain.kernel.totality import total
from domain.policy.audience import Audience


def declared(event: e.Declared) -> str:
    because = f" ({event.because})" if event.because else ""
    before = f", {event.previous} until then" if event.previous else ""
    said = f"Incident declared {event.severity}{before}{because}: {event.title}"
    held = Decision(event.severity, by=event.held_by).held(event.matrix, event.severity)
    return f"{said} — {held}" if held and event.held_by else said


def severity(event: e.SeverityChanged) -> str:
    change = f"Severity {event.previous} → {event.severity}"
    if event.severity is event.previous:
        change = f"Severity {event.severity} confirmed"
    decision = Decision(event.severity, event.reason, event.held_by)
    return f"{change}: {decision.held(event.matrix, event.severity) or event.reason}"


def assessed(event: e.ImpactReassessed) -> str:
    holds = f" — a floor holds: {event.stands}" if event.stands else ""
    return f"Impact reassessed: {impact_words(event.impact)}{holds}"


def taken_back(event: e.SeverityRaiseWithdrawn) -> str:
    if event.declared or event.automatic.rule == CORRECTED:
        return f"Severity was not {event.withdrawn} then, but {event.severity}: {event.reason}"
    if event.severity.outranks(event.withdrawn) or event.severity is event.withdrawn:
        stayed = f"then, it was {event.severity} before"
    else:
        stayed = f"after all, it stayed {event.severity}"
    return f"Severity not raised to {event.withdrawn} {stayed}: {event.reason}"


def update(event: e.UpdatePosted) -> str:
    return f"{update_head(event)}{event.text}"


def update_head(event: e.UpdatePosted) -> str:
    """What stands before the words of an update: `Update (monitoring, public): `."""
    how = ", automatic" if event.automatic else ""
    to = ", public" if Audience.CUSTOMERS in event.audiences else ""
    return f"Update ({event.status.value}{to}{how}): "


LATE = timedelta(minutes=5)
"""A change that was heard of so long after it was made says so."""


def change(event: e.ChangeNoted) -> str:
    """`Change of checkout: Deployed 1.4.2 (ci, by Ada, heard of 2 h 5 min later)`."""
    change, behind = event.change, event.change.heard_at - event.occurred_at
    of = f" of {change.service}" if change.service else ""
    told = (
        change.origin or change.source,
        f"by {change.by}" if change.by else "",
        f"heard of {duration(behind)} later" if behind >= LATE else "",
    )
    details = f": {in_lines(change.text)}" if change.text else ""
    links = "".join(f" — {each.name}: {each.url}" for each in change.links)
    flaws = f" [flawed: {'; '.join(change.flaws)}]" if change.flaws else ""
    said = ", ".join(filter(None, told))
    return f"Change{of}: {change.summary} ({said}){details}{links}{flaws}"


RELATIONS = total(
    "the words of relations",
    Relation,
    {
        Relation.RELATED: "Related to",
        Relation.CAUSED_BY: "Caused by",
        Relation.CAUSES: "The cause of",
        Relation.REPEAT_OF: "A repeat of",
        Relation.REPEATED_BY: "Repeated by",
        Relation.NOT_REPEAT_OF: "Not a repeat of",
        Relation.NOT_REPEATED_BY: "Not repeated by",
    },
)


def waived(event: e.RuleWaived) -> str:
    how = f"Emergency override: {event.reason}" if event.reason else "Confirmed as meant"
    return f"{how} ({', '.join(event.rules)}: {event.detail})"


def handed_over(event: e.RoleHandedOver) -> str:
    to = with_doubt(event.assignee, event.doubt)
    said = f"{event.role.title} handed over: {event.previous} → {to}"
    return said + behind_colon(event.note)


def unassigned(event: e.RoleUnassigned) -> str:
    said = f"{event.role.title}: nobody any more, {event.previous} until then"
    return said + behind_colon(event.reason)


def holder_noted(event: e.RoleHolderNoted) -> str:
    who = f"{event.role.title}: {event.assignee}"
    if event.doubt is None:
        return f"{who} is active again, as the directory has it"
    return f"{who} is not active any more, as the directory has it; hand_over_role passes it on"


def resolved(event: e.Resolved) -> str:
    return (
        f"Resolved: {event.resolution}"
        + (f" (earlier than planned: {event.early_reason})" if event.early_reason else "")
        + (f" (verified by: {event.verification})" if event.verification else "")
    )


def merged(event: e.Merged) -> str:
    into = reference_of(event.into_number)
    return f"Merged into {into} as a duplicate{behind_colon(event.reason)}"
