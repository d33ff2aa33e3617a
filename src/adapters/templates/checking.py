"""Finding out what is wrong with an operator's templates before somebody is paged by them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from adapters.templates.engine import SUFFIX, TemplateFault, Templates, names
from adapters.templates.maintenance_samples import samples_of_maintenance
from adapters.templates.samples import samples
from adapters.templates.subject_samples import samples_of_subjects
from domain.incident import INCIDENT
from domain.incident.audiences import HEARD, KINDS
from domain.kernel.aggregate import AnyAggregate
from domain.maintenance import MAINTENANCE
from domain.notification.subject_context import GENERIC
from domain.policy import Policy
from handlers.notify.render import TemplateContext, Words

PART = "_"
"""With this begin the names of parts, which other templates include."""


def check(
    templates: Templates, policy: Policy, aggregates: Iterable[AnyAggregate]
) -> list[TemplateFault]:
    """What cannot be used of an operator's templates: those that fail for some incident, or for
    another aggregate, and those that nothing would ever use. Each template once.
    """
    found: dict[str, TemplateFault] = {}
    if not templates.own:
        return []
    subjects: list[TemplateContext] = list(_subjects(aggregates))
    contexts: list[TemplateContext] = [*(context for _, context in samples(policy)), *subjects]
    for context in contexts:
        if not set(names(context)) & templates.own.keys():
            continue
        said = templates.words(context)
        if not isinstance(said, Words):
            found.setdefault(said.template, said)
    known = usable().union(*map(names, subjects))
    for name in templates.own:
        if name not in known and not name.startswith(PART):
            found.setdefault(
                name, TemplateFault(name, "nothing is told by a template of this name")
            )
    return [found[name] for name in sorted(found)]


_WITH_CONTEXTS = (INCIDENT, MAINTENANCE)
"""Of these templates know more."""


def _subjects(aggregates: Iterable[AnyAggregate]) -> Iterator[Any]:
    """What is told of anything but incidents."""
    listed = tuple(aggregates)
    yield from samples_of_subjects(each for each in listed if each not in _WITH_CONTEXTS)
    if MAINTENANCE in listed:
        yield from samples_of_maintenance()


def usable() -> set[str]:
    """All names by which a template is looked for, of incidents and of whatever has none."""
    parts = (f"{audience}.{kind}" for audience, kinds in HEARD.items() for kind in kinds)
    return {f"{name}{SUFFIX}" for name in (*HEARD, *KINDS, *parts, GENERIC)}


def in_use(
    templates: Templates, aggregates: Iterable[AnyAggregate]
) -> Iterator[tuple[str, str, str, bool]]:
    """For each audience and kind: which template words it, and whether it is the operator's."""
    for audience, kinds in HEARD.items():
        shared = audience.value != "customers"
        for kind in kinds:
            wanted = (f"{audience}.{kind}", *((kind,) if shared else ()), audience.value)
            yield audience.value, kind, *_used(templates, [f"{name}{SUFFIX}" for name in wanted])
    told = {
        (each.audience.value, getattr(each, "aggregate", MAINTENANCE.name), each.kind): each
        for each in _subjects(aggregates)
    }
    for (audience_name, aggregate, kind), context in told.items():
        yield audience_name, f"{aggregate}.{kind}", *_used(templates, names(context))


def _used(templates: Templates, files: Sequence[str]) -> tuple[str, bool]:
    own = next((name for name in files if name in templates.own), None)
    return own or next(name for name in files if name in templates.shipped), own is not None
