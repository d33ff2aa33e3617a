"""Commands on incidents, by id or by reference; the one executor behind HTTP, NATS and intake."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from domain.incident import INCIDENT, Command, Incident
from domain.incident import commands as c
from domain.incident.state import Duplicate, FalsePositive, Undeclared, status
from domain.kernel.refusal import Refused
from domain.policy import Policy
from handlers.kernel.ports import EventStore, References
from handlers.kernel.transact import Ask, Meta, Outcome, Transactor

REFERENCE = re.compile(r"INC-([1-9][0-9]{0,17})", re.IGNORECASE)
_OPENING = (c.Declare, c.ReceiveAlert)


def stream_of(incident_id: str) -> str:
    """The stream that holds everything about one incident."""
    return f"incident.{incident_id}"


class Executor:
    """Runs the commands of incidents."""

    def __init__(
        self,
        store: EventStore,
        references: References,
        clock: Callable[[], datetime],
        policy: Policy,
        observe: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.transactor = Transactor(store, clock, policy, observe)
        self._references = references

    async def find(self, ref: str, *, field: str = "incident") -> str:
        """The incident id that `ref` names: an id or `INC-123`; `field` is where it was given.

        Raises `Refused`, `Unavailable`.
        """
        matched = REFERENCE.fullmatch(ref)
        if matched:
            found = await self._references.resolve(int(matched[1]))
            if found is not None:
                return found
        elif _is_id(ref):
            return ref.lower()
        raise unknown(ref, field=field)

    async def state(self, incident_id: str) -> Incident:
        """The incident as it stands at the head of the log. Raises `Unavailable`."""
        return (await self.transactor.look(stream_of(incident_id), INCIDENT)).state

    async def incident(self, incident_id: str, command: Command, meta: Meta) -> Outcome[Incident]:
        """Run one command on one incident. Raises `Refused`, `Unavailable`."""
        if isinstance(command, c.Merge):
            return await self._merge(incident_id, command, meta)
        ask = Ask(stream_of(incident_id), INCIDENT, command)
        if isinstance(command, _OPENING):
            # Rehearsed first: what is refused uses up no reference number.
            state = await self.transactor.rehearse(ask, meta)
            if isinstance(state, Undeclared):
                ask = ask._replace(number=await self._references.claim(incident_id))
        return await self.transactor.transact(ask, meta)

    async def _merge(self, incident_id: str, command: c.Merge, meta: Meta) -> Outcome[Incident]:
        """Both incidents learn of a merge in one atomic write, or neither does."""
        target_id = await self.find(command.into, field="into")
        if target_id == incident_id:
            raise Refused(
                "incident.merge_into_itself",
                "an incident cannot be its own duplicate",
                field="into",
            )
        source, target = await self.state(incident_id), await self.state(target_id)
        if isinstance(target, Undeclared):
            raise unknown(command.into, field="into")
        if isinstance(source, Undeclared):
            raise unknown(incident_id)
        if isinstance(source, Duplicate) and source.into == target_id:
            again = Ask(stream_of(incident_id), INCIDENT, c.Merge(into=target_id))
            return await self.transactor.transact(again, meta)
        if isinstance(target, Duplicate | FalsePositive):
            raise Refused(
                "incident.wrong_phase",
                f"cannot merge into {target.facts.reference}: it is {status(target)}",
                field="into",
                rule="The incident to merge into carries on, so it is neither merged nor canceled.",
            )
        merge = c.Merge(into=target_id, reason=command.reason, occurred_at=command.occurred_at)
        attach = c.AttachDuplicate(
            duplicate=incident_id,
            duplicate_number=source.facts.about.number,
            occurred_at=command.occurred_at,
        )
        asks = (
            Ask(stream_of(incident_id), INCIDENT, merge, target.facts.about.number),
            Ask(stream_of(target_id), INCIDENT, attach, suffix="+attach"),
        )
        return (await self.transactor.transact_together(asks, meta))[0]


def unknown(ref: str, *, field: str = "incident") -> Refused:
    """That no incident goes by this name."""
    return Refused(
        "incident.unknown",
        f"there is no incident {ref}",
        field=field,
        rule="the id or reference (INC-123) of an incident that is there",
    )


def _is_id(ref: str) -> bool:
    try:
        UUID(ref)
    except ValueError:
        return False
    return True
