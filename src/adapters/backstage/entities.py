"""Entities of a Backstage catalogue: what each document has to say, and what it refers to.

Sources: Backstage, "Descriptor Format of Catalog Entities" and "Well-known Relations between
Catalog Entities".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

DEFAULT_NAMESPACE = "default"
_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*|[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")
_NAMESPACE = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_TAG = re.compile(r"[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_PREFIX = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*")
NAME_MOST, PREFIX_MOST = 63, 253


class Names(NamedTuple):
    """What a field of `spec` refers to: the relation from here to there and back, and the kind that
    is meant where a reference names none (None: it has to).
    """

    relation: str
    back: str
    kind: str | None


OWNER = {"owner": Names("ownedBy", "ownerOf", "group")}
SYSTEM = {"system": Names("partOf", "hasPart", "system")}
DEPENDS = {
    "dependsOn": Names("dependsOn", "dependencyOf", None),
    "dependencyOf": Names("dependencyOf", "dependsOn", None),
}
REFERENCES: Mapping[str, Mapping[str, Names]] = {
    "component": OWNER | SYSTEM | DEPENDS | {
        "subcomponentOf": Names("partOf", "hasPart", "component"),
        "providesApis": Names("providesApi", "apiProvidedBy", "api"),
        "consumesApis": Names("consumesApi", "apiConsumedBy", "api"),
    },
    "api": OWNER | SYSTEM,
    "resource": OWNER | SYSTEM | DEPENDS,
    "system": OWNER | {"domain": Names("partOf", "hasPart", "domain")},
    "domain": OWNER | {"subdomainOf": Names("partOf", "hasPart", "domain")},
    "group": {
        "parent": Names("childOf", "parentOf", "group"),
        "children": Names("parentOf", "childOf", "group"),
        "members": Names("hasMember", "memberOf", "user"),
    },
    "user": {"memberOf": Names("memberOf", "hasMember", "group")},
    "location": {},
}  # fmt: skip
"""The kinds that are known, and which fields of their `spec` refer to others."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "component": ("type", "lifecycle", "owner"),
    "api": ("type", "lifecycle", "owner", "definition"),
    "resource": ("type", "owner"),
    "system": ("owner",),
    "domain": ("owner",),
    "group": ("type", "children"),
}

ELSEWHERE = {"$text", "$json", "$yaml"}
"""`definition: {$text: ./api.yaml}`: it stands in another file, which is not read."""


class Ref(NamedTuple):
    """`[kind:][namespace/]name`, in full and in lower case: names compare without case."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.namespace}/{self.name}"


class Reference(NamedTuple):
    """Something that an entity refers to, and how."""

    relation: str
    back: str
    to: Ref


class Entity(NamedTuple):
    """An entity that is valid, and where it stands."""

    ref: Ref
    file: str
    place: int
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]

    @property
    def known(self) -> bool:
        """Whether it is of a kind that says what its fields mean."""
        return self.ref.kind in REFERENCES

    @property
    def annotations(self) -> Mapping[str, str]:
        """What other products may know of it."""
        found: Mapping[str, str] = self.metadata.get("annotations") or {}
        return found

    def references(self) -> Iterator[Reference]:
        """What it refers to, in the order in which the fields are listed here."""
        for field, names in REFERENCES.get(self.ref.kind, {}).items():
            for text in _listed(self.spec.get(field)):
                if ref := ref_of(text, names.kind, self.ref.namespace):
                    yield Reference(names.relation, names.back, ref)


def ref_of(text: Any, kind: str | None, namespace: str) -> Ref | None:
    """The full form of a reference, with the defaults of where it stands; None: it is none."""
    if not isinstance(text, str):
        return None
    before, colon, rest = text.strip().rpartition(":")
    space, slash, name = rest.rpartition("/")
    found = (before if colon else kind, space if slash else namespace, name)
    if not all(found) or any(mark in part for part in found if part for mark in ":/ "):
        return None
    return Ref(*(str(part).lower() for part in found))


def entity_of(file: str, place: int, content: Mapping[str, Any]) -> Entity:
    """The entity of a document that has no `problems`."""
    metadata = content["metadata"]
    namespace = metadata.get("namespace") or DEFAULT_NAMESPACE
    ref = Ref(content["kind"].lower(), namespace.lower(), metadata["name"].lower())
    return Entity(ref, file, place, metadata, content.get("spec") or {})


def problems(content: Any) -> tuple[str, ...]:
    """The fields that are not as the format has them, by path; none: it is an entity."""
    if not isinstance(content, dict):
        return ("an entity is an object",)
    metadata, spec = content.get("metadata"), content.get("spec")
    found = [] if _is_text(content.get("apiVersion")) else ["apiVersion"]
    found += [] if _fits(_KIND, content.get("kind")) else ["kind"]
    if not isinstance(metadata, dict):
        return (*found, "metadata")
    found += _of_metadata(metadata)
    if spec is not None and not isinstance(spec, dict):
        return (*found, "spec")
    kind = str(content.get("kind")).lower()
    return (*found, *_of_spec(kind, spec or {}))


def _of_metadata(metadata: Mapping[str, Any]) -> Iterator[str]:
    if not _fits(_NAME, metadata.get("name")):
        yield "metadata.name"
    if metadata.get("namespace") is not None and not _fits(_NAMESPACE, metadata["namespace"]):
        yield "metadata.namespace"
    tags = metadata.get("tags")
    if tags is not None and not isinstance(tags, list):
        yield "metadata.tags"
    elif tags:
        yield from (f"metadata.tags[{i}]" for i, tag in enumerate(tags) if not _fits(_TAG, tag))
    yield from _of_mapping("metadata.labels", metadata.get("labels"), _is_label)
    yield from _of_mapping("metadata.annotations", metadata.get("annotations"), _is_string)


def _of_mapping(path: str, given: Any, fits: Callable[[Any], bool]) -> Iterator[str]:
    if given is not None and not isinstance(given, dict):
        yield path
    elif given:
        wrong = (key for key, value in given.items() if not (_is_key(key) and fits(value)))
        yield from (f"{path}.{key}" for key in wrong)


def _is_label(value: Any) -> bool:
    return value == "" or _fits(_NAME, value)


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _of_spec(kind: str, spec: Mapping[str, Any]) -> Iterator[str]:
    for field in REQUIRED.get(kind, ()):
        if not _is_given(field, spec.get(field)):
            yield f"spec.{field}"
    for field, names in REFERENCES.get(kind, {}).items():
        given = spec.get(field)
        several = isinstance(given, list)
        for place, text in enumerate(_listed(given or None)):
            if ref_of(text, names.kind, DEFAULT_NAMESPACE) is None:
                yield f"spec.{field}[{place}]" if several else f"spec.{field}"


def _is_given(field: str, value: Any) -> bool:
    """Whether a field that has to be there is; a definition may be said to stand elsewhere."""
    if field == "children":
        return isinstance(value, list)
    elsewhere = isinstance(value, dict) and len(value) == 1 and set(value) <= ELSEWHERE
    return _is_text(value) or (field == "definition" and elsewhere)


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and len(value) <= NAME_MOST and bool(pattern.fullmatch(value))


def _is_key(key: Any) -> bool:
    """`[prefix/]name`, the prefix a domain."""
    if not isinstance(key, str):
        return False
    prefix, slash, name = key.rpartition("/")
    fits = not slash or (len(prefix) <= PREFIX_MOST and bool(_PREFIX.fullmatch(prefix)))
    return fits and _fits(_NAME, name)
