"""Histories in which every text that is not for customers carries a mark."""

from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from domain.incident import Command
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import Link
from domain.incident.deadlines import events as k
from domain.kernel.commit import Event
from domain.policy.audience import Audience
from support.spec import NOW, Log
from support.strategies import STORY

MARK = "⟦private⟧"

_KEPT = {"services", "service", "hypothesis", "into", "urgency", "audiences", "headline", "private"}
"""Names of services are public, and so are headlines; the others are to meet something else."""


def marked(command: Command) -> Command:
    """The command with a mark in every private text, also in those that it left out."""
    return msgspec.convert(_marked(msgspec.to_builtins(command), type(command)), type(command))


def _marked(fields: dict[str, Any], kind: type) -> dict[str, Any]:
    for name, hint in get_type_hints(kind).items():
        kinds, value = [hint, *getattr(hint, "__args__", ())], fields.get(name)
        if name in _KEPT:
            continue
        if tuple[Link, ...] in kinds:
            fields[name] = [{"name": MARK, "url": f"https://private.example.com/{MARK}"}]
        elif tuple[tuple[str, str], ...] in kinds:
            fields[name] = [[MARK, MARK]]
        elif any(get_origin(each) is dict for each in kinds):
            fields[name] = {key: f"{each}{MARK}" for key, each in (value or {}).items()}
        elif structs := next(filter(_of_structs, kinds), None):
            fields[name] = [_marked(each, get_args(structs)[0]) for each in value or ()]
        elif tuple[str, ...] in kinds:
            fields[name] = [MARK]
        elif str in kinds:
            fields[name] = f"{value or ''}{MARK}"
        elif (nested := next(filter(_is_struct, kinds), None)) and (value or _may_be_empty(nested)):
            fields[name] = _marked(value or {}, nested)
    return fields


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _may_be_empty(kind: type[msgspec.Struct]) -> bool:
    """Whether texts alone make one: what else it has to have is nothing to make up."""
    return not any(field.required for field in msgspec.structs.fields(kind))


def _of_structs(kind: Any) -> bool:
    """Whether it is of any number of structs."""
    return get_origin(kind) is tuple and _is_struct(get_args(kind)[0])


@st.composite
def histories(draw: st.DrawFn) -> Log:
    """A story with marks, in which customers are now and then told something without any."""
    log = Log()
    for command in draw(STORY):
        log.run(marked(command))
        if draw(st.booleans()):
            log.run(
                c.PostUpdate(
                    text=draw(st.sampled_from(["We look into it.", "Found.", "**It** works."])),
                    status=draw(st.none() | st.sampled_from(e.UpdateStatus)),
                    headline=draw(st.none() | st.sampled_from(["Payments fail", "Slow search"])),
                    audiences=draw(st.sampled_from([(Audience.CUSTOMERS,), (*Audience,)])),
                )
            )
        if draw(st.integers(0, 9)) == 0 and log.commits:
            log.append([k.AllClear(occurred_at=NOW)], NOW, f"clear-{len(log.commits)}")
    return log


HISTORIES = histories()


def is_public(event: Event) -> bool:
    """Whether an event is addressed to customers."""
    return isinstance(event, e.UpdatePosted) and Audience.CUSTOMERS in event.audiences
