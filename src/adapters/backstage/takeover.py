"""A catalogue of Backstage as entries of the directory: users are people, groups are teams, and
components and resources are services. Nothing is made up: what an entity does not say is unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from adapters.backstage.check import REMOTE
from adapters.backstage.entities import DEFAULT_NAMESPACE, Entity, Ref
from domain.directory import PERSON, SERVICE, TEAM
from domain.kernel.aggregate import AnyAggregate

KINDS: Mapping[str, AnyAggregate] = {
    "user": PERSON,
    "group": TEAM,
    "component": SERVICE,
    "resource": SERVICE,
}
"""Which entries entities of a kind become; those of other kinds are left out."""
LIFECYCLES = {"experimental", "production", "deprecated"}
LABELS = {
    "backstage.io/kubernetes-id": "app",
    "pagerduty.com/service-id": "pagerduty_service",
    "opsgenie.com/component-selector": "opsgenie_component",
}
"""Annotations by which alerts may name a service, and the label that each is."""
DASHBOARDS, RUNBOOKS = {"dashboard"}, {"runbook"}
"""Types of links, as the documentation of Backstage suggests them."""
_PROJECT = re.compile(r"[\w.-]+/[\w.-]+")


class Takeover(NamedTuple):
    """An entry: of which aggregate, its slug, what is said of it, and the entity that it was."""

    aggregate: AnyAggregate
    slug: str
    profile: Mapping[str, Any]
    entity: Ref


class LeftOut(NamedTuple):
    """An entity that becomes no entry, and why."""

    entity: Ref
    why: str


def take_over(entities: Mapping[Ref, Entity]) -> tuple[list[Takeover], list[LeftOut]]:
    """The entries that these entities become, people first, then teams, then services."""
    slugs: dict[tuple[str, str], Ref] = {}
    left: list[LeftOut] = []
    for ref in entities:
        aggregate = KINDS.get(ref.kind)
        if aggregate is None:
            left.append(LeftOut(ref, "the directory has no entries of this kind"))
            continue
        slug = slug_of(ref)
        first = slugs.setdefault((aggregate.name, slug), ref)
        if first is not ref:
            left.append(LeftOut(ref, f"the name {slug} is taken by {first}"))
    named = Slugs({ref: slug for (_, slug), ref in slugs.items()}, entities, _pointing(entities))
    taken = [
        Takeover(KINDS[ref.kind], slug, named.profile(entities[ref]), ref)
        for (_, slug), ref in slugs.items()
    ]
    order = [PERSON.name, TEAM.name, SERVICE.name]
    return sorted(taken, key=lambda each: order.index(each.aggregate.name)), left


def _pointing(entities: Mapping[Ref, Entity]) -> Mapping[tuple[str, Ref], list[Ref]]:
    """Who has which relation to whom, by the relation and its end, each once."""
    found: dict[tuple[str, Ref], dict[Ref, None]] = {}
    for ref, each in entities.items():
        for to in each.references():
            found.setdefault((to.relation, to.to), {})[ref] = None
    return {end: list(refs) for end, refs in found.items()}


def slug_of(ref: Ref) -> str:
    """`breanna.davison` is `breanna-davison`; one of another namespace begins with its name."""
    name = ref.name if ref.namespace == DEFAULT_NAMESPACE else f"{ref.namespace}-{ref.name}"
    return name.replace(".", "-")[:63]


class Slugs(NamedTuple):
    """What entities are called in the directory, and all entities, for what one says of another;
    `pointing` are those with a relation to one.
    """

    of: Mapping[Ref, str]
    entities: Mapping[Ref, Entity]
    pointing: Mapping[tuple[str, Ref], Sequence[Ref]]

    def profile(self, entity: Entity) -> dict[str, Any]:
        """What the directory says of an entity, without what is not known."""
        match KINDS[entity.ref.kind].name:
            case PERSON.name:
                said = _person(entity)
            case TEAM.name:
                said = self._team(entity)
            case _:
                said = self._service(entity)
        return {name: value for name, value in said.items() if value not in (None, (), {})}

    def _team(self, entity: Entity) -> dict[str, Any]:
        return {
            "name": _name(entity),
            "description": _line(entity.metadata.get("description")),
            "members": self._members(entity.ref),
        }

    def _members(self, team: Ref) -> tuple[str, ...]:
        """Both sides may say who is in a team."""
        said = [to.to for to in self.entities[team].references() if to.relation == "hasMember"]
        said += self.pointing.get(("memberOf", team), ())
        return tuple(dict.fromkeys(map(self._called, said)))

    def _called(self, ref: Ref) -> str:
        """What one is called, or would be, if it were there."""
        return self.of.get(ref) or slug_of(ref)

    def _service(self, entity: Entity) -> dict[str, Any]:
        links = [each for each in entity.metadata.get("links") or () if _is_link(each)]
        notes = entity.annotations
        lifecycle = entity.spec.get("lifecycle")
        return {
            "name": _name(entity),
            "description": entity.metadata.get("description"),
            "owner": self._owner(entity),
            "lifecycle": lifecycle if lifecycle in LIFECYCLES else None,
            "repository": _repository(notes),
            "dashboards": _links(links, *DASHBOARDS),
            "runbooks": _links(links, *RUNBOOKS),
            "links": _links(links, *{each.get("type") for each in links} - DASHBOARDS - RUNBOOKS),
            "labels": {label: (notes[name],) for name, label in LABELS.items() if notes.get(name)},
            "dependencies": tuple(dict.fromkeys(self._needed(entity))),
        }

    def _owner(self, entity: Entity) -> str | None:
        owner = next((to.to for to in entity.references() if to.relation == "ownedBy"), None)
        kind = KINDS.get(owner.kind) if owner else None
        if owner is None or kind is None or kind.name == SERVICE.name:
            return None
        return f"{kind.name}:{self._called(owner)}"

    def _needed(self, entity: Entity) -> Iterator[str]:
        """What it depends on, and who provides the interfaces that it consumes."""
        for to in entity.references():
            if to.relation == "dependsOn" and KINDS.get(to.to.kind) is SERVICE:
                needed: Iterable[Ref] = (to.to,)
            elif to.relation == "consumesApi":
                needed = self.pointing.get(("providesApi", to.to), ())
            else:
                continue
            yield from (self._called(ref) for ref in needed if ref != entity.ref)


def _person(entity: Entity) -> dict[str, Any]:
    profile = entity.spec.get("profile")
    email = profile.get("email") if isinstance(profile, dict) else None
    login = entity.annotations.get("github.com/user-login")
    return {
        "name": _name(entity),
        "email": email if isinstance(email, str) and email.count("@") == 1 else None,
        "handles": {"github": login} if login else None,
    }


def _name(entity: Entity) -> str:
    profile = entity.spec.get("profile")
    display = profile.get("displayName") if isinstance(profile, dict) else None
    return _line(display) or _line(entity.metadata.get("title")) or entity.metadata["name"]


def _line(text: Any) -> str | None:
    return " ".join(text.split())[:300] or None if isinstance(text, str) else None


def _repository(annotations: Mapping[str, str]) -> str | None:
    project = annotations.get("github.com/project-slug", "")
    if _PROJECT.fullmatch(project):
        return f"https://github.com/{project}"
    source = annotations.get("backstage.io/source-location", "").removeprefix("url:")
    return source if source.startswith(REMOTE) else None


def _is_link(link: Any) -> bool:
    url = link.get("url") if isinstance(link, dict) else None
    return isinstance(url, str) and url.startswith(REMOTE)


def _links(links: Sequence[dict[str, Any]], *types: str) -> tuple[dict[str, str], ...]:
    """Those of these types, as links of the directory."""
    return tuple(
        {"url": each["url"], **({"title": title} if (title := _line(each.get("title"))) else {})}
        for each in links
        if each.get("type") in types
    )


def body_of(taken: Takeover, *, slug: bool) -> bytes:
    """The entry as the fields of a command, with its slug where it is entered."""
    fields = {"slug": taken.slug, **taken.profile} if slug else taken.profile
    return msgspec.json.encode(fields)
