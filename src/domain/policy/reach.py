"""Whom the configured channels reach. What is told to people whom no channel reaches is told to
nobody: that is said before it matters, and on record when it does.
"""

from collections.abc import Collection, Iterator

import msgspec

from domain.policy.audience import OURS, Audience, Audiences
from domain.policy.level import Severity
from domain.policy.policy import Policy
from domain.sight import Sight


class Subscription(msgspec.Struct, frozen=True):
    """Whom a channel tells, in order of preference, from which severity on, and of which services
    (none: of all); of `drills`, too, where it is marked for them; and of what is private where all
    who read it (`private`) may see that. `addressed`: it is told alone what is addressed to it, by
    this name of it, and reaches nobody. `admins`: administrators read it, so what is for them is
    told through it, whatever its severity, its services and its audiences, of which it may then
    have none. `carries`: by which methods it reaches single persons; `channel` is its name, by
    which a message to one goes through it.
    """

    audiences: Audiences
    min_severity: Severity
    services: tuple[str, ...] = ()
    drills: bool = False
    private: Sight | None = None
    addressed: str = ""
    admins: bool = False
    carries: tuple[str, ...] = ()
    channel: str = ""


_FOR_ADMINS = "what is for them, such as emergency rights, is told to engineering"


class Reach(msgspec.Struct, frozen=True):
    """All channels."""

    subscriptions: tuple[Subscription, ...]

    def hears(
        self,
        audience: Audience,
        severity: Severity,
        services: Collection[str],
        *,
        drill: bool = False,
        private: Sight | None = None,
    ) -> bool:
        """Whether a channel tells this audience of an incident like that; one of no known service
        may concern any.
        """
        return any(
            audience in each.audiences
            and not each.addressed
            and not each.min_severity.outranks(severity)
            and (not (each.services and services) or not set(each.services).isdisjoint(services))
            and (each.drills or not drill)
            and (private is None or private.holds(each.private))
            for each in self.subscriptions
        )

    def carriers_of(self, method: str) -> tuple[str, ...]:
        """The channels that reach single persons by a method, in the order of configuration."""
        return tuple(each.channel for each in self.subscriptions if method in each.carries)

    def has_channel(self, name: str) -> bool:
        """Whether there is a channel of this name that may be told something by itself."""
        told = (each for each in self.subscriptions if each.audiences and not each.addressed)
        return any(each.channel == name for each in told)

    @property
    def tells_admins(self) -> bool:
        """Whether a channel is marked as one that administrators read."""
        return any(each.admins for each in self.subscriptions)

    def tells_any_of(self, audiences: Collection[Audience]) -> bool:
        """Whether a channel tells one of these audiences of anything."""
        told = (each.audiences for each in self.subscriptions if not each.addressed)
        return any(not set(audiences).isdisjoint(each) for each in told)

    def gaps(self, policy: Policy) -> Iterator[str]:
        """Who of our own people hears nothing, a sentence each. Customers have the public page."""
        for audience in OURS:
            if not self.tells_any_of((audience,)):
                people = [
                    name for tier in policy.tiers if tier.audience is audience for name in tier.to
                ]
                those = f": {', '.join(people)} hear of nothing" if people else ""
                yield f"no channel reaches the audience {audience}{those}"
        if not self.tells_admins:
            yield f"no channel is marked for administrators (admins = true): {_FOR_ADMINS}"
