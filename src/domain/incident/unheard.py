"""Who of those whom an incident concerns is told by no channel: nothing counts as told that reached
nobody, and whoever declares hears of it at once.
"""

from collections.abc import Collection, Iterator

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind
from domain.incident.carried_on import may_be_public
from domain.incident.deadlines.events import Escalated
from domain.incident.state import Facts, Incident, Triage, Undeclared
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
RULE_OF_PRIVATE = (
    "Tell them yourself, now. A channel all of whose readers may see it tells them (`private`):"
    " docs/channels.md."
)
RULE_OF_DRILLS = "A channel with drills = true tells of drills: docs/communication.md."

PAGE_ALONE = "audience.page_alone"
RULE_OF_PAGE = (
    "Customers read /status; a channel that has them among its audiences tells them as well."
)

BEGINNING = (
    c.ReceiveAlert, c.Declare, c.Reopen, c.Unmerge, c.Escalate, c.ChangeSeverity, c.ReassessImpact,
)  # fmt: skip
"""Commands by which people are to hear of an incident who have not before."""
_TOLD = (Kind.STANDARD, Kind.DRILL)
_BEGIN = (
    AlertKind.TRIGGERED, AlertKind.REOPENED, AlertKind.PRIORITY_UPDATED, AlertKind.UPDATED,
)  # fmt: skip
_TURNS = (e.SeverityChanged, e.SeverityUpgraded)


def is_heard(audience: Audience, facts: Facts, reach: Reach) -> bool:
    """Whether a channel tells this audience of an incident: channels go by its highest severity."""
    kind, severity = facts.about.kind, facts.assessment.peak(facts.severity)
    if kind not in _TOLD:
        return False
    about, drill = facts.about, kind is Kind.DRILL
    return reach.hears(audience, severity, about.services, drill=drill, private=about.private)


def concerned(facts: Facts, policy: Policy) -> Audiences:
    """Those of our own people whom it concerns."""
    found = {Audience.ENGINEERING}
    if not policy.executives_from.outranks(facts.assessment.peak(facts.severity)):
        found.add(Audience.EXECUTIVES)
    names = (*facts.discipline.tiers, *facts.discipline.unheard)
    tiers = (policy.tier(name) for name in names)
    found.update(tier.audience for tier in tiers if tier is not None)
    return tuple(each for each in OURS if each in found)


def unheard(incident: Incident, policy: Policy, reach: Reach) -> Audiences:
    """Those of our own people whom it concerns, and whom no channel tells of it."""
    if isinstance(incident, Undeclared) or incident.facts.about.kind not in _TOLD:
        return ()
    facts = incident.facts
    return tuple(each for each in concerned(facts, policy) if not is_heard(each, facts, reach))


def missed_by_update(audiences: Audiences, facts: Facts, reach: Reach | None) -> Audiences:
    """Those whom an update does not reach, as far as channels are known. Customers have the public
    page, which shows no drill and nothing private. Where no channel tells any of our own people of
    anything, they read here what is posted here.
    """
    if facts.about.kind not in _TOLD:
        return ()
    ours: Audiences = ()
    if reach is not None and reach.tells_any_of(OURS):
        ours = tuple(each for each in OURS if not is_heard(each, facts, reach))
    missed = ours if may_be_public(facts) else (*ours, Audience.CUSTOMERS)
    return tuple(each for each in audiences if each in missed)


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
    elif _begins_nothing(command, events):
        return ()
    elif isinstance(incident, Triage):
        tiers, concerned = [], {Audience.ENGINEERING}
    else:
        tiers = list(_may_hear(facts.severity, policy))
        concerned = {Audience.ENGINEERING, *(tier.audience for tier in tiers)}
        if not policy.executives_from.outranks(facts.severity):
            concerned.add(Audience.EXECUTIVES)
    return _remarks(concerned, facts, tiers, reach)


def _remarks(
    concerned: Collection[Audience], facts: Facts, tiers: list[Tier], reach: Reach
) -> tuple[Remark, ...]:
    rule = RULE_OF_PRIVATE if facts.about.private else RULE
    rule = RULE_OF_DRILLS if facts.about.kind is Kind.DRILL else rule
    return tuple(
        Remark(UNREACHED, _words(audience, facts, tiers), rule)
        for audience in OURS
        if audience in concerned and not is_heard(audience, facts, reach)
    )


def _begins_nothing(command: c.Command, events: tuple[e.IncidentEvent, ...]) -> bool:
    """Whether nobody has to hear of it who has not before."""
    match command:
        case c.ReceiveAlert():
            return command.alert.kind not in _BEGIN
        case c.ChangeSeverity() | c.ReassessImpact():
            return not any(isinstance(it, _TURNS) for it in events)
        case _:
            return False


def remark_on_update(
    command: c.PostUpdate,
    incident: Incident,
    _: tuple[e.IncidentEvent, ...],
    policy: Policy,
    reach: Reach,
) -> tuple[Remark, ...]:
    """Whom of those that an update is addressed to no channel tells. Customers have the public page
    all the same.
    """
    if isinstance(incident, Undeclared) or incident.facts.about.kind not in _TOLD:
        return ()
    facts = incident.facts
    missed = set(unheard(incident, policy, reach)) & set(command.audiences)
    found = _remarks(missed, facts, [], reach)
    if Audience.CUSTOMERS not in command.audiences:
        return found
    if facts.about.private is not None:
        said = f"{facts.reference} is private: customers are told nothing of it, nor is the page"
        return (*found, Remark(UNREACHED, said, RULE_OF_PAGE))
    if facts.about.kind is Kind.DRILL:
        said = f"{facts.reference} is a drill: customers are told nothing of it, nor is the page"
        return (*found, Remark(UNREACHED, said, RULE_OF_PAGE))
    if is_heard(Audience.CUSTOMERS, facts, reach):
        return found
    said = (
        f"no channel tells customers of {facts.reference}: they find the update on the public page"
        " alone"
    )
    return (*found, Remark(PAGE_ALONE, said, RULE_OF_PAGE))


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
    if facts.about.private is not None:
        return f"no channel for those alone who may see it tells {audience}{those} of {what}"
    if facts.about.kind is Kind.DRILL:
        return f"no channel that is marked for drills tells {audience}{those} of {what}"
    return f"no channel tells {audience}{those} of {what}"
