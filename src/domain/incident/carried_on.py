"""What an incident carries on of those that were merged into it: who was told of these, and what
they are called in public. With an unmerge it is theirs again.
"""

from domain.incident.state import Facts
from domain.incident.terms import Kind
from domain.policy.audience import Audience


def is_told_of_others(facts: Facts, audience: Audience) -> bool:
    """Whether an audience was told of one of them."""
    return any(audience in each.audiences for each in facts.about.brought.values())


def is_public(facts: Facts) -> bool:
    """Whether customers were told of it, or of one of them."""
    return facts.response.public or is_told_of_others(facts, Audience.CUSTOMERS)


def may_be_public(facts: Facts) -> bool:
    """Whether customers may hear of it: not of what is private, nor of a drill."""
    return facts.about.private is None and facts.about.kind is not Kind.DRILL


def is_told_in_public(facts: Facts) -> bool:
    """Whether an update to customers stands, of it or of one of them."""
    known = facts.response
    standing = known.updates_to.get(Audience.CUSTOMERS, 0) > known.retracted_to.get(
        Audience.CUSTOMERS, 0
    )
    return standing or is_told_of_others(facts, Audience.CUSTOMERS)


def updates_of(facts: Facts) -> int:
    """How many updates stand that somebody was told, of it and of them."""
    own = len(facts.response.update_times)
    return own + sum(each.updates for each in facts.about.brought.values())


def public_headline(facts: Facts) -> str | None:
    """Its public title; else that of the first of them that has one."""
    return facts.response.headline or brought_headline(facts)


def brought_headline(facts: Facts) -> str | None:
    """The public title that came with one of them."""
    titles = (each.headline for each in facts.about.brought.values())
    return next(filter(None, titles), None)
