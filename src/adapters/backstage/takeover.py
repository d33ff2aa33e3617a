"""A catalogue of Backstage as entries of the directory: users are people, groups are teams, and
components and resources are services. Nothing is made up: what an entity does not say is unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from adapters.backstage.entities import DEFAULT_NAMESPACE, Entity, Ref

PEOPLE, TEAMS, SERVICES = "person", "team", "service"
KINDS: Mapping[str, str] = {
    "user": PEOPLE,
    "group": TEAMS,
    "component": SERVICES,
    "resource": SERVICES,
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

    aggregate: str
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
        first = slugs.setdefault((aggregate, slug), ref)
        if first is not ref:
            left.append(LeftOut(ref, f"the name {slug} is taken by {first}"))
    named = Slugs({ref: slug for (_, slug), ref in slugs.items()}, entities)
    taken = [
        Takeover(aggregate, slug, named.profile(entities[ref]), ref)
        for (aggregate, slug), ref in slugs.items()
    ]
    order = (PEOPLE, TEAMS, SERVICES)
    return sorted(taken, key=lambda each: order.index(each.aggregate)), left


def slug_of(ref: Ref) -> str:
    """`breanna.davison` is `breanna-davison`; one of another namespace begins with its name."""
    name = ref.name if ref.namespace == DEFAULT_NAMESPACE else f"{ref.namespace}-{ref.name}"
    return name.replace(".", "-")[:63]


class Slugs(NamedTuple):
    """What entities are called in the directory, and all entities, for what one says of another."""

    of: Mapping[Ref, str]
    entities: Mapping[Ref, Entity]

    def profile(self, entity: Entity) -> dict[str, Any]:
        """What the directory says of an entity, without what is not known."""
        match KINDS[entity.ref.kind]:
            case "person":
                said = _person(entity)
            case "team":
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
        said += [
            ref
            for ref, each in self.entities.items()
            if any(to.relation == "memberOf" and to.to == team for to in each.references())
        ]
        return tuple(dict.fromkeys(self.of.get(ref, slug_of(ref)) for ref in said))

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
        if owner is None or kind not in {PEOPLE, TEAMS}:
            return None
        return f"{kind}:{self.of.get(owner, slug_of(owner))}"

    def _needed(self, entity: Entity) -> Iterator[str]:
        """What it depends on, and who provides the interfaces that it consumes."""
        for to in entity.references():
            if to.relation == "dependsOn" and KINDS.get(to.to.kind) == SERVICES:
                needed: Iterable[Ref] = (to.to,)
            elif to.relation == "consumesApi":
                needed = self._providers(to.to)
            else:
                continue
            yield from (self.of.get(ref, slug_of(ref)) for ref in needed if ref != entity.ref)

    def _providers(self, interface: Ref) -> Iterator[Ref]:
        for ref, each in self.entities.items():
            if any(to.relation == "providesApi" and to.to == interface for to in each.references()):
                yield ref


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
    return source if source.startswith(("https://", "http://")) else None


def _is_link(link: Any) -> bool:
    url = link.get("url") if isinstance(link, dict) else None
    return isinstance(url, str) and url.startswith(("https://", "http://"))


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
