"""A service: who owns it, how much depends on it, and where what is known of it stands.

An owner or a dependency may name what is not in the directory yet; lists and the check of the
catalogue show what is not known. The events are on disk for ever: rename nothing, add optional
fields, or supersede a tag.
"""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from domain.directory.registration import (
    DirectoryCommand,
    Entry,
    Managed,
    ManagementChanged,
    Phrase,
    Prose,
    ReleaseEntry,
    Slug,
    WebAddress,
    changed,
    check_distinct,
    known,
    last_change,
    managed,
    profile_of,
    registered,
)
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused

Owner = Annotated[str, msgspec.Meta(pattern=r"^(team|person):[a-z0-9][a-z0-9_-]{0,62}$")]
"""`team:payments`, or `person:ada`."""
ServiceTier = Annotated[int, msgspec.Meta(ge=1, le=4)]
"""How much it matters: 1 is what customers cannot do without."""
Lifecycle = Literal["experimental", "production", "deprecated", "retired"]


class ServiceLink(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """An address, and what it is called."""

    url: WebAddress
    title: Phrase | None = None


class ServiceProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is said of a service. `labels` are those by which alerts name it, such as
    `{"app": ["checkout", "checkout-api"]}`; `dependencies` are the slugs of the services that it
    needs. None: not known.
    """

    name: Phrase
    owner: Owner | None = None
    tier: ServiceTier | None = None
    description: Prose | None = None
    repository: WebAddress | None = None
    dashboards: tuple[ServiceLink, ...] = ()
    runbooks: tuple[ServiceLink, ...] = ()
    links: tuple[ServiceLink, ...] = ()
    labels: dict[Phrase, tuple[Phrase, ...]] = {}
    dependencies: tuple[Slug, ...] = ()
    lifecycle: Lifecycle = "production"


class ServiceRegistered(Event, frozen=True, kw_only=True, tag="service.registered.v1"):
    """There is an entry for this service, which goes by the slug."""

    slug: str
    profile: ServiceProfile


class ServiceChanged(Event, frozen=True, kw_only=True, tag="service.changed.v1"):
    """What is said of the service, whole, as it is from now on."""

    profile: ServiceProfile


class ServiceManaged(ManagementChanged, frozen=True, kw_only=True, tag="service.managed.v1"):
    """Which configuration as code manages the service, if one does."""


ServiceEvent = ServiceRegistered | ServiceChanged | ServiceManaged


class RegisterService(ServiceProfile, frozen=True, kw_only=True):
    """Enter a service. The slug stays: incidents, dependencies and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangeService(DirectoryCommand, frozen=True, kw_only=True):
    """Change what is said of a service: the fields that are given, each as a whole. `null` takes
    back what may be unknown. One that runs no more has the lifecycle `retired`.
    """

    name: Phrase | UnsetType = UNSET
    owner: Owner | UnsetType | None = UNSET
    tier: ServiceTier | UnsetType | None = UNSET
    description: Prose | UnsetType | None = UNSET
    repository: WebAddress | UnsetType | None = UNSET
    dashboards: tuple[ServiceLink, ...] | UnsetType = UNSET
    runbooks: tuple[ServiceLink, ...] | UnsetType = UNSET
    links: tuple[ServiceLink, ...] | UnsetType = UNSET
    labels: dict[Phrase, tuple[Phrase, ...]] | UnsetType = UNSET
    dependencies: tuple[Slug, ...] | UnsetType = UNSET
    lifecycle: Lifecycle | UnsetType = UNSET


class ReleaseService(ReleaseEntry, frozen=True, kw_only=True):
    """Take a service out of the hands of the configuration as code that manages it."""


ServiceStatement = RegisterService | ChangeService
ServiceCommand = ServiceStatement | ReleaseService
KnownService = Entry[ServiceProfile]


PHASES = ("unknown", "registered", "managed")


class ServiceView(msgspec.Struct, frozen=True, kw_only=True):
    """A service as others see it, and who changed it last."""

    id: str
    name: str
    owner: str | None
    tier: int | None
    description: str | None
    repository: str | None
    dashboards: tuple[ServiceLink, ...]
    runbooks: tuple[ServiceLink, ...]
    links: tuple[ServiceLink, ...]
    labels: dict[str, tuple[str, ...]]
    dependencies: tuple[str, ...]
    lifecycle: Lifecycle
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int


def decide(command: ServiceCommand, service: KnownService, context: Context) -> list[ServiceEvent]:
    """What is said, unless code says otherwise, and that it is code which says so."""
    at = context.now
    if isinstance(command, ReleaseService):
        known("service", service)
        freed = ServiceManaged(occurred_at=at, reason=command.reason)
        return [freed] if service.managed else []
    events = _decide(command, service, context)
    claim = partial(ServiceManaged, occurred_at=at)
    return managed("service", service, command.managed_by, events, claim)


def _decide(
    command: ServiceStatement, service: KnownService, context: Context
) -> list[ServiceEvent]:
    """One row for each command."""
    at = context.now
    if isinstance(command, RegisterService):
        return _register(command, service, context)
    profile = known("service", service)
    match command:
        case ChangeService():
            now = changed(profile, command)
            if now is None:
                return []
            return [ServiceChanged(occurred_at=at, profile=_checked(service.slug, now))]
    assert_never(command)


def _register(
    command: RegisterService, service: KnownService, context: Context
) -> list[ServiceEvent]:
    profile = profile_of(ServiceProfile, command)
    stated = registered("service", service, _checked(command.slug, profile))
    if stated is None:
        return []
    return [ServiceRegistered(occurred_at=context.now, slug=command.slug, profile=stated)]


def evolve(service: KnownService, event: ServiceEvent, actor: str = UNKNOWN) -> KnownService:
    """One row for each event."""
    match event:
        case ServiceRegistered(slug=slug, profile=profile):
            return service.after(event, actor, slug=slug, profile=profile)
        case ServiceChanged(profile=profile):
            return service.after(event, actor, profile=profile)
        case ServiceManaged(managed=by):
            return service.after(event, actor, managed=by)
    assert_never(event)


def _checked(slug: str, profile: ServiceProfile) -> ServiceProfile:
    check_distinct("dependencies", profile.dependencies)
    if slug in profile.dependencies:
        raise Refused(
            "service.needs_itself",
            f"{slug} is named among its own dependencies",
            field="dependencies",
            rule="Dependencies are other services.",
            invalid=True,
        )
    for name, values in profile.labels.items():
        check_distinct(f"labels.{name}", values)
    return profile


def show(id_: str, service: KnownService, position: int) -> ServiceView | None:
    """None before the service was registered."""
    profile = service.profile
    if profile is None:
        return None
    said = {name: getattr(profile, name) for name in ServiceProfile.__struct_fields__}
    return ServiceView(id=id_, position=position, **last_change(service), **said)


def headline(view: ServiceView) -> str:
    """A line for people: `checkout: Checkout, tier 1, owned by team:payments`."""
    tier = f", tier {view.tier}" if view.tier else ""
    owner = f"owned by {view.owner}" if view.owner else "without an owner"
    ended = "" if view.lifecycle == "production" else f" ({view.lifecycle})"
    return f"{view.id}: {view.name}{tier}, {owner}{ended}"
