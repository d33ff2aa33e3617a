"""What an incident carries on of those that were merged into it: who was told of these, and what
they are called in public. With an unmerge it is theirs again.
"""

from domain.incident.state import Facts
from domain.policy.audience import Audience


def is_told_of_others(facts: Facts, audience: Audience) -> bool:
    """Whether an audience was told of one of them."""
    return any(audience in each.audiences for each in facts.about.brought.values())


def is_public(facts: Facts) -> bool:
    """Whether customers were told of it, or of one of them."""
    return facts.response.public or is_told_of_others(facts, Audience.CUSTOMERS)


def updates_of(facts: Facts) -> int:
    """How many updates there were, of it and of them."""
    return facts.response.updates + sum(each.updates for each in facts.about.brought.values())


def public_headline(facts: Facts) -> str | None:
    """Its public title; else that of the first of them that has one."""
    return facts.response.headline or brought_headline(facts)


def brought_headline(facts: Facts) -> str | None:
    """The public title that came with one of them."""
    titles = (each.headline for each in facts.about.brought.values())
    return next(filter(None, titles), None)
