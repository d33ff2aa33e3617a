"""Which tiers of the escalation ladder name nobody."""

from collections.abc import Iterator

from domain.kernel.roster import Roster
from domain.policy import Policy


def tiers_of_nobody(policy: Policy, roster: Roster | None) -> Iterator[str]:
    """The tiers that name nobody who is in the directory, and active, a sentence each; none where
    there is no directory, or nobody in it.
    """
    if roster is None or not roster.people:
        return
    for tier in policy.tiers:
        found = {each.to for each in roster.members_of(tier.to)}
        missing = [name for name in tier.to if name not in found]
        if not found:
            yield (
                f"the tier {tier.name} names nobody who is in the directory, and active:"
                f" {', '.join(missing)}"
            )
