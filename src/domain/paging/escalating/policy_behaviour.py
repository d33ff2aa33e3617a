"""What is decided of an escalation policy, and how its events change it."""

from functools import partial
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.directory.registration import (
    changed,
    check_distinct,
    known,
    managed,
    profile_of,
    registered,
)
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.paging.escalating import commands as c
from domain.paging.escalating import events as e
from domain.paging.escalating.known_policy import TURNS_KEPT, KnownEscalation
from domain.paging.targets import Target, TargetKind

Decided = list[e.EscalationPolicyEvent]


class PolicyQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known before a policy is taken: which of these targets are there, and which
    policies follow on the one that it hands over to.
    """

    targets: tuple[Target, ...]
    then: str | None


class PolicyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Which targets nobody knows, and the policies that follow, by slug, as far as they are there;
    `missing` is the one that is not.
    """

    unknown: tuple[Target, ...] = ()
    following: tuple[str, ...] = ()
    missing: str | None = None


def question(
    _: str, command: c.RegisterEscalationPolicy | c.ChangeEscalationPolicy, policy: KnownEscalation
) -> PolicyQuestion | None:
    """What a statement asks; nothing where it changes neither levels nor what follows."""
    levels = () if command.levels is msgspec.UNSET else command.levels
    then = None if command.then is msgspec.UNSET else command.then
    targets = dict.fromkeys(target for level in levels for target in level.targets)
    if policy.entry.profile and levels == policy.entry.profile.levels:
        targets = {}  # what is said again is taken, whoever has left meanwhile
    return PolicyQuestion(targets=tuple(targets), then=then) if targets or then else None


def decide(command: c.EscalationCommand, policy: KnownEscalation, context: Context) -> Decided:
    """One row for each command. Raises `Refused`."""
    at = context.now
    if isinstance(command, c.RegisterEscalationPolicy):
        return _managed(command, policy, _register(command, policy, context), context)
    profile = known("escalation_policy", policy.entry)
    match command:
        case c.TakeTurn(page=page):
            turn = e.EscalationTurnTaken(occurred_at=at, page=page, turn=policy.turns + 1)
            return [] if page in policy.latest else [turn]
        case c.ReleaseEscalationPolicy(reason=reason):
            freed = e.EscalationPolicyManaged(occurred_at=at, reason=reason)
            return [freed] if policy.entry.managed else []
        case c.ChangeEscalationPolicy():
            now = changed(profile, command)
            events: Decided = []
            if now is not None:
                said = _checked(now, policy.entry.slug, context)
                events = [e.EscalationPolicyChanged(occurred_at=at, profile=said)]
        case c.DeactivateEscalationPolicy(reason=reason):
            ended = e.EscalationPolicyDeactivated(occurred_at=at, reason=reason)
            events = [ended] if policy.entry.active else []
        case c.ReactivateEscalationPolicy():
            again = e.EscalationPolicyReactivated(occurred_at=at)
            events = [] if policy.entry.active else [again]
        case _:
            assert_never(command)
    return _managed(command, policy, events, context)


def _managed(
    command: c.EscalationStatement, policy: KnownEscalation, events: Decided, context: Context
) -> Decided:
    claim = partial(e.EscalationPolicyManaged, occurred_at=context.now)
    return managed("escalation_policy", policy.entry, command.managed_by, events, claim)


def _register(
    command: c.RegisterEscalationPolicy, policy: KnownEscalation, context: Context
) -> Decided:
    said = profile_of(e.EscalationProfile, command)
    stated = registered("escalation_policy", policy.entry, said)
    if stated is None:
        return []
    stated = _checked(stated, command.slug, context)
    registered_now = e.EscalationPolicyRegistered(
        occurred_at=context.now, slug=command.slug, profile=stated
    )
    return [registered_now]


def _checked(profile: e.EscalationProfile, slug: str, context: Context) -> e.EscalationProfile:
    """Raises `Refused` for what cannot be climbed."""
    for place, level in enumerate(profile.levels, start=1):
        check_distinct(f"the targets of level {place}", tuple(map(str, level.targets)))
    check_distinct("services", profile.services)
    check_distinct("teams", profile.teams)
    check_distinct("severities", profile.severities)
    facts = context.known if isinstance(context.known, PolicyFacts) else PolicyFacts()
    reach = context.reach
    channels = [
        target
        for level in profile.levels
        for target in level.targets
        if target.kind is TargetKind.CHANNEL and reach and not reach.has_channel(target.name)
    ]
    if strange := [*facts.unknown, *channels]:
        raise Refused(
            "escalation_policy.target_unknown",
            f"nobody knows the {', the '.join(map(str, strange))}",
            field="levels",
            rule="A target is in the directory, a schedule, or a channel of the configuration that"
            " tells people something.",
            invalid=True,
        )
    if profile.then is not None:
        _check_following(profile.then, slug, facts)
    return profile


def _check_following(then: str, slug: str, facts: PolicyFacts) -> None:
    if slug in {then, *facts.following}:
        course = [slug, *facts.following[: facts.following.index(slug) + 1]]
        raise Refused(
            "escalation_policy.cycle",
            f"it would follow on itself: {' → '.join(course if then != slug else (slug, slug))}",
            field="then",
            rule="Policies that follow each other come to an end; `repeats` climbs one again.",
            invalid=True,
        )
    if facts.missing is not None:
        raise Refused(
            "escalation_policy.then_unknown",
            f"there is no escalation policy {facts.missing}, which would follow",
            field="then",
            rule="Register the policy that follows first.",
            invalid=True,
        )


def evolve(
    policy: KnownEscalation, event: e.EscalationPolicyEvent, actor: str = UNKNOWN
) -> KnownEscalation:
    """One row for each event."""
    entry = policy.entry
    match event:
        case e.EscalationPolicyRegistered(slug=slug, profile=profile):
            return replace(
                policy, entry=entry.after(event, actor, slug=slug, profile=profile), version=1
            )
        case e.EscalationPolicyChanged(profile=profile):
            said = entry.after(event, actor, profile=profile)
            return replace(policy, entry=said, version=policy.version + 1)
        case e.EscalationTurnTaken(page=page, turn=turn):
            kept = [*policy.latest.items(), (page, turn)][-TURNS_KEPT:]
            return replace(policy, turns=turn, latest=dict(kept))
        case e.EscalationPolicyDeactivated(reason=reason):
            off = entry.after(event, actor, active=False, inactive_because=reason)
            return replace(policy, entry=off)
        case e.EscalationPolicyReactivated():
            on = entry.after(event, actor, active=True, inactive_because=None)
            return replace(policy, entry=on)
        case e.EscalationPolicyManaged(managed=by):
            return replace(policy, entry=entry.after(event, actor, managed=by))
    assert_never(event)
