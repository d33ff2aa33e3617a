"""The escalation ladder: who is told next. Source: brief, "Severity Classification Matrix"."""

from collections.abc import Collection

import msgspec

from domain.policy.audience import Audience


class Tier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung of the escalation ladder: who is told, and as which audience they hear it."""

    name: str
    to: tuple[str, ...]
    audience: Audience = Audience.ENGINEERING


def tier_above(tiers: tuple[Tier, ...], names: Collection[str]) -> Tier | None:
    """The rung above the highest of these, the lowest one if there is none; None: no higher."""
    reached = max((place for place, tier in enumerate(tiers) if tier.name in names), default=-1)
    return tiers[reached + 1] if reached + 1 < len(tiers) else None


def check_ladder(tiers: tuple[Tier, ...]) -> None:
    """Raises ValueError if two tiers have one name, or one names nobody."""
    if len({tier.name for tier in tiers}) != len(tiers):
        raise ValueError("tiers: each has a name of its own")
    for tier in tiers:
        if not tier.to:
            raise ValueError(f"tiers: {tier.name} names nobody in to")
