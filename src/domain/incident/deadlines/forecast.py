"""Whom clocks will tell, one after the other: of each tier its people, in view of those before."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from domain.incident.deadlines.ladder import hears, passing_on
from domain.incident.deadlines.timed_rule import Owed
from domain.incident.state import Facts
from domain.policy import Policy, Tier
from domain.policy.audience import Audiences


def forecast(
    found: Iterable[Owed], facts: Facts, unreached: Audiences, policy: Policy
) -> Iterator[Owed]:
    """What is owed, the soonest first, with whom each clock tells once those before it have. What
    would tell nobody any more is left out.
    """
    for each in found:
        if each.climb is None:
            yield each
            continue
        tier = each.climb.to(facts, policy)
        if tier is None:
            continue
        passed = passing_on(tier, facts.severity, policy, lambda it: it.audience in unreached)
        again = passed[-1].name in facts.discipline.tiers
        yield each._replace(what=_words(passed, unreached, again=again) + each.climb.unless)
        facts = _told(facts, passed, unreached)


def _words(passed: tuple[Tier, ...], unreached: Audiences, *, again: bool) -> str:
    *silent, last = passed
    names = ", ".join(name for tier in silent for name in tier.to)
    if last.audience in unreached:
        to = ", ".join(last.to)
        return (
            f"{to} {'is' if len(last.to) == 1 else 'are'} to know of it, and no channel tells them"
        )
    said = f"{hears(last)} of it{' again' if again else ''}"
    return f"{said}, as no channel tells {names}" if silent else said


def _told(facts: Facts, passed: tuple[Tier, ...], unreached: Audiences) -> Facts:
    """As if these had been told, as far as a channel tells them."""
    discipline = facts.discipline
    for tier in passed:
        discipline = discipline.escalated_to(tier.name, unreached=tier.audience in unreached)
    return replace(facts, discipline=discipline)
