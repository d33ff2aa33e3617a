"""Incidents that are merged and unmerged, as the executor does it."""

from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.state import Facts
from domain.kernel.decider import Context
from domain.kernel.joint import One
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from support.spec import at


class Pair:
    """Incidents by name, each with the events that led to it."""

    def __init__(self, **known: tuple[Any, ...]) -> None:
        self.known = {
            name: INCIDENT.fold(INCIDENT.initial, self.numbered(place, events), "ada")
            for place, (name, events) in enumerate(known.items(), start=1)
        }
        self.minute = 60

    @staticmethod
    def numbered(number: int, events: tuple[Any, ...]) -> list[Any]:
        first, *more = events
        return [type(first)(**{**{f: getattr(first, f) for f in first.__struct_fields__},
                               "number": number}), *more]  # fmt: skip

    def __getitem__(self, name: str) -> Any:
        return self.known[name]

    def facts(self, name: str) -> Facts:
        return self.known[name].facts  # type: ignore[no-any-return]

    def run(self, name: str, command: Any) -> dict[str, list[Any]]:
        """As the executor runs a joint command."""
        self.minute += 1
        joint = INCIDENT.joint.get(type(command))
        if joint is None:
            events = self.decide(name, command, 0, "")
            self.known[name] = INCIDENT.fold(self.known[name], events, "grace")
            return {name: events}
        ref = joint.known(self[name]) if joint.known else getattr(command, joint.field)
        if ref is None:
            return {name: self.decide(name, command, 0, "")}
        parts = joint.split(command, One(name, name, self[name]), One(ref, ref, self[ref]))
        found = {x.id: self.decide(x.id, x.command, x.number, x.suffix) for x in parts}
        for each, events in found.items():
            self.known[each] = INCIDENT.fold(self.known[each], events, "grace")
        return found

    def decide(self, name: str, command: Any, number: int, suffix: str) -> list[Any]:
        context = Context(at(self.minute), f"m{self.minute}{suffix}", DEFAULT, number, "grace")
        return INCIDENT.decide(command, self[name], context)

    def merge(self, name: str, into: str) -> dict[str, list[Any]]:
        return self.run(name, c.Merge(into=into))

    def unmerge(self, name: str) -> dict[str, list[Any]]:
        return self.run(name, c.Unmerge(reason="another database"))

    def refusal(self, name: str, command: Any) -> Refused:
        with pytest.raises(Refused) as refused:
            self.run(name, command)
        return refused.value
