"""Two incidents that are one: a duplicate ends, and the other carries on with all that is known.

The one that carries on takes what it lacks: the worse of the figures, the higher severity,
services, roles, the acknowledgement, earlier times, open hypotheses, and those who were told. So it
does not matter in which order several are merged.
"""

from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.alerts.ends import in_hand
from domain.incident.carried_on import (
    is_public,
    is_told_of_others,
    public_headline,
    updates_of,
)
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes
from domain.incident.merging.merge_commands import Path
from domain.incident.merging.merge_events import Brought, Moved
from domain.incident.merging.parting import TIMES, all_of, taken_over
from domain.incident.refusals import unknown
from domain.incident.roles import holders, passed_on
from domain.incident.severity.assessment import reassess_impact
from domain.incident.severity.citing import raise_to
from domain.incident.severity.course import badness, just_after, stated
from domain.incident.severity.ruling import HIGHEST, Demand
from domain.incident.severity.standing import severe_since
from domain.incident.state import (
    EXERCISES,
    LIVE,
    Closed,
    Duplicate,
    Facts,
    FalsePositive,
    Incident,
    KnownIncident,
    Open,
    Undeclared,
    reference_of,
    status,
)
from domain.incident.times import earliest
from domain.kernel.decider import Context
from domain.kernel.joint import Joint, One, Part
from domain.kernel.refusal import Refused
from domain.policy.audience import Audience


def merge(
    command: c.Merge, incident: KnownIncident, context: Context, at: datetime
) -> list[IncidentEvent]:
    """End here; the executor has replaced a reference by the id, and gives its number along."""
    facts = incident.facts
    if not context.number:
        raise Refused("incident.unknown", "there is no incident to merge into", field="into")
    return [
        e.Merged(
            occurred_at=at,
            into=command.into,
            into_number=context.number,
            reason=command.reason,
            public=is_public(facts),
            told_there=isinstance(incident, LIVE),
        )
    ]


def attach_duplicate(
    command: c.AttachDuplicate, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Carry another incident on, which is attached once, with what it brings."""
    facts, paths = incident.facts, _new_paths(command, incident.facts)
    if command.duplicate in facts.about.duplicates:
        return []
    brought = _lacking(command, facts, len(paths), context)
    had = all_of(command, at)
    attached = e.DuplicateAttached(
        occurred_at=at,
        duplicate=command.duplicate,
        duplicate_number=command.duplicate_number,
        in_hand=command.in_hand,
    )
    if brought is None:
        return [attached]
    events: list[IncidentEvent] = [passed_on(each, at) for each in brought.roles]
    for name, path in zip(brought.hypotheses, paths, strict=True):
        events.append(
            e.HypothesisOpened(
                occurred_at=at,
                hypothesis=name,
                statement=path.statement,
                owner=path.owner,
                person=path.person,
                doubt=path.doubt,
            )
        )
    worse = _worse(command, brought, facts, at, context)
    raised = [each.severity for each in worse if isinstance(each, e.SeverityUpgraded)]
    brought = replace(brought, severity=raised[0] if raised else None)
    if command.offer and command.offer.severity is not (brought.severity or facts.severity):
        brought = replace(brought, severe_since=None)
    return [replace(attached, brought=replace(brought, had=had)), *events, *worse]


def _lacking(
    command: c.AttachDuplicate, facts: Facts, paths: int, context: Context
) -> Brought | None:
    """What of the duplicate this incident lacks."""
    offer, times, known = command.offer, facts.milestones, facts.assessment.impact
    if offer is None:
        return None
    worse = {
        name: value
        for name, value in asdict(command.impact).items()
        if name != "summary" and badness(value) > badness(getattr(known, name))
    }
    if facts.acknowledged:
        offer = replace(offer, acknowledged_at=None, acknowledged_by=None)
    if Audience.EXECUTIVES not in offer.audiences and _reached_executives(command, offer, context):
        offer = replace(offer, audiences=(*offer.audiences, Audience.EXECUTIVES))
    higher = offer.severity is not None and offer.severity.outranks(facts.severity)
    first, held = len(facts.response.hypotheses) + 1, facts.response.roles
    return replace(
        offer,
        services=tuple(each for each in offer.services if each not in facts.about.services),
        roles=tuple(each for each in offer.roles if each.role not in held),
        impact_started_at=_earlier(offer.impact_started_at, times.impact_started_at),
        detected_at=_earlier(offer.detected_at, times.detected_at),
        times_before=tuple(Moved(each, getattr(times, each.value)) for each in TIMES),
        impact=Changes(**worse),
        before=Changes(**{name: getattr(known, name) for name in worse}),
        severity=offer.severity if higher else None,
        tiers=tuple(each for each in offer.tiers if each not in facts.discipline.tiers),
        hypotheses=tuple(f"H{place}" for place in range(first, first + paths)),
    )


def _reached_executives(command: c.AttachDuplicate, offer: Brought, context: Context) -> bool:
    """Whether executives heard of a duplicate: by its severity, or an escalation."""
    policy = context.policy
    if command.peak and not policy.executives_from.outranks(command.peak):
        return True
    tiers = (policy.tier(name) for name in offer.tiers)
    return any(tier is not None and tier.audience is Audience.EXECUTIVES for tier in tiers)


def _earlier(offered: datetime | None, known: datetime | None) -> datetime | None:
    return offered if offered and (known is None or offered < known) else None


def _new_paths(command: c.AttachDuplicate, facts: Facts) -> tuple[Path, ...]:
    pursued = {path.statement for path in facts.response.pursued}
    return tuple(path for path in command.paths if path.statement not in pursued)


def _worse(
    command: c.AttachDuplicate, brought: Brought, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """The worse of the figures, and the higher severity, or that which both together may not be
    below.
    """
    at = just_after(at, facts.assessment.statements, facts.assessment.turns)
    figures = stated(brought.impact)
    said = c.ReassessImpact(occurred_at=at, **figures)
    found = reassess_impact(said, facts, at, context) if figures else []
    assessed = taken_over(found, facts, context)
    floors = [x.floor_now if x.matrix_now else x.floor for x in assessed]
    highest = min(filter(None, (brought.severity, *floors)), default=facts.severity)
    if not highest.outranks(facts.severity):
        return [*assessed]
    reason = f"so severe with {reference_of(command.duplicate_number)}, which is part of it"
    demand = Demand(highest, HIGHEST, reason)
    return [*assessed, raise_to(demand, facts.severity, at, context)]


def fold_merged(incident: KnownIncident, event: e.Merged, actor: str) -> Duplicate:
    """Over, as long as it is not unmerged."""
    facts, at = settle(incident), event.occurred_at
    return Duplicate(facts, event.into, event.into_number, at, by=actor, public=event.public)


def fold_attached(incident: KnownIncident, event: e.DuplicateAttached, _: str) -> KnownIncident:
    """One more that turned out to be this one, with what it brings; the rest is in other events."""
    facts, brought = incident.facts, event.brought
    about, stated = facts.about, facts.stated
    about = replace(about, duplicates=(*about.duplicates, event.duplicate))
    if brought is None:
        return replace(incident, facts=replace(facts, about=about))
    about = replace(
        about,
        services=(*about.services, *brought.services),
        brought={**about.brought, event.duplicate: brought},
    )
    times, taken_on = stated.milestones, dict[str, Any]()
    times = replace(
        times,
        impact_started_at=earliest(brought.impact_started_at, times.impact_started_at),
        detected_at=earliest(brought.detected_at, times.detected_at),
        acknowledged_at=earliest(brought.acknowledged_at, times.acknowledged_at),
    )
    if brought.acknowledged_at is not None:
        by = brought.acknowledged_by
        stated = replace(stated, acknowledgement_at=event.occurred_at, acknowledged_by=by)
        taken_on = {"acknowledged": True, "acknowledged_by": by}
    stated = replace(stated, milestones=times)
    told = facts.response.merges_told
    if brought.tells:
        told = {**told, **{each: told.get(each, 0) + 1 for each in brought.audiences}}
    taken_on["response"] = replace(facts.response, merges_told=told)
    tiers = (*facts.discipline.tiers, *brought.tiers)
    taken_on["discipline"] = replace(facts.discipline, tiers=tiers)
    facts = replace(facts, about=about, stated=stated, milestones=times, **taken_on)
    return replace(incident, facts=facts)


def split_merge(
    command: c.Merge, source: One[Incident], target: One[Incident]
) -> tuple[Part[c.Command], ...]:
    """The merge as each of the two hears of it. Raises `Refused`."""
    if target.id == source.id:
        raise Refused(
            "incident.merge_into_itself",
            "an incident cannot be its own duplicate",
            field="into",
            invalid=True,
        )
    if isinstance(target.state, Undeclared):
        raise unknown(f"there is no incident {target.ref}", field="into")
    if isinstance(source.state, Undeclared):
        raise unknown(f"there is no incident {source.ref}")
    merge = c.Merge(into=target.id, reason=command.reason, occurred_at=command.occurred_at)
    if isinstance(source.state, Duplicate) and source.state.into == target.id:
        return (Part(source.id, merge),)
    _require_survivor(source.state, target.state)
    duplicate = source.state.facts
    attach = c.AttachDuplicate(
        duplicate=source.id,
        duplicate_number=duplicate.about.number,
        in_hand=in_hand(duplicate),
        occurred_at=command.occurred_at,
        offer=_offer(source.state),
        impact=duplicate.assessment.impact,
        paths=tuple(
            Path(each.statement, each.owner, each.person, each.doubt)
            for each in duplicate.response.pursued
        ),
        peak=min((*(turn.severity for turn in duplicate.assessment.turns), duplicate.severity)),
    )
    number = target.state.facts.about.number
    return (Part(source.id, merge, number), Part(target.id, attach, suffix="+attach"))


def _require_survivor(source: KnownIncident, target: KnownIncident) -> None:
    """Raises `Refused` where nobody would carry the incident on."""
    facts, duplicate = target.facts, source.facts
    if (facts.about.private is None) is not (duplicate.about.private is None):
        one = duplicate if facts.about.private is None else facts
        raise Refused(
            "merge.visibility", f"{one.reference} is private: set_visibility on both first",
            field="into", rule="What is private and what all see are never one incident.",
        )  # fmt: skip
    if isinstance(target, Duplicate | FalsePositive):
        where = status(target)
        if isinstance(target, Duplicate):
            where = f"merged into {reference_of(target.into_number)}, merge into that"
        raise Refused(
            "incident.wrong_phase",
            f"cannot merge into {facts.reference}: it is {where}",
            field="into",
            rule="The incident to merge into carries on, so it is neither merged nor canceled.",
        )
    if isinstance(source, LIVE) and isinstance(target, Closed):
        raise Refused(
            "merge.into_resolved",
            f"{facts.reference} is resolved, and {duplicate.reference} goes on: reopen"
            f" {facts.reference} first, or merge it into {duplicate.reference}",
            field="into",
            rule="What goes on is merged into what goes on: else nobody would respond to it.",
        )
    drills = [each for each in (facts, duplicate) if each.about.kind in EXERCISES]
    if len(drills) == 1:
        raise Refused(
            "incident.exercise",
            f"{drills[0].reference} is a {drills[0].about.kind}, of which nobody is told",
            field="into",
            rule="What is real and what is a drill or a test are never one incident.",
        )


def _offer(incident: KnownIncident) -> Brought:
    """What a duplicate has."""
    facts = incident.facts
    executives = Audience.EXECUTIVES if is_told_of_others(facts, Audience.EXECUTIVES) else None
    customers = Audience.CUSTOMERS if is_public(facts) else None
    answered = facts.acknowledged
    return Brought(
        services=facts.about.services,
        roles=holders(facts.response),
        acknowledged_at=facts.milestones.acknowledged_at if answered else None,
        acknowledged_by=facts.acknowledged_by if answered else None,
        impact_started_at=facts.milestones.impact_started_at,
        detected_at=facts.milestones.detected_at,
        severity=facts.severity,
        audiences=(Audience.ENGINEERING, *filter(None, (executives, customers))),
        headline=public_headline(facts),
        tiers=facts.discipline.tiers,
        updates=updates_of(facts),
        severe_since=severe_since(facts) if isinstance(incident, Open) else None,
        tells=True,
    )


MERGE: Joint[Any, Incident] = Joint(field="into", split=split_merge)
