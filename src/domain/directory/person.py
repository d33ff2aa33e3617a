"""A person: how one is called here and elsewhere, when at work, and how to be reached.

Who leaves is deactivated, never deleted: the log goes on naming who acted. The events are on disk
for ever: rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime
from functools import partial
from typing import Annotated, assert_never

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.directory import contact_check as c
from domain.directory.contact_rules import ContactRule, QuietHours, check_contact_rules
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
from domain.directory.working_hours import WorkingHours, check_working_hours
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Context

Address = Annotated[str, msgspec.Meta(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]


class Handles(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What other products call a person: the user id of Slack (`U012AB3CD`) and of PagerDuty
    (`PT4KHLK`), the user name of Opsgenie (an e-mail address), the login of GitHub, and the subject
    (`sub`) of the issuer where people log in.
    """

    slack: Phrase | None = None
    pagerduty: Phrase | None = None
    opsgenie: Phrase | None = None
    github: Phrase | None = None
    oidc: Phrase | None = None


class ContactMethod(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One way to reach a person: an e-mail address, a number to call (`phone`) or to write to
    (`sms`), the user id of Slack, the chat of Telegram, the topic of ntfy, the name of the person
    among those of Gotify, the user key of Pushover, or a browser (`push`), as
    `<endpoint>#p256dh=<key>&auth=<secret>`. What is not `enabled` reaches nobody.
    """

    kind: c.MethodKind
    address: c.MethodAddress
    enabled: bool = True

    @property
    def id(self) -> c.MethodId:
        """By which it is told from others of the person."""
        return (self.kind, self.address)


class PersonProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is said of a person. None: not known. `known_as` are other names under which records
    have the person, `positions` what the person is in the organisation, such as `vp-engineering`:
    tiers of the escalation ladder may name one. `contact_rules` say by which method one is paged
    after how long; none: by all that are enabled, in their order, a minute apart.
    """

    name: Phrase
    email: Address | None = None
    time_zone: ZoneName | None = None
    working_hours: WorkingHours | None = None
    handles: Handles = Handles()
    contact_methods: tuple[ContactMethod, ...] = ()
    known_as: tuple[Phrase, ...] = ()
    positions: tuple[Slug, ...] = ()
    contact_rules: tuple[ContactRule, ...] = ()
    quiet_hours: QuietHours | None = None


class PersonRegistered(Event, frozen=True, kw_only=True, tag="person.registered.v1"):
    """There is an entry for this person, which goes by the slug."""

    slug: str
    profile: PersonProfile


class PersonChanged(Event, frozen=True, kw_only=True, tag="person.changed.v1"):
    """What is said of the person, whole, as it is from now on."""

    profile: PersonProfile


class PersonDeactivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="person.deactivated.v1"
):
    """The person has left, or is away for long: nothing is assigned to, or told, any more."""

    reason: str | None = None


class PersonReactivated(Event, frozen=True, kw_only=True, tag="person.reactivated.v1"):
    """The person is back."""


class PersonManaged(ManagementChanged, frozen=True, kw_only=True, tag="person.managed.v1"):
    """Which configuration as code manages the person, if one does."""


PersonEvent = (
    PersonRegistered
    | PersonChanged
    | PersonDeactivated
    | PersonReactivated
    | PersonManaged
    | c.ContactCheckSent
    | c.ContactCheckFailed
    | c.ContactConfirmed
    | c.ContactCodeRefused
)


class RegisterPerson(PersonProfile, frozen=True, kw_only=True):
    """Enter a person. The slug stays: roles, owners and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangePerson(DirectoryCommand, frozen=True, kw_only=True):
    """Change what is said of a person: the fields that are given, each as a whole. `null` takes
    back what may be unknown.
    """

    name: Phrase | UnsetType = UNSET
    email: Address | UnsetType | None = UNSET
    time_zone: ZoneName | UnsetType | None = UNSET
    working_hours: WorkingHours | UnsetType | None = UNSET
    handles: Handles | UnsetType = UNSET
    contact_methods: tuple[ContactMethod, ...] | UnsetType = UNSET
    known_as: tuple[Phrase, ...] | UnsetType = UNSET
    positions: tuple[Slug, ...] | UnsetType = UNSET
    contact_rules: tuple[ContactRule, ...] | UnsetType = UNSET
    quiet_hours: QuietHours | UnsetType | None = UNSET


class DeactivatePerson(DirectoryCommand, frozen=True, kw_only=True):
    """Say that a person has left. What the person did stays in the log."""

    reason: Phrase | None = None


class ReactivatePerson(DirectoryCommand, frozen=True, kw_only=True):
    """Say that a person is back."""


class ReleasePerson(ReleaseEntry, frozen=True, kw_only=True):
    """Take a person out of the hands of the configuration as code that manages it."""


PersonStatement = RegisterPerson | ChangePerson | DeactivatePerson | ReactivatePerson
PersonCommand = PersonStatement | ReleasePerson | c.ConfirmContact
PersonDecision = PersonCommand | c.NoteContactCheck
"""What is decided: what others may say, and what became of a code that the service has sent."""


class KnownPerson(Entry[PersonProfile], frozen=True):
    """What is known of a person, and which contact methods have been tried."""

    checks: c.Checks = msgspec.field(default_factory=dict)

    @property
    def methods(self) -> tuple[c.MethodId, ...]:
        """The contact methods of the person, as they are tried: in the order in which they are
        named, but what no code has come back from only after all others.
        """
        known = self.profile.contact_methods if self.profile else ()
        enabled = [each.id for each in known if each.enabled]
        return tuple(sorted(enabled, key=lambda it: not c.standing_of(it, self.checks).verified_at))


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """A person as others see one, and who changed it last."""

    id: str
    name: str
    active: bool
    email: str | None
    time_zone: str | None
    working_hours: WorkingHours | None
    handles: Handles
    contact_methods: tuple[ContactMethod, ...]
    contact_checks: tuple[c.ContactStanding, ...]
    known_as: tuple[str, ...]
    positions: tuple[str, ...]
    contact_rules: tuple[ContactRule, ...]
    quiet_hours: QuietHours | None
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int


def decide(command: PersonDecision, person: KnownPerson, context: Context) -> list[PersonEvent]:
    """What is said, unless code says otherwise, and that it is code which says so."""
    at = context.now
    if isinstance(command, c.NoteContactCheck | c.ConfirmContact):
        named = [each.id for each in known("person", person).contact_methods]
        return [*c.decided(command, person.slug, named, person.checks, context)]
    if isinstance(command, ReleasePerson):
        known("person", person)
        freed = PersonManaged(occurred_at=at, reason=command.reason)
        return [freed] if person.managed else []
    events = _decide(command, person, context)
    claim = partial(PersonManaged, occurred_at=at)
    return managed("person", person, command.managed_by, events, claim)


def _decide(command: PersonStatement, person: KnownPerson, context: Context) -> list[PersonEvent]:
    """One row for each command."""
    at = context.now
    if isinstance(command, RegisterPerson):
        return _register(command, person, context)
    profile = known("person", person)
    match command:
        case ChangePerson():
            now = changed(profile, command)
            return [PersonChanged(occurred_at=at, profile=_checked(now))] if now else []
        case DeactivatePerson(reason=reason):
            left = PersonDeactivated(occurred_at=at, reason=reason)
            return [left] if person.active else []
        case ReactivatePerson():
            return [] if person.active else [PersonReactivated(occurred_at=at)]
    assert_never(command)


def _register(command: RegisterPerson, person: KnownPerson, context: Context) -> list[PersonEvent]:
    stated = registered("person", person, _checked(profile_of(PersonProfile, command)))
    if stated is None:
        return []
    return [PersonRegistered(occurred_at=context.now, slug=command.slug, profile=stated)]


def evolve(person: KnownPerson, event: PersonEvent, actor: str = UNKNOWN) -> KnownPerson:
    """One row for each event."""
    match event:
        case PersonRegistered(slug=slug, profile=profile):
            return person.after(event, actor, slug=slug, profile=profile)
        case PersonChanged(profile=profile):
            return person.after(event, actor, profile=profile)
        case PersonDeactivated(reason=reason):
            return person.after(event, actor, active=False, inactive_because=reason)
        case PersonReactivated():
            return person.after(event, actor, active=True, inactive_because=None)
        case PersonManaged(managed=by):
            return person.after(event, actor, managed=by)
        case (
            c.ContactCheckSent()
            | c.ContactCheckFailed()
            | c.ContactConfirmed()
            | c.ContactCodeRefused()
        ):
            return replace(person, checks=c.evolve_checks(person.checks, event))
    assert_never(event)


def _checked(profile: PersonProfile) -> PersonProfile:
    check_zone(profile.time_zone)
    check_distinct("contact_methods", tuple((m.kind, m.address) for m in profile.contact_methods))
    check_distinct("known_as", profile.known_as)
    check_distinct("positions", profile.positions)
    check_contact_rules(profile.contact_rules, profile.quiet_hours)
    check_working_hours(profile.working_hours)
    return profile


def show(id_: str, person: KnownPerson, position: int) -> PersonView | None:
    """None before the person was registered."""
    profile = person.profile
    if profile is None:
        return None
    said = {name: getattr(profile, name) for name in PersonProfile.__struct_fields__}
    checks = tuple(c.standing_of(each.id, person.checks) for each in profile.contact_methods)
    return PersonView(id=id_, position=position, contact_checks=checks, **standing(person), **said)


def headline(view: PersonView) -> str:
    """A line for people: `ada: Ada Lovelace`."""
    return f"{view.id}: {view.name}{'' if view.active else ' (not active)'}"
