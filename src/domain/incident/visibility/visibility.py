"""Who sees an incident that is private.

Those who are named, whoever is in a team that is named as they look, whoever declared it, whoever
has made it private, and whoever has a role in it. All but the teams' people stand in the event, so
that the log alone says who sees what. A role adds its holder to those who are named; whoever hands
it over still is, until somebody says otherwise.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.engagement import is_person
from domain.incident.events import IncidentEvent
from domain.incident.state import (
    Duplicate,
    Facts,
    Incident,
    KnownIncident,
    Undeclared,
    reference_of,
    with_facts,
)
from domain.incident.updates import with_what_the_page_shows
from domain.incident.visibility.visibility_commands import PrivateTo
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, plain
from domain.sight import Sight

GIVING = (e.RoleAssigned, e.RoleHandedOver)
"""Events that give somebody a role."""


def set_visibility(
    command: c.SetVisibility | c.FollowVisibility,
    incident: KnownIncident,
    at: datetime,
    context: Context,
) -> list[IncidentEvent]:
    """From now on those alone, or everybody. Raises `Refused` for what is part of another one."""
    facts = incident.facts
    if isinstance(incident, Duplicate) and isinstance(command, c.SetVisibility):
        into = reference_of(incident.into_number)
        raise Refused(
            "incident.wrong_phase",
            f"cannot set visibility: {facts.reference} is merged into {into}, where it is set for"
            " both",
            field="incident",
            rule="What was merged is seen by those who see what it is part of.",
        )
    wanted = _sight(command.private, facts, context) if command.private else None
    if wanted == facts.about.private:
        return []
    return [e.VisibilitySet(occurred_at=at, private=wanted, reason=command.reason)]


def _sight(named: PrivateTo, facts: Facts, context: Context) -> Sight:
    response = facts.response
    holders = [
        who.person if (who := response.holders.get(role)) and who.person else name
        for role, name in response.roles.items()
    ]
    by = [facts.about.declared_by] if facts.about.declared_by else []
    return private_to(named, [*by, *holders], context)


def private_to(named: PrivateTo, others: Iterable[str], context: Context) -> Sight:
    """Those who are named, these others, and whoever says so."""
    people = [*named.people, *filter(_is_somebody, (*others, context.actor))]
    roster = context.roster
    return Sight(
        people=tuple(dict.fromkeys(_slug(each, roster) for each in people)),
        teams=tuple(dict.fromkeys(_team(each, roster) for each in named.teams)),
    )


def _is_somebody(actor: str) -> bool:
    return actor != UNKNOWN and is_person(actor)


def _slug(name: str, roster: Roster | None) -> str:
    known = roster.person_of(name) if roster else None
    return known or plain(name).removeprefix("person:")


def _team(name: str, roster: Roster | None) -> str:
    known = roster.team(name) if roster else None
    return known.id if known else plain(name).removeprefix("team:")


def made_private(command: c.Declare, at: datetime, context: Context) -> list[IncidentEvent]:
    """Whom a declaration names, with whoever declares; roles come on top (`with_holders`)."""
    if command.private is None:
        return []
    return [e.VisibilitySet(occurred_at=at, private=private_to(command.private, (), context))]


def with_holders(
    after: Incident, decided: Iterable[IncidentEvent], context: Context
) -> Iterator[IncidentEvent]:
    """Whoever was given a role in an incident that is private `after` that may see it."""
    given = [each for each in decided if isinstance(each, GIVING)]
    known = None if isinstance(after, Undeclared) else after.facts.about.private
    if known is None:
        return
    people = [each.person or _slug(each.assignee, context.roster) for each in given]
    missing = [each for each in dict.fromkeys(people) if each not in known.people]
    if missing:
        at = given[-1].occurred_at
        sight = replace(known, people=(*known.people, *missing))
        yield e.VisibilitySet(occurred_at=at, private=sight, by_role=True)


def fold_visibility(incident: KnownIncident, event: e.VisibilitySet) -> KnownIncident:
    """Seen by those from now on; by customers, too, what was addressed to them."""
    known = with_facts(incident, about=replace(incident.facts.about, private=event.private))
    return with_what_the_page_shows(known, event.occurred_at)


def visibility_words(event: e.VisibilitySet) -> str:
    """`Private: ada, grace; team security: a person is concerned`."""
    why = f": {event.reason}" if event.reason else ""
    if event.private is None:
        return f"Public: everybody may see it{why}"
    said = [", ".join(event.private.people)] if event.private.people else []
    if event.private.teams:
        s = "s" if len(event.private.teams) > 1 else ""
        said.append(f"team{s} {', '.join(event.private.teams)}")
    added = " (with whoever has a role)" if event.by_role else ""
    return f"Private to {'; '.join(said) or 'nobody'}{added}{why}"


def named_in(command: Any) -> tuple[str, ...]:
    """The people whom a command lets see an incident."""
    return command.private.people if command.private else ()


def spread(incident: Incident) -> tuple[str, ...]:
    """The ids of those that are part of it, who are seen by whoever sees it."""
    return () if isinstance(incident, Undeclared) else incident.facts.about.duplicates
