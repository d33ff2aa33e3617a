"""What a command answers, over HTTP and NATS alike."""

from typing import Any, Literal

import msgspec

from domain.incident import Command, Incident
from domain.incident.view import IncidentView, view
from domain.notification.wording_review import Remark
from handlers.kernel.transact import Outcome
from handlers.notify.preview import remarks


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `incident` is its state right after; `warnings` say what to reconsider about
    an update, which was posted all the same.
    """

    id: str
    reference: str
    position: int
    outcome: Literal["decided", "ignored", "repeated"]
    events: tuple[str, ...]
    incident: IncidentView
    warnings: tuple[Remark, ...] = ()


def answer(incident_id: str, command: Command, outcome: Outcome[Incident]) -> Answer:
    """The answer to the sender of a command."""
    shown = view(incident_id, outcome.state, outcome.position)
    assert shown is not None, "a command that was not refused leaves an incident behind"
    return Answer(
        id=incident_id,
        reference=shown.reference,
        position=outcome.position,
        outcome=outcome.outcome,
        events=tuple(_tag(event) for event in outcome.events),
        incident=shown,
        warnings=remarks(command, outcome.state),
    )


def _tag(event: Any) -> str:
    return str(event.__struct_config__.tag)
