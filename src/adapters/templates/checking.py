"""Finding out what is wrong with an operator's templates before somebody is paged by them."""

from collections.abc import Iterator

from adapters.templates.engine import SUFFIX, Fault, Templates, names
from adapters.templates.samples import samples
from domain.incident.notifiable import HEARD, KINDS
from domain.policy import Policy
from handlers.notify.render import Words

PART = "_"
"""With this begin the names of parts, which other templates include."""


def check(templates: Templates, policy: Policy) -> list[Fault]:
    """What cannot be used of an operator's templates: those that fail for some incident, and those
    that nothing would ever use. Each template once.
    """
    found: dict[str, Fault] = {}
    if not templates.own:
        return []
    for _, told in samples(policy):
        if not set(names(told)) & templates.own.keys():
            continue
        said = templates.words(told)
        if not isinstance(said, Words):
            found.setdefault(said.template, said)
    for name in templates.own:
        if name not in usable() and not name.startswith(PART):
            found.setdefault(name, Fault(name, "nothing is told by a template of this name"))
    return [found[name] for name in sorted(found)]


def usable() -> set[str]:
    """All names by which a template is looked for."""
    parts = (f"{audience}.{kind}" for audience, kinds in HEARD.items() for kind in kinds)
    return {f"{name}{SUFFIX}" for name in (*HEARD, *KINDS, *parts)}


def in_use(templates: Templates) -> Iterator[tuple[str, str, str, bool]]:
    """For each audience and kind: which template words it, and whether it is the operator's."""
    for audience, kinds in HEARD.items():
        shared = audience.value != "customers"
        for kind in kinds:
            wanted = (f"{audience}.{kind}", *((kind,) if shared else ()), audience.value)
            files = [f"{name}{SUFFIX}" for name in wanted]
            own = next((name for name in files if name in templates.own), None)
            name = own or next(name for name in files if name in templates.shipped)
            yield audience.value, kind, name, own is not None
