"""The severity matrix of the brief, asked of an impact."""

from typing import Any

from simulation.rulebook import BROKEN, IN_DOUBT

Weighed = dict[str, tuple[str, float]]


def floor(impact: Any) -> str:
    """Below what nobody may put it."""
    if impact.data_integrity_concern or impact.security_breach:
        return "SEV1"
    return "SEV2" if impact.customer_reported and impact.paying_customers else "SEV4"


def weighed(impact: Any) -> Weighed:
    """What the matrix says of each aspect of an impact: the level, and how bad it is."""
    said: Weighed = {}
    share, users = impact.percent_affected, impact.users_affected
    if impact.security_breach:
        said["breach"] = ("SEV1", 0)
    if impact.functionality:
        words = impact.functionality.value
        said["broken"] = (BROKEN[words], list(BROKEN).index(words))
    if share is not None and not (users and share == 0):
        level = "SEV1" if share >= 100 else "SEV2" if share > 25 else "SEV3" if share else "SEV4"
        said["share"] = (level, share)
    if users and not said:
        said["doubt"] = (IN_DOUBT, 0)
    if users is not None:
        said["users"] = ("SEV3" if users else "SEV4", min(users, 1))
    return said


def level(impact: Any) -> str | None:
    """What it says of all of it; None: nothing that it asks for is known, or it is in doubt."""
    said = weighed(impact)
    levels = [found for found, _ in said.values()]
    return min(floor(impact), *levels) if levels and "doubt" not in said else None
