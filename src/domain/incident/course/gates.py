"""What has to be there before something is done about an incident, and the one way past it: an
emergency `override`, which says why and goes on record.

Gates ask people, of what they do while it goes on. What an import or an alert says, what is told in
retrospect, and what is noted once it is over is never held up. Source: brief, "During Active
Incidents", "Step 3: Resolution & Stabilization", "Operational Discipline" ("authority to take
emergency actions without multi-level approval chains").
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.command_fields import Gated
from domain.incident.course.verification import unverified
from domain.incident.course.waivers import Waiver
from domain.incident.deadlines.history import LIVE_KINDS
from domain.incident.deadlines.monitoring import unwatched
from domain.incident.engagement import is_person
from domain.incident.events import IncidentEvent
from domain.incident.roles import missing_roles
from domain.incident.state import (
    LIVE,
    Facts,
    KnownIncident,
    Open,
    Stage,
    with_response,
)
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.totality import kinds, total
from domain.policy import Severity

Gate = Callable[[Any, Any, datetime, Context], Iterator[Refused]]
"""What is shut to a command on an incident, each by its refusal."""

OVERRIDE = "in an emergency give an `override` that says why"


def waived(
    command: Gated, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """That an emergency override has opened what was shut. Raises `Refused` with all that is shut
    where there is none.
    """
    shut = [shut for gate in GATES[type(command)] for shut in gate(command, incident, at, context)]
    if not shut or not _asks(incident, at, context):
        return []
    if command.override is None:
        raise _together(shut, incident.facts)
    return [
        e.RuleWaived(
            occurred_at=at,
            rules=tuple(dict.fromkeys(each.code for each in shut)),
            detail="; ".join(each.detail for each in shut),
            reason=command.override,
        )
    ]


def unfinished(
    _: c.Resolve, incident: KnownIncident, at: datetime, context: Context
) -> Iterator[Refused]:
    """What a resolution may lack if its `early_reason` says why: that somebody has taken it on,
    that users are no longer affected, and that recovery was watched.
    """
    if not isinstance(incident, Open) or not _asks(incident, at, context):
        return
    facts = incident.facts
    if _is_severe(facts, context):
        if not facts.acknowledged:
            yield Refused(
                "acknowledgement.required",
                f"nobody has acknowledged {facts.reference}",
                field="early_reason",
                rule="Acknowledge it, or give an `early_reason` that says why nobody had to.",
            )
        if incident.stage is not Stage.MONITORING:
            yield Refused(
                "mitigation.required",
                f"{facts.reference} is not mitigated",
                field="early_reason",
                rule="Mitigate first and watch recovery, or give an `early_reason`.",
            )
    yield from unwatched(incident, at, context)


def _asks(incident: KnownIncident, at: datetime, context: Context) -> bool:
    """Whether it goes on, here and now, and a person acts."""
    return (
        isinstance(incident, LIVE)
        and incident.facts.about.kind in LIVE_KINDS
        and not context.policy.is_retold(at, context.now)
        and is_person(context.actor)
    )


def _is_severe(facts: Facts, context: Context) -> bool:
    """Whether it is so severe that its resolution has to be shown."""
    level = _unreasoned(facts) or facts.severity
    return not context.policy.resolution_gated_from.outranks(level)


def _unreasoned(facts: Facts) -> Severity | None:
    """What the matrix says of it without a doubt, where nobody has said why it stands below that: a
    level that is held for a reason is a decision, one that was only named is none.
    """
    decision, matrix = facts.stated.decision, facts.assessment.matrix
    if matrix is None or matrix.doubt or (decision and decision.reason):
        return None
    return matrix.severity if matrix.severity.outranks(facts.severity) else None


def _roles(_: Gated, incident: KnownIncident, __: datetime, context: Context) -> Iterator[Refused]:
    """Roles come before troubleshooting, whatever it begins with."""
    yield from missing_roles(incident.facts, context.policy, "troubleshooting", OVERRIDE)


def _early(
    command: c.Resolve, incident: KnownIncident, at: datetime, context: Context
) -> Iterator[Refused]:
    if command.early_reason is None:
        yield from unfinished(command, incident, at, context)


def _ended(
    command: c.Resolve, incident: KnownIncident, _: datetime, context: Context
) -> Iterator[Refused]:
    """What a severe incident needs before it is over, and no reason stands in for."""
    facts = incident.facts
    if _is_severe(facts, context):
        yield from missing_roles(facts, context.policy, "resolving", OVERRIDE)
        yield from _pursued(facts)
    yield from unverified(command.verification, facts, is_needed=_is_severe(facts, context))


def _pursued(facts: Facts) -> Iterator[Refused]:
    pursued = [path.name for path in facts.response.pursued]
    if pursued:
        are = "is" if len(pursued) == 1 else "are"
        yield Refused(
            "hypothesis.open",
            f"{' and '.join(pursued)} of {facts.reference} {are} still open",
            field="incident",
            rule="Confirm, reject or abandon each hypothesis before it is over.",
        )


GATES: Mapping[type[Gated], tuple[Gate, ...]] = total(
    "the gates of commands",
    [kind for kind in kinds(c.Following) if issubclass(kind, Gated)],
    {
        **dict.fromkeys(
            (c.OpenHypothesis, c.ConfirmHypothesis, c.IdentifyRootCause, c.LogAction, c.Mitigate),
            (_roles,),
        ),
        c.Resolve: (_ended, _early),
    },
)
"""What each command finds shut; what has been said before is no news and meets none."""


def _together(shut: list[Refused], facts: Facts) -> Refused:
    """All that is missing at once, under the code of the first."""
    first, matrix = shut[0], _unreasoned(facts)
    rules = list(dict.fromkeys(each.rule for each in shut if each.rule))
    if matrix is not None:
        rules.append(
            f"It stands at {facts.severity} without a reason, so it is held to {matrix}, which the"
            " matrix says: if it is less, change_severity says why."
        )
    details = "; ".join(each.detail for each in shut)
    return Refused(first.code, details, field=first.field, rule=" ".join(rules))


def fold_waived(incident: KnownIncident, event: e.RuleWaived) -> KnownIncident:
    """It stays with the incident."""
    waiver = Waiver(event.occurred_at, event.rules, event.detail, event.reason)
    return with_response(incident, waivers=(*incident.facts.response.waivers, waiver))
