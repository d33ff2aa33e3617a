"""A team: who is in it, who leads it, and where it talks.

A member or lead is the slug of a person. It may name one who is not in the directory yet, for a
team must not wait for its people; lists show who is not known. The events are on disk for ever:
rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime
from functools import partial
from typing import assert_never

import msgspec
from msgspec import UNSET, UnsetType

from domain.directory.registration import (
    DirectoryCommand,
    Entry,
    Managed,
    ManagementChanged,
    Phrase,
    ReleaseEntry,
    Slug,
    ZoneName,
    changed,
    check_distinct,
    check_zone,
    known,
    managed,
    profile_of,
    registered,
    standing,
)
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused


class TeamProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is said of a team. `leads` are some of its `members`, by slug; `channels` are where it
    talks, such as `#payments` or the address of a mailing list. None: not known.
    """

    name: Phrase
    description: Phrase | None = None
    members: tuple[Slug, ...] = ()
    leads: tuple[Slug, ...] = ()
    channels: tuple[Phrase, ...] = ()
    time_zone: ZoneName | None = None


class TeamRegistered(Event, frozen=True, kw_only=True, tag="team.registered.v1"):
    """There is an entry for this team, which goes by the slug."""

    slug: str
    profile: TeamProfile


class TeamChanged(Event, frozen=True, kw_only=True, tag="team.changed.v1"):
    """What is said of the team, whole, as it is from now on."""

    profile: TeamProfile


class TeamDeactivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="team.deactivated.v1"
):
    """The team is no more: nothing new is given to it."""

    reason: str | None = None


class TeamReactivated(Event, frozen=True, kw_only=True, tag="team.reactivated.v1"):
    """The team is there again."""


class TeamManaged(ManagementChanged, frozen=True, kw_only=True, tag="team.managed.v1"):
    """Which configuration as code manages the team, if one does."""


TeamEvent = TeamRegistered | TeamChanged | TeamDeactivated | TeamReactivated | TeamManaged


class RegisterTeam(TeamProfile, frozen=True, kw_only=True):
    """Enter a team. The slug stays: owners and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangeTeam(DirectoryCommand, frozen=True, kw_only=True):
    """Change what is said of a team: the fields that are given, each as a whole. `null` takes back
    what may be unknown.
    """

    name: Phrase | UnsetType = UNSET
    description: Phrase | UnsetType | None = UNSET
    members: tuple[Slug, ...] | UnsetType = UNSET
    leads: tuple[Slug, ...] | UnsetType = UNSET
    channels: tuple[Phrase, ...] | UnsetType = UNSET
    time_zone: ZoneName | UnsetType | None = UNSET


class AddMember(DirectoryCommand, frozen=True, kw_only=True):
    """Say that a person is in the team; with `lead`, that the person leads it as well."""

    person: Slug
    lead: bool = False


class RemoveMember(DirectoryCommand, frozen=True, kw_only=True):
    """Say that a person is not in the team any more, and leads it no more."""

    person: Slug


class DeactivateTeam(DirectoryCommand, frozen=True, kw_only=True):
    """Say that the team is no more. What it owned is shown as without an owner."""

    reason: Phrase | None = None


class ReactivateTeam(DirectoryCommand, frozen=True, kw_only=True):
    """Say that the team is there again."""


class ReleaseTeam(ReleaseEntry, frozen=True, kw_only=True):
    """Take a team out of the hands of the configuration as code that manages it."""


TeamStatement = (
    RegisterTeam | ChangeTeam | AddMember | RemoveMember | DeactivateTeam | ReactivateTeam
)
TeamCommand = TeamStatement | ReleaseTeam
KnownTeam = Entry[TeamProfile]


class TeamView(msgspec.Struct, frozen=True, kw_only=True):
    """A team as others see it, and who changed it last."""

    id: str
    name: str
    active: bool
    description: str | None
    members: tuple[str, ...]
    leads: tuple[str, ...]
    channels: tuple[str, ...]
    time_zone: str | None
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int


def decide(command: TeamCommand, team: KnownTeam, context: Context) -> list[TeamEvent]:
    """What is said, unless code says otherwise, and that it is code which says so."""
    at = context.now
    if isinstance(command, ReleaseTeam):
        known("team", team)
        freed = TeamManaged(occurred_at=at, reason=command.reason)
        return [freed] if team.managed else []
    events = _decide(command, team, context)
    claim = partial(TeamManaged, occurred_at=at)
    return managed("team", team, command.managed_by, events, claim)


def _decide(command: TeamStatement, team: KnownTeam, context: Context) -> list[TeamEvent]:
    """One row for each command."""
    at = context.now
    if isinstance(command, RegisterTeam):
        return _register(command, team, context)
    profile = known("team", team)
    match command:
        case ChangeTeam():
            now = changed(profile, command)
        case AddMember(person=person, lead=lead):
            now = changed(profile, _with(profile, person, lead=lead))
        case RemoveMember(person=person):
            now = changed(profile, _without(profile, person))
        case DeactivateTeam(reason=reason):
            ended = TeamDeactivated(occurred_at=at, reason=reason)
            return [ended] if team.active else []
        case ReactivateTeam():
            return [] if team.active else [TeamReactivated(occurred_at=at)]
        case _:
            assert_never(command)
    return [TeamChanged(occurred_at=at, profile=_checked(now))] if now else []


def _register(command: RegisterTeam, team: KnownTeam, context: Context) -> list[TeamEvent]:
    stated = registered("team", team, _checked(profile_of(TeamProfile, command)))
    if stated is None:
        return []
    return [TeamRegistered(occurred_at=context.now, slug=command.slug, profile=stated)]


def evolve(team: KnownTeam, event: TeamEvent, actor: str = UNKNOWN) -> KnownTeam:
    """One row for each event."""
    match event:
        case TeamRegistered(slug=slug, profile=profile):
            return team.after(event, actor, slug=slug, profile=profile)
        case TeamChanged(profile=profile):
            return team.after(event, actor, profile=profile)
        case TeamDeactivated(reason=reason):
            return team.after(event, actor, active=False, inactive_because=reason)
        case TeamReactivated():
            return team.after(event, actor, active=True, inactive_because=None)
        case TeamManaged(managed=by):
            return team.after(event, actor, managed=by)
    assert_never(event)


def _with(profile: TeamProfile, person: str, *, lead: bool) -> ChangeTeam:
    members, leads = profile.members, profile.leads
    return ChangeTeam(
        members=members if person in members else (*members, person),
        leads=(*leads, person) if lead and person not in leads else leads,
    )


def _without(profile: TeamProfile, person: str) -> ChangeTeam:
    return ChangeTeam(
        members=tuple(each for each in profile.members if each != person),
        leads=tuple(each for each in profile.leads if each != person),
    )


def _checked(profile: TeamProfile) -> TeamProfile:
    check_zone(profile.time_zone)
    for field in ("members", "leads", "channels"):
        check_distinct(field, getattr(profile, field))
    if outside := [each for each in profile.leads if each not in profile.members]:
        raise Refused(
            "team.lead_outside",
            f"{outside[0]} leads the team and is no member of it",
            field="leads",
            rule="Who leads a team is one of its members.",
            invalid=True,
        )
    return profile


def show(id_: str, team: KnownTeam, position: int) -> TeamView | None:
    """None before the team was registered."""
    profile = team.profile
    if profile is None:
        return None
    said = {name: getattr(profile, name) for name in TeamProfile.__struct_fields__}
    return TeamView(id=id_, position=position, **standing(team), **said)


def headline(view: TeamView) -> str:
    """A line for people: `payments: Payments, 4 members`."""
    count = len(view.members)
    members = f"{count} member{'' if count == 1 else 's'}"
    return f"{view.id}: {view.name}, {members}{'' if view.active else ' (not active)'}"
