"""The escalation ladder: who is told next, by a rule or by a responder.

Source: brief, "Severity Classification Matrix" (Escalation), "Escalation Triggers".
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident.deadlines.due_times import again, soonest, within
from domain.incident.deadlines.events import DeadlineRule, Escalated
from domain.incident.deadlines.expiry import cite, expiry
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.timed_rule import Climb, Owed, Owes
from domain.incident.events import IncidentEvent
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.incident.unheard import is_heard
from domain.kernel.commit import EPOCH
from domain.kernel.deadline import Expire, Holds, Moment, Prompt
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import Level, Policy, Severity, Tier
from domain.policy.audience import Audience, Audiences


def hears(tier: Tier) -> str:
    """That it does: `VP Engineering, CTO hear`."""
    return f"{', '.join(tier.to)} {'hears' if len(tier.to) == 1 else 'hear'}"


def rises_to(tier: Tier, facts: Facts, policy: Policy) -> bool:
    """Whether a tier is above all that know of the incident; whom no channel told does not."""
    ladder = [each.name for each in policy.tiers]
    known = [ladder.index(name) for name in facts.discipline.tiers if name in ladder]
    return not known or ladder.index(tier.name) > max(known)


def tier_of_level(facts: Facts, policy: Policy) -> Tier | None:
    """Whom the severity asks for, unless they know of it, or somebody above them does."""
    usual = policy.levels[facts.severity].escalates_to
    tier = policy.tier(usual) if usual else None
    return tier if tier and rises_to(tier, facts, policy) else None


def next_tier(facts: Facts, policy: Policy) -> Tier | None:
    """Who is told next: whom the severity asks for, else the tier above those that know; but nobody
    whom no channel told as it was their turn.
    """
    first = tier_of_level(facts, policy) or policy.tier_above(facts.discipline.tiers)
    if first is None:
        return None
    above, unheard = policy.tiers[policy.tiers.index(first) :], facts.discipline.unheard
    return next((tier for tier in above if tier.name not in unheard), None)


def climbs_to(facts: Facts, policy: Policy) -> Tier | None:
    """Who is told next by a rule, up to the highest tier of the severity, and that one again once
    all of them know; None: the severity does not climb, or not any more.
    """
    highest = policy.highest_tier(facts.severity)
    if highest is None:
        return None
    tier = next_tier(facts, policy)
    if tier is not None and policy.tiers.index(tier) <= policy.tiers.index(highest):
        return tier
    again = policy.levels[facts.severity].repeat_highest_s is not None
    return highest if again else None


def told_again_at(history: DeadlineHistory, policy: Policy) -> datetime | None:
    """When the highest tier is told again of what it was to be told; None: it is not its turn."""
    facts = facts_of(history)
    highest, seconds = (
        policy.highest_tier(facts.severity),
        policy.levels[facts.severity].repeat_highest_s,
    )
    asked = (*facts.discipline.tiers, *facts.discipline.unheard)
    if highest is None or seconds is None or highest.name not in asked:
        return None  # since it was reopened, nobody has told them
    if climbs_to(facts, policy) != highest:
        return None
    told = history.tiers.get(highest.name)
    return told.at + timedelta(seconds=seconds) if told else None


def climb_due(
    history: DeadlineHistory,
    rule: DeadlineRule,
    since: Moment,
    seconds_of: Callable[[Level], int | None],
    policy: Policy,
) -> Expire | None:
    """One tier up each time, by the time that the severity gives, and the highest again."""
    facts = facts_of(history)
    limited = seconds_of(policy.levels[facts.severity]) is not None
    if not limited or climbs_to(facts, policy) is None:
        return None
    start = again(facts, rule, since)
    found = soonest(history.levels, start, within(seconds_of, policy))
    assert found is not None, "the present severity sets a time"
    due_at, because = found
    due_at = max(due_at, told_again_at(history, policy) or due_at)
    return expiry(history, rule, due_at, because)


def owes_next(
    due: Callable[[DeadlineHistory, datetime, Policy], Expire | None],
    to: Callable[[Facts, Policy], Tier | None],
    unless: str,
) -> Owes:
    """Whom a clock tells next, of itself."""

    def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
        following = due(history, EPOCH, policy)
        if following is not None:
            since = _cause(history, following.caused_by)
            rule = DeadlineRule(following.rule)
            yield Owed(rule, following.due_at, since, "", climb=Climb(to, unless))

    return owed


def _cause(history: DeadlineHistory, event: str) -> Moment:
    """When something was recorded from which a time counts."""
    moments = (history.waiting, history.sought, history.opened, history.closed, history.began)
    known = (*moments, *(reached.since for reached in history.levels))
    return next(each for each in known if each is not None and each.event == event)


def escalate(
    command: c.Escalate, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """A responder wants a higher tier to know; telling one again is allowed, a person decides."""
    policy = context.policy
    if command.tier is None:
        tier = next_tier(facts, policy)
        if tier is None:
            raise Refused(
                "escalation.no_higher_tier",
                _nobody_higher(facts, context),
                field="tier",
                rule="Escalation goes one tier up at a time; name a tier to tell it again.",
            )
    else:
        tier = policy.tier(command.tier)
        if tier is None:
            known = ", ".join(each.name for each in policy.tiers)
            raise Refused(
                "escalation.unknown_tier",
                f"there is no tier {command.tier}; there are {known}",
                field="tier",
                rule=f"one of {known}",
                invalid=True,
            )
    return [_escalated(tier, facts, context, occurred_at=at, reason=command.reason)]


def _escalated(tier: Tier, facts: Facts, context: Context, **said: Any) -> Escalated:
    """That a tier is to know of it, and whether anything tells them."""
    return Escalated(
        tier=tier.name,
        to=tier.to,
        audience=tier.audience,
        unreached=_is_unreached(tier, facts, context),
        members=context.roster.members_of(tier.to) if context.roster else (),
        **said,
    )


def _nobody_higher(facts: Facts, context: Context) -> str:
    """Who has been escalated to, which does not say that somebody knows."""
    if not context.policy.tiers:
        return f"{facts.reference} has nobody to be escalated to: the policy has no tier"
    highest = context.policy.tiers[-1]
    unheard = "; no channel reaches it, so tell them yourself"
    told = unheard if _is_unreached(highest, facts, context) else ""
    return f"{facts.reference} has been escalated to {highest.name}, the highest tier{told}"


def _is_unreached(tier: Tier, facts: Facts, context: Context) -> bool:
    """Whether no channel tells them."""
    return context.reach is not None and not is_heard(tier.audience, facts, context.reach)


def escalate_to(
    tier: Tier | None, facts: Facts, reason: str, command: Expire, context: Context
) -> list[IncidentEvent]:
    """A rule wants a tier to know; nothing follows when there is none. Where no channel tells them,
    that is on record, and the next one above whom a channel tells hears at once.
    """
    if tier is None:
        return []
    passed = _up_to_whom_a_channel_tells(tier, facts, context)
    return [
        _escalated(
            each,
            facts,
            context,
            occurred_at=context.now,
            reason=f"{reason}; no channel tells {', '.join(before.to)}" if before else reason,
            due_at=command.due_at,
            automatic=cite(command, context),
        )
        for before, each in zip((None, *passed), passed, strict=False)
    ]


def _up_to_whom_a_channel_tells(tier: Tier, facts: Facts, context: Context) -> tuple[Tier, ...]:
    return passing_on(
        tier, facts.severity, context.policy, lambda each: _is_unreached(each, facts, context)
    )


def passing_on(
    tier: Tier, severity: Severity, policy: Policy, is_unreached: Callable[[Tier], bool]
) -> tuple[Tier, ...]:
    """The tier alone, unless no channel tells it and one tells somebody above, as far up as the
    level climbs.
    """
    highest = policy.highest_tier(severity)
    if highest is None or not is_unreached(tier):
        return (tier,)
    start, end = policy.tiers.index(tier), policy.tiers.index(highest)
    for place in range(start + 1, end + 1):
        if not is_unreached(policy.tiers[place]):
            return policy.tiers[start : place + 1]
    return (tier,)


def fold_escalated(incident: KnownIncident, event: Escalated) -> KnownIncident:
    """The tier knows of it, if a channel told them; where a rule wanted that, what was due is
    settled.
    """
    discipline = incident.facts.discipline
    if event.automatic is not None and event.due_at is not None:
        discipline = discipline.settle(event.automatic.rule, event.due_at)
    discipline = discipline.escalated_to(event.tier, unreached=event.unreached)
    return with_facts(
        incident, discipline=replace(discipline, escalations=discipline.escalations + 1)
    )


def _of_tier(_: Any, event: Escalated, __: KnownIncident) -> Audiences:
    """Whom the tier belongs to; never customers, whatever a policy says."""
    public = event.audience is Audience.CUSTOMERS
    return (Audience.ENGINEERING if public else event.audience,)


def tell_tier(holds: Holds[KnownIncident]) -> Prompt[KnownIncident, Any]:
    """What is told of an escalation, for as long as this holds."""
    return Prompt(kind="escalated", to=_of_tier, holds=holds)
