"""Which names an object refers to, and whether what they name is there."""

import re
from collections.abc import Iterable, Iterator, Set
from typing import Any, NamedTuple

from adapters.openslo.fields import FieldFinding

REFERENCES = {
    "indicatorRef": "SLI",
    "sliRef": "SLI",
    "alertPolicyRef": "AlertPolicy",
    "conditionRef": "AlertCondition",
    "targetRef": "AlertNotificationTarget",
    "metricSourceRef": "DataSource",
    "dataSourceRef": "DataSource",
}
"""The field, and what kind of object it names."""
_FREE = re.compile(
    r"\.(?:connectionDetails|metadata|(?:metricSource|thresholdMetric|good|bad|total|raw)\.spec)$"
)
"""Fields below which anything may stand."""


class Name(NamedTuple):
    """What an object is known by."""

    version: str
    kind: str
    name: str


class NameReference(NamedTuple):
    """A field that names another object; `inline`: it stands in something that is written out
    within the object.
    """

    at: str
    to: Name
    inline: bool


def name_of(content: Any) -> Name | None:
    """What an object is known by; None where it says no name."""
    match content:
        case {"apiVersion": str(version), "kind": str(kind), "metadata": {"name": str(name)}}:
            return Name(version, kind, name)
    return None


def references_of(content: Any) -> list[NameReference]:
    """All that an object refers to, in the order of its fields."""
    own = name_of(content)
    if own is None or not isinstance(content.get("spec"), dict):
        return []
    spec = content["spec"]
    found = [
        NameReference(at, Name(own.version, kind, name), inline=at.count(".spec.") > 0)
        for at, kind, name in _named(spec, "spec")
    ]
    if own.kind == "SLO" and isinstance(spec.get("service"), str):
        service = Name(own.version, "Service", spec["service"])
        found.append(NameReference("spec.service", service, inline=False))
    return found


def unresolved(
    content: Any, beside: Set[Name], given: Set[Name], *, whole: bool
) -> tuple[list[FieldFinding], list[FieldFinding]]:
    """The references of an object that nothing answers: those that are wrong, and those that may be
    answered elsewhere. `beside` is what its own file has, `given` all files that were named.

    A file says itself for what it is whole: for a kind of which it has objects; and where an object
    finds in it what it refers to, for the rest that this object refers to by name. With `whole`,
    all that was given is. Which service it is may always be known elsewhere: OpenSLO leaves open
    what that name is.
    """
    wrong: list[FieldFinding] = []
    elsewhere: list[FieldFinding] = []
    references = references_of(content)
    has_friends = any(
        each.to in beside and not each.inline and not _is_open(each) for each in references
    )
    kinds = {(each.version, each.kind) for each in beside}
    for each in references:
        if each.to in given:
            continue
        problem = FieldFinding(
            each.at, "reference", f"no {each.to.kind} of {each.to.version} is called {each.to.name}"
        )
        known_here = (each.to.version, each.to.kind) in kinds and each.to.kind != "Service"
        meant_here = has_friends and not each.inline and not _is_open(each)
        is_wrong = whole or known_here or meant_here
        (wrong if is_wrong else elsewhere).append(problem)
    return wrong, elsewhere


def _is_open(reference: NameReference) -> bool:
    return reference.to.kind in {"DataSource", "Service"}


def _named(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Where anything may stand, nothing is a name."""
    for key, each, at in _below(value, path):
        if isinstance(key, str) and key in REFERENCES and isinstance(each, str):
            yield at, REFERENCES[key], each
        elif not _FREE.search(at):
            yield from _named(each, at)


def _below(value: Any, path: str) -> Iterable[tuple[Any, Any, str]]:
    if isinstance(value, dict):
        return [(key, each, f"{path}.{key}") for key, each in value.items()]
    if isinstance(value, list):
        return [(None, each, f"{path}[{place}]") for place, each in enumerate(value)]
    return ()
