"""A merge changes two incidents, both or neither."""

from typing import Any

from domain.incident import commands as c
from domain.incident.state import Duplicate, FalsePositive, Incident, Undeclared, status
from domain.kernel.aggregate import Joint, One, Part
from domain.kernel.refusal import Refused


def split_merge(
    command: c.Merge, source: One[Incident], target: One[Incident]
) -> tuple[Part[c.Command], ...]:
    """The merge as each of the two hears of it. Raises `Refused`."""
    if target.id == source.id:
        raise Refused(
            "incident.merge_into_itself", "an incident cannot be its own duplicate", field="into"
        )
    if isinstance(target.state, Undeclared):
        raise _unknown(target.ref, field="into")
    if isinstance(source.state, Undeclared):
        raise _unknown(source.ref)
    if isinstance(source.state, Duplicate) and source.state.into == target.id:
        return (Part(source.id, c.Merge(into=target.id)),)
    facts = target.state.facts
    if isinstance(target.state, Duplicate | FalsePositive):
        raise Refused(
            "incident.wrong_phase",
            f"cannot merge into {facts.reference}: it is {status(target.state)}",
            field="into",
            rule="The incident to merge into carries on, so it is neither merged nor canceled.",
        )
    at = command.occurred_at
    merge = c.Merge(into=target.id, reason=command.reason, occurred_at=at)
    attach = c.AttachDuplicate(
        duplicate=source.id, duplicate_number=source.state.facts.number, occurred_at=at
    )
    return (
        Part(source.id, merge, facts.number),
        Part(target.id, attach, suffix="+attach"),
    )


def _unknown(ref: str, *, field: str = "incident") -> Refused:
    return Refused(
        "incident.unknown",
        f"there is no incident {ref}",
        field=field,
        rule="the id or reference (INC-123) of an incident that is there",
    )


MERGE: Joint[Any, Incident] = Joint(
    field="into", names=lambda command: command.into, split=split_merge
)
