"""Who of those whom an incident concerns is told by no channel: nothing counts as told that reached
nobody, and whoever declares hears of it at once.
"""

from collections.abc import Iterator

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Escalated
from domain.incident.state import Facts, Incident, Undeclared
from domain.incident.terms import Kind
from domain.kernel.remark import Remark
from domain.policy import Policy, Severity, Tier
from domain.policy.audience import OURS, Audience, Audiences
from domain.policy.reach import Reach

UNREACHED = "audience.unreached"
RULE = (
    "Tell them yourself, now. A channel that has them among its audiences tells them:"
    " docs/channels.md."
)
RULE_OF_DRILLS = "A channel with drills = true tells of drills: docs/communication.md."

BEGINNING = (
    c.Declare, c.Reopen, c.Unmerge, c.Escalate, c.ChangeSeverity, c.ReassessImpact,
)  # fmt: skip
"""Commands by which people are to hear of an incident who have not before."""
_TOLD = (Kind.STANDARD, Kind.DRILL)
_IF_RAISED = (c.ChangeSeverity, c.ReassessImpact)
_TURNS = (e.SeverityChanged, e.SeverityUpgraded)


def is_heard(audience: Audience, facts: Facts, reach: Reach) -> bool:
    """Whether a channel tells this audience of an incident: channels go by its highest severity."""
    kind, severity = facts.about.kind, peak(facts)
    if kind not in _TOLD:
        return False
    return reach.hears(audience, severity, facts.about.services, drill=kind is Kind.DRILL)


def peak(facts: Facts) -> Severity:
    """The highest severity that it has had."""
    return min((*(turn.severity for turn in facts.assessment.turns), facts.severity))


def unheard(incident: Incident, policy: Policy, reach: Reach) -> Audiences:
    """Those of our own people whom it concerns, and whom no channel tells of it."""
    if isinstance(incident, Undeclared) or incident.facts.about.kind not in _TOLD:
        return ()
    facts = incident.facts
    concerned = {Audience.ENGINEERING}
    if not policy.executives_from.outranks(peak(facts)):
        concerned.add(Audience.EXECUTIVES)
    tiers = (policy.tier(name) for name in facts.discipline.tiers)
    concerned.update(tier.audience for tier in tiers if tier is not None)
    return tuple(each for each in OURS if each in concerned and not is_heard(each, facts, reach))


TELLING = tuple(kind for kind in e.EVENTS if kind is not e.Acknowledged)
"""Events after which people may have to hear of it; nobody is told of an acknowledgement."""


def remark_on_reach(
    command: c.Command,
    incident: Incident,
    events: tuple[e.IncidentEvent, ...],
    policy: Policy,
    reach: Reach,
) -> tuple[Remark, ...]:
    """Who hears nothing of what a command has begun, raised or escalated, a remark each."""
    if isinstance(incident, Undeclared):
        return ()
    facts = incident.facts
    if facts.about.kind not in _TOLD:
        return ()
    escalated = [event for event in events if isinstance(event, Escalated)]
    if isinstance(command, c.Escalate):
        tiers = [tier for each in escalated if (tier := policy.tier(each.tier))]
        concerned = {tier.audience for tier in tiers}
    elif isinstance(command, _IF_RAISED) and not any(isinstance(it, _TURNS) for it in events):
        return ()
    else:
        tiers = list(_may_hear(facts.severity, policy))
        concerned = {Audience.ENGINEERING, *(tier.audience for tier in tiers)}
        if not policy.executives_from.outranks(facts.severity):
            concerned.add(Audience.EXECUTIVES)
    rule = RULE_OF_DRILLS if facts.about.kind is Kind.DRILL else RULE
    return tuple(
        Remark(UNREACHED, _words(audience, facts, tiers), rule)
        for audience in OURS
        if audience in concerned and not is_heard(audience, facts, reach)
    )


def _may_hear(severity: Severity, policy: Policy) -> Iterator[Tier]:
    """The tiers to which an incident of this severity goes by itself."""
    level, highest = policy.levels[severity], policy.highest_tier(severity)
    first = policy.tier(level.escalates_to) if level.escalates_to else None
    named = [each for each in (first, highest) if each is not None]
    if not named:
        return
    places = sorted(policy.tiers.index(each) for each in named)
    yield from policy.tiers[places[0] : places[-1] + 1]


def _words(audience: Audience, facts: Facts, tiers: list[Tier]) -> str:
    people = [name for tier in tiers if tier.audience is audience for name in tier.to]
    those = f" ({', '.join(people)})" if people else ""
    what = f"{facts.reference}, a {facts.severity}"
    if facts.about.kind is Kind.DRILL:
        return f"no channel that is marked for drills tells {audience}{those} of {what}"
    return f"no channel tells {audience}{those} of {what}"
