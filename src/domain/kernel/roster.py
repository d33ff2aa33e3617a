"""The directory as decisions see it: who a name means, which service, and who has a position.

Names come as people write them and as products send them: a slug, a name in any case, an e-mail
address, the handle of another product. A name that fits nobody is taken all the same, with the
reason why nobody is known by it: nothing waits for an entry at three in the morning.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import msgspec

SLACK_USER = re.compile(r"\(slack ([UW][A-Z0-9]+)\)$")
"""How the log names a user of Slack: `ada (slack U012AB3CD)`."""
TARGETS = ("person:", "team:", "role:")
"""What stands before a name in a tier, where it is said what it names."""
MEMBERS_MOST = 20
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")

T = TypeVar("T")
K = TypeVar("K")


class NameDoubt(StrEnum):
    """Why it is not sure who is meant."""

    NOT_LISTED = "not_in_directory"
    NOT_ACTIVE = "not_active"
    SEVERAL = "several"
    """The name fits several people, and none of them alone."""


class RosterPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person: the slug, and what else one goes by. `handles` are by product."""

    id: str
    name: str
    active: bool = True
    email: str | None = None
    handles: dict[str, str] = {}
    known_as: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()


class RosterTeam(msgspec.Struct, frozen=True, kw_only=True):
    """A team, with its people by slug."""

    id: str
    name: str
    active: bool = True
    members: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Tenure(msgspec.Struct, frozen=True, kw_only=True):
    """Who has owned a service since when, and how much it has mattered."""

    since: datetime
    owner: str | None = None
    tier: int | None = None


class RosterService(msgspec.Struct, frozen=True, kw_only=True):
    """A service; `labels` are those by which alerts name it, `tenures` whose it was, in order."""

    id: str
    name: str
    owner: str | None = None
    tier: int | None = None
    labels: dict[str, tuple[str, ...]] = {}
    tenures: tuple[Tenure, ...] = ()

    def tenure_at(self, at: datetime) -> Tenure | None:
        """Whose it was then; None: it had no entry yet."""
        return next((each for each in reversed(self.tenures) if each.since <= at), None)


DOUBTED = {
    NameDoubt.NOT_LISTED: "not in the directory",
    NameDoubt.NOT_ACTIVE: "not active, as the directory has it",
    NameDoubt.SEVERAL: "one of several of that name in the directory",
}
"""What stands behind a name in brackets."""


def with_doubt(name: str, doubt: NameDoubt | None) -> str:
    """A name, and why it is not sure who that is."""
    return f"{name} ({DOUBTED[doubt]})" if doubt else name


class Who(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a name means: the `name` as people read it, the `person` by slug, and a `doubt`. Without
    both nobody was asked, for the directory is out of reach, or has nobody in it.
    """

    name: str
    person: str | None = None
    doubt: NameDoubt | None = None


class TierMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody whom a tier of the escalation ladder names, by `to`, as the directory had them then:
    the `person` by slug, the name, and the `handles` by product, `email` among them.
    """

    to: str
    person: str
    name: str
    handles: dict[str, str] = {}


def with_members(to: Iterable[str], members: tuple[TierMember, ...]) -> str:
    """Whom a tier names, and who that was: `VP Engineering: Ada Lovelace; CTO: Grace Hopper`."""
    found = []
    for each in to:
        named = each.partition(":")[2] if each.startswith(TARGETS) else each
        names = [member.name for member in members if member.to == each]
        found.append(f"{named}: {', '.join(names)}" if names and names != [named] else named)
    return ("; " if members else ", ").join(found)


def plain(name: str) -> str:
    """A name as it is compared: in any case, with any spaces, and with or without an `@`."""
    found = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return found.removeprefix("@")


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike, or are one user of Slack."""
    return _written(one) == _written(other)


def _written(name: str) -> str:
    return plain(slack_id(name) or name)


def slack_id(name: str) -> str | None:
    """The id of a user of Slack that stands in a name."""
    found = SLACK_USER.search(name) or _MENTION.fullmatch(name.strip())
    return found[1] if found else None


class Roster(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The people, teams and services of the directory at one time."""

    people: tuple[RosterPerson, ...] = ()
    teams: tuple[RosterTeam, ...] = ()
    services: tuple[RosterService, ...] = ()

    def who(self, name: str) -> Who:
        """Whom a name means, and under which name people read of them."""
        if not self.people:
            return Who(name=name)
        fitting = self.people_named(name)
        active = [each for each in fitting if each.active]
        match active or fitting:
            case [person]:
                slack = SLACK_USER.search(name)
                shown = f"{person.name} {slack[0]}" if slack else person.name
                doubt = None if person.active else NameDoubt.NOT_ACTIVE
                return Who(name=shown, person=person.id, doubt=doubt)
            case []:
                return Who(name=name, doubt=NameDoubt.NOT_LISTED)
            case _:
                return Who(name=name, doubt=NameDoubt.SEVERAL)

    def people_named(self, name: str) -> tuple[RosterPerson, ...]:
        """Who goes by a name: the one with the slug, else those with a handle, else by name."""
        slack, wanted = slack_id(name), plain(name).removeprefix("person:")
        if slack:
            return self._people_by_handle.get(plain(slack), ())
        for known in (self._people_by_id, self._people_by_handle, self._people_by_name):
            if found := known.get(wanted):
                return found
        return ()

    def person_of(self, name: str | None) -> str | None:
        """The slug of the one whom a name means, None where that is not sure."""
        return self.who(name).person if name else None

    def is_same(self, one: str, other: str) -> bool:
        """Whether two names are known to mean one person."""
        if same_name(one, other):
            return True
        person = self.person_of(one)
        return person is not None and person == self.person_of(other)

    def team(self, name: str) -> RosterTeam | None:
        """The team of this slug or name."""
        wanted = plain(name).removeprefix("team:")
        return _only(self._teams_by_id.get(wanted) or self._teams_by_name.get(wanted, ()))

    def members_of(self, to: Iterable[str]) -> tuple[TierMember, ...]:
        """The people whom a tier names, each once, and no more than one can read of."""
        found: dict[str, TierMember] = {}
        for each in to:
            for person in self._behind(each):
                handles = {product: it for product, it in person.handles.items() if it}
                if person.email:
                    handles["email"] = person.email
                member = TierMember(to=each, person=person.id, name=person.name, handles=handles)
                found.setdefault(person.id, member)
        return tuple(found.values())[:MEMBERS_MOST]

    def _behind(self, target: str) -> tuple[RosterPerson, ...]:
        """The active people whom a tier means: those in a position, else of a team (who leads it,
        if anybody does), else the person of that name.
        """
        if not target.startswith(TARGETS[:2]) and (holders := self.holders_of(target)):
            return holders
        if not target.startswith((TARGETS[0], TARGETS[2])) and (team := self.team(target)):
            ids = (team.leads or team.members) if team.active else ()
            people = (self._people_by_id.get(each, ()) for each in ids)
            return tuple(person for those in people for person in those if person.active)
        if target.startswith(TARGETS[1:]):
            return ()
        person = self.who(target).person
        found = self._people_by_id.get(person, ()) if person else ()
        return tuple(each for each in found if each.active)

    def holders_of(self, position: str) -> tuple[RosterPerson, ...]:
        """The active people in a position of the organisation, such as `vp-engineering`."""
        wanted = _as_position(position)
        return tuple(each for each in self._people_by_position.get(wanted, ()) if each.active)

    def service(self, named: str, labels: Iterable[tuple[str, str]] = ()) -> RosterService | None:
        """The service that is called so, else that one of the labels of an alert names, else of
        which a label has such a value; None: there is none, or not one alone.
        """
        wanted = plain(named).removeprefix("service:")
        found = _only(self._services_by_id.get(wanted) or self._services_by_name.get(wanted, ()))
        for name, value in () if found else labels:
            if found := _only(self._services_by_label.get((plain(name), plain(value)), ())):
                break
        return found or _only(self._services_by_value.get(wanted, ()))

    @cached_property
    def _people_by_id(self) -> Mapping[str, tuple[RosterPerson, ...]]:
        return _index(self.people, lambda each: (each.id,))

    @cached_property
    def _people_by_handle(self) -> Mapping[str, tuple[RosterPerson, ...]]:
        return _index(self.people, _handles_of)

    @cached_property
    def _people_by_name(self) -> Mapping[str, tuple[RosterPerson, ...]]:
        return _index(self.people, lambda each: (plain(each.name),))

    @cached_property
    def _people_by_position(self) -> Mapping[str, tuple[RosterPerson, ...]]:
        return _index(self.people, lambda each: map(_as_position, each.positions))

    @cached_property
    def _teams_by_id(self) -> Mapping[str, tuple[RosterTeam, ...]]:
        return _index(self.teams, lambda each: (each.id,))

    @cached_property
    def _teams_by_name(self) -> Mapping[str, tuple[RosterTeam, ...]]:
        return _index(self.teams, lambda each: (plain(each.name),))

    @cached_property
    def teams_by_person(self) -> Mapping[str, tuple[RosterTeam, ...]]:
        """The active teams, by the slugs of their members and leads."""
        active = (each for each in self.teams if each.active)
        return _index(active, lambda each: (*each.members, *each.leads))

    @cached_property
    def _services_by_id(self) -> Mapping[str, tuple[RosterService, ...]]:
        return _index(self.services, lambda each: (each.id,))

    @cached_property
    def _services_by_name(self) -> Mapping[str, tuple[RosterService, ...]]:
        return _index(self.services, lambda each: (plain(each.name),))

    @cached_property
    def _services_by_label(self) -> Mapping[tuple[str, str], tuple[RosterService, ...]]:
        return _index(self.services, _labels_of)

    @cached_property
    def _services_by_value(self) -> Mapping[str, tuple[RosterService, ...]]:
        return _index(self.services, lambda each: (value for _, value in _labels_of(each)))


def services_called(named: Iterable[str], roster: Roster | None) -> tuple[str, ...]:
    """The slugs of services, each once; what no entry is called stays as it is."""
    entries = ((each, roster.service(each) if roster else None) for each in named)
    return tuple(dict.fromkeys(entry.id if entry else each for each, entry in entries))


def _index(entries: Iterable[T], keys: Callable[[T], Iterable[K]]) -> Mapping[K, tuple[T, ...]]:
    found: dict[K, list[T]] = {}
    for each in entries:
        for key in dict.fromkeys(keys(each)):
            found.setdefault(key, []).append(each)
    return {key: tuple(those) for key, those in found.items()}


def _only(found: tuple[T, ...]) -> T | None:
    return found[0] if len(found) == 1 else None


def _handles_of(person: RosterPerson) -> Iterable[str]:
    said = (person.email, *person.handles.values(), *person.known_as)
    return (_written(each) for each in said if each)


def _labels_of(service: RosterService) -> Iterable[tuple[str, str]]:
    for name, values in service.labels.items():
        yield from ((plain(name), plain(value)) for value in values)


def _as_position(name: str) -> str:
    """`VP Engineering`, `vp_engineering` and `role:vp-engineering` are one."""
    return re.sub(r"[\s_-]+", "-", plain(name).removeprefix("role:").strip())
