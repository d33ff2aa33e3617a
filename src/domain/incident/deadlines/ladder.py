"""The escalation ladder, and the end of an incident: what responders say about both.

Source: brief, "Severity Classification Matrix" (Escalation), "Step 3: Resolution & Stabilization".
"""

from datetime import datetime, timedelta

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import IncidentEvent, Kind
from domain.incident.state import Facts, Open, Stage
from domain.kernel.refusal import Refused
from domain.policy import Policy, Tier

LIVE_KINDS = frozenset({Kind.STANDARD, Kind.DRILL})
"""Incidents that are responded to while they go on; the others are kept for the record."""


def rises_to(tier: Tier, facts: Facts, policy: Policy) -> bool:
    """Whether a tier is above all that know of the incident."""
    ladder = [each.name for each in policy.tiers]
    known = [ladder.index(name) for name in facts.discipline.tiers if name in ladder]
    return not known or ladder.index(tier.name) > max(known)


def next_tier(facts: Facts, policy: Policy) -> Tier | None:
    """Who is told next: whom the severity asks for, else the tier above those that know."""
    usual = policy.levels[facts.severity].escalates_to
    tier = policy.tier(usual) if usual else None
    if tier is not None and rises_to(tier, facts, policy):
        return tier
    return policy.tier_above(facts.discipline.tiers)


def escalate(
    command: c.Escalate, facts: Facts, at: datetime, policy: Policy
) -> list[IncidentEvent]:
    """A responder wants a higher tier to know; telling one again is allowed, a person decides."""
    if command.tier is None:
        tier = next_tier(facts, policy)
        if tier is None:
            raise Refused(
                "escalation.no_higher_tier",
                f"{policy.tiers[-1].name if policy.tiers else 'nobody'} knows of"
                f" {facts.reference}: there is no higher tier",
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
            )
    return [
        k.Escalated(
            occurred_at=at,
            tier=tier.name,
            to=tier.to,
            audience=tier.audience,
            reason=command.reason,
        )
    ]


def resolve(
    command: c.Resolve, incident: Open, at: datetime, policy: Policy
) -> list[IncidentEvent]:
    """Once recovery has been watched for long enough, or with a reason why it was not."""
    facts, since = incident.facts, incident.facts.response.monitoring_since
    least = timedelta(seconds=policy.monitoring_min_s)
    watched = (
        facts.about.kind not in LIVE_KINDS
        or incident.stage is not Stage.MONITORING
        or since is None
        or at - since >= least
    )
    if not watched and command.early_reason is None:
        assert since is not None
        raise Refused(
            "monitoring.too_early",
            f"{facts.reference} was mitigated at {since.isoformat()}: watch recovery until"
            f" {(since + least).isoformat()}, or give an early_reason",
            field="early_reason",
            rule=f"Monitor for {_minutes(policy.monitoring_min_s)} to"
            f" {_minutes(policy.monitoring_max_s)} minutes post-mitigation to ensure the fix"
            " holds.",
        )
    early = None if watched else command.early_reason
    return [e.Resolved(occurred_at=at, resolution=command.resolution, early_reason=early)]


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:.3g}"


def give_all_clear(facts: Facts, at: datetime) -> list[IncidentEvent]:
    """Once for each resolution."""
    return [] if facts.is_clear else [k.AllClear(occurred_at=at)]


def publish_postmortem(
    command: c.PublishPostmortem, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """The same address again says nothing new."""
    if facts.discipline.postmortem_url == command.url:
        return []
    return [k.PostmortemPublished(occurred_at=at, url=command.url)]
