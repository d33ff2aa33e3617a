"""Whom channels tell, and what the ladder makes of those whom none tells."""

from collections.abc import Iterable
from random import Random  # noqa: TID251 - seeded, so that a seed is a history
from typing import Any

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from simulation.record import Point
from simulation.rulebook import CLIMB, LADDER

SOME_ARE_UNREACHED = 1
"""In worlds whose seed leaves this of three, not everybody is told by a channel."""
EXECUTIVE = {"engineering_leadership", "executive_team"}
OURS = ("engineering", "executives")


def reach_of(seed: int) -> Reach | None:
    """Whom the channels of a world tell; None: nobody has said."""
    if seed % 3 != SOME_ARE_UNREACHED:
        return None
    dice = Random(f"reach-{seed}")
    audiences = dice.choice([(), ("engineering",), ("executives",), ("executives",)])
    told = tuple(Audience(each) for each in audiences)
    return Reach((Subscription(told, Severity.SEV4, drills=dice.random() < 0.5),))


def unreached(history: list[Point], reach: Reach | None) -> Iterable[tuple[int, str]]:
    """Nothing is on record as told that reached nobody, and no rung is waited on for nothing."""
    if reach is None:
        return
    [channel] = reach.subscriptions
    for place, point in enumerate(history):
        facts, kind = point.after.facts, point.after.facts.about.kind
        told = {e.Kind.STANDARD: True, e.Kind.DRILL: channel.drills}.get(kind, False)
        hear = {each.value for each in channel.audiences} if told else set[str]()
        if isinstance(point.event, k.Escalated):
            missed = point.event.audience.value not in hear
            if point.event.unreached != missed:
                yield place, f"unreached: {point.event.unreached} instead of {missed}: {point}"
            if missed and point.event.automatic:
                yield from _passed_on(history, place, hear)
        if isinstance(point.event, e.UpdatePosted):
            yield from _carried(place, point, hear, reads_here=not channel.audiences)
        last = place + 1 == len(history) or history[place + 1].commit is not point.commit
        kinds = {type(each) for each in point.commit.events}
        if last and kinds != {e.Acknowledged}:
            due = _missed(facts, kind, hear)
            if set(point.commit.unreached) != due:
                yield place, f"not told {point.commit.unreached} instead of {due}: {point}"


def _carried(
    place: int, point: Point, hear: set[str], *, reads_here: bool
) -> Iterable[tuple[int, str]]:
    """An update says whom of those it is addressed to nothing told: of our own people those without
    a channel, unless nobody of them has one; customers of a drill, which no page shows.
    """
    kind = point.before.facts.about.kind
    missed = set() if reads_here else set(OURS) - hear
    missed |= {"customers"} if kind is e.Kind.DRILL else set()
    if kind not in {e.Kind.STANDARD, e.Kind.DRILL}:
        missed = set()
    due = missed & {each.value for each in point.event.audiences}
    if {each.value for each in point.event.unreached} != due:
        yield place, f"an update that missed {due} says {point.event.unreached}: {point}"


def _missed(facts: Any, kind: Any, hear: set[str]) -> set[str]:
    if kind not in {e.Kind.STANDARD, e.Kind.DRILL}:
        return set()
    known = facts.assessment
    claimed = "SEV4" if known.initial is None else known.initial.value
    peak = min(claimed, *(turn.severity.value for turn in known.turns), "SEV4")
    concerned = {"engineering"}
    asked = {*facts.discipline.tiers, *facts.discipline.unheard}
    if min(peak, facts.severity.value) <= "SEV2" or EXECUTIVE & asked:
        concerned.add("executives")
    return concerned - hear


def _passed_on(history: list[Point], place: int, hear: set[str]) -> Iterable[tuple[int, str]]:
    """The next one above hears at once whom a channel tells, as far up as the level climbs."""
    point = history[place]
    rung, severity = LADDER.index(point.event.tier), point.before.facts.severity.value
    above = LADDER[rung + 1 :] if severity in CLIMB else []
    someone = [tier for tier in above if _audience(tier) in hear]
    following = history[place + 1] if place + 1 < len(history) else None
    goes_on = following is not None and following.commit is point.commit
    if bool(someone) != goes_on:
        yield place, f"no channel tells {point.event.tier}, and nobody above hears: {point}"
    elif goes_on and following is not None and following.event.tier != above[0]:
        yield place, f"{following.event.tier} instead of {above[0]}: {following}"


def _audience(tier: str) -> str:
    return "executives" if tier in EXECUTIVE else "engineering"


def is_passed_on(before: Point | None, point: Point) -> bool:
    """Whether it is told by the same rule in the same moment, as the one below was not."""
    return (
        before is not None
        and before.commit is point.commit
        and isinstance(before.event, k.Escalated)
        and before.event.unreached
        and isinstance(point.event, k.Escalated)
    )
