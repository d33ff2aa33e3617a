"""A channel through which notifications go: from which place of the log on, and for whom.

The event is on disk for ever: rename nothing, add optional fields, or supersede the tag.
"""

from collections.abc import Sequence

import msgspec

from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.totality import kinds
from domain.notification.intent import Intent, configured_name
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.sight import Sight


class ChannelActivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="channel.activated.v1"
):
    """From behind position `after` on, the channel tells these audiences what is at least as
    severe as `min_severity` and concerns one of `services` (none: whatever it concerns); of drills
    only if it is marked for `drills`, and of what is private only if all who read it, `private`,
    may see that. What is older stays with the settings it had, or is never sent. `addressed`: it is
    told alone what is addressed to it, by this name of it. `admins`: it is told what is for
    administrators, whatever its other settings. `carries`: by which methods it reaches single
    persons, who are told through it what is for them.
    """

    after: int
    audiences: tuple[Audience, ...]
    min_severity: Severity
    services: tuple[str, ...] = ()
    drills: bool = False
    private: Sight | None = None
    addressed: str = ""
    admins: bool = False
    carries: tuple[str, ...] = ()


ChannelEvent = ChannelActivated
"""All events of a channel; there is one so far."""

EVENTS: tuple[type[ChannelEvent], ...] = kinds(ChannelEvent)


class Era(msgspec.Struct, frozen=True):
    """The settings in force from behind position `after` on, until the next era begins."""

    after: int
    audiences: tuple[Audience, ...]
    min_severity: Severity
    services: tuple[str, ...] = ()
    drills: bool = False
    private: Sight | None = None
    addressed: str = ""
    admins: bool = False
    carries: tuple[str, ...] = ()

    def concerns(self, services: tuple[str, ...]) -> bool:
        """Whether what concerns these services is for the channel; of no known service, it is."""
        return not (self.services and services) or not set(self.services).isdisjoint(services)


def preference(intent: Intent, eras: Sequence[Era], channel: str) -> int | None:
    """How much a channel of this name, with these settings, prefers the audience of an intent to
    others that are told the same, 0 most; None: the intent is not for the channel.
    """
    era = next((era for era in reversed(eras) if era.after < intent.position), None)
    if era is None:
        return None
    if intent.admins:
        return 0 if era.admins else None
    if (person := intent.recipient) is not None:
        return 0 if intent.through == channel and person.method in era.carries else None
    if intent.through and intent.through != era.addressed:
        named = intent.through == configured_name(channel)
        return 0 if named and era.audiences and not era.addressed else None
    if (
        intent.audience not in era.audiences
        or intent.through != era.addressed
        or not era.concerns(intent.subject.services)
        or (intent.drill and not era.drills)
    ):
        return None
    return None if era.min_severity.outranks(intent.peak) else era.audiences.index(intent.audience)


PHASES = ("never activated", "activated", "of other settings")
"""The phases that one goes through, in the words of documents: samples lead into each."""


class Routing(msgspec.Struct, frozen=True):
    """The settings of a channel at every place of the log, in order; empty: never activated."""

    eras: tuple[Era, ...] = ()


class Activate(msgspec.Struct, frozen=True, kw_only=True):
    """Use these settings for what is recorded behind position `after`, the head of the log.

    `audiences` are in order of preference: of what is told to several, the channel tells once,
    as the first of them hears it.
    """

    after: int
    audiences: tuple[Audience, ...]
    min_severity: Severity
    services: tuple[str, ...] = ()
    drills: bool = False
    private: Sight | None = None
    addressed: str = ""
    admins: bool = False
    carries: tuple[str, ...] = ()


def decide(command: Activate, routing: Routing, context: Context) -> list[ChannelEvent]:
    """Something new begins only if the settings are others than the last ones."""
    latest = routing.eras[-1] if routing.eras else None
    if latest and _settings(latest) == _settings(command):
        return []
    return [
        ChannelActivated(
            occurred_at=context.now,
            after=max(command.after, latest.after if latest else 0),
            audiences=command.audiences,
            min_severity=command.min_severity,
            services=command.services,
            drills=command.drills,
            private=command.private,
            addressed=command.addressed,
            admins=command.admins,
            carries=command.carries,
        )
    ]


def _settings(given: Era | Activate) -> tuple[object, ...]:
    wanted = (given.audiences, given.min_severity, given.services, given.drills)
    return *wanted, given.private, given.addressed, given.admins, given.carries


def evolve(routing: Routing, event: ChannelEvent, _: str = UNKNOWN) -> Routing:
    """The routing after one more event."""
    wanted = (event.services, event.drills, event.private, event.addressed, event.admins)
    era = Era(event.after, event.audiences, event.min_severity, *wanted, event.carries)
    return Routing((*routing.eras, era))
