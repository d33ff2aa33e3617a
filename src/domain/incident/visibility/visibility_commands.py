"""What can be asked about who sees an incident."""

from typing import Annotated

import msgspec

from domain.incident.command_fields import Line, Person, Text, TimedCommand

NAMED_MOST = 200


class PrivateTo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to see an incident, besides whoever declared it, whoever says so here, and whoever has
    a role in it: `people`, and whoever is in one of these `teams` at the time of looking.
    """

    people: Annotated[tuple[Person, ...], msgspec.Meta(max_length=NAMED_MOST)] = ()
    teams: Annotated[tuple[Line, ...], msgspec.Meta(max_length=NAMED_MOST)] = ()


class SetVisibility(TimedCommand, frozen=True, kw_only=True):
    """Make an incident private to those who are named (`private`), or public again (null). It holds
    for all that is on record of it, at once. Who is told of it afterwards: docs/access.md.
    """

    private: PrivateTo | None
    reason: Text | None = None


class FollowVisibility(TimedCommand, frozen=True, kw_only=True):
    """The same for what was merged into it. Not public: it comes with `SetVisibility` alone."""

    private: PrivateTo | None
    reason: Text | None = None
