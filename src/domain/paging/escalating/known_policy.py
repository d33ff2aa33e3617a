"""What is known of an escalation policy, how others see it, and which incidents it is for."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from domain.directory.registration import Entry, Managed, known, standing
from domain.paging.escalating.events import EscalationProfile
from domain.paging.targets import EscalationLevel
from domain.policy import Severity

TURNS_KEPT = 50
"""So many of the latest turns are known by their page."""


class KnownEscalation(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a policy, how often that was (`version`), how many turns were taken, and by
    which of the latest pages.
    """

    entry: Entry[EscalationProfile] = Entry()
    version: int = 0
    turns: int = 0
    latest: dict[str, int] = {}

    @property
    def profile(self) -> EscalationProfile:
        """What is said of one that is there. Raises `Refused`."""
        return known("escalation_policy", self.entry)


class EscalationPolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as others see it, in its `version`, and who changed it last."""

    id: str
    name: str
    active: bool
    description: str | None
    levels: tuple[EscalationLevel, ...]
    services: tuple[str, ...]
    teams: tuple[str, ...]
    severities: tuple[Severity, ...]
    repeats: int
    then: str | None
    acknowledgements: int
    stale_after_s: int | None
    version: int
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int


def show(id_: str, policy: KnownEscalation, position: int) -> EscalationPolicyView | None:
    """None before it was registered."""
    profile = policy.entry.profile
    if profile is None:
        return None
    said = {name: getattr(profile, name) for name in EscalationProfile.__struct_fields__}
    return EscalationPolicyView(
        id=id_, position=position, version=policy.version, **standing(policy.entry), **said
    )


class _ListedPolicy(Protocol):
    """What a line about a policy is made of."""

    id: str
    name: str
    levels: tuple[EscalationLevel, ...]
    active: bool


def headline(view: _ListedPolicy) -> str:
    """A line for people: `payments: Payments, 4 levels`."""
    many = f"{len(view.levels)} level{'' if len(view.levels) == 1 else 's'}"
    return f"{view.id}: {view.name}, {many}{'' if view.active else ' (not active)'}"


class Covering(Protocol):
    """What says for which incidents a policy is."""

    @property
    def id(self) -> str: ...

    @property
    def services(self) -> tuple[str, ...]: ...

    @property
    def teams(self) -> tuple[str, ...]: ...

    @property
    def severities(self) -> tuple[Severity, ...]: ...


P = TypeVar("P", bound=Covering)


def chosen(
    policies: Iterable[P], services: Collection[str], teams: Collection[str], severity: Severity
) -> P | None:
    """The policy for an incident that concerns these services, which these teams own: of those for
    its severity, one that names a service of it, else one that names a team, else one that names
    neither; of several the first by slug. None: there is none for it.
    """
    fitting = [
        (rank, each.id, each)
        for each in policies
        if severity in each.severities and (rank := _rank(each, services, teams)) is not None
    ]
    return min(fitting, key=lambda it: it[:2])[2] if fitting else None


def _rank(policy: Covering, services: Collection[str], teams: Collection[str]) -> int | None:
    if not set(policy.services).isdisjoint(services):
        return 0
    if not set(policy.teams).isdisjoint(teams):
        return 1
    return None if policy.services or policy.teams else 2
