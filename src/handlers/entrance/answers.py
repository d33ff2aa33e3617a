"""What a command answers, over HTTP and NATS alike."""

from functools import lru_cache
from typing import Any, Literal, TypeVar

import msgspec

from domain.incident.messages.wording_review import Remark
from domain.incident.view import IncidentView
from domain.kernel.aggregate import Aggregate, AnyAggregate
from handlers.kernel.transact import Outcome

S = TypeVar("S")
Kind = Literal["decided", "ignored", "repeated"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `incident` is its state right after; `warnings` say what to reconsider about
    an update, which was posted all the same.
    """

    id: str
    reference: str
    position: int
    outcome: Kind
    events: tuple[str, ...]
    incident: IncidentView
    warnings: tuple[Remark, ...] = ()


@lru_cache(maxsize=64)
def _answer_type(name: str, shape: type[msgspec.Struct]) -> type[Any]:
    if shape is IncidentView:
        return Answer
    title = "".join(word.capitalize() for word in name.split("_"))
    fields: list[Any] = [
        ("id", str),
        ("reference", str | None),
        ("position", int),
        ("outcome", Kind),
        ("events", tuple[str, ...]),
        (name, shape),
        ("warnings", tuple[Remark, ...], ()),
    ]
    kind = msgspec.defstruct(f"{title}Answer", fields, frozen=True, kw_only=True)
    kind.__doc__ = (
        f"The outcome of a command. Read models show it from `position` on; `events` are the tags"
        f" of what was written; `{name}` is its state right after."
    )
    return kind


def answer_type(aggregate: AnyAggregate) -> type[Any]:
    """The shape of the answers to commands of an aggregate: its state stands under its name."""
    assert aggregate.view is not None, f"{aggregate.name} takes commands and shows nothing"
    return _answer_type(aggregate.name, aggregate.view.shape)


def answer(
    aggregate: Aggregate[Any, S, Any], id_: str, command: msgspec.Struct, outcome: Outcome[S]
) -> Any:
    """The answer to the sender of a command, as `answer_type` has it."""
    assert aggregate.view is not None, f"{aggregate.name} takes commands and shows nothing"
    shown = aggregate.view.show(id_, outcome.state, outcome.position)
    assert shown is not None, "a command that was not refused leaves something behind"
    return answer_type(aggregate)(
        id=id_,
        reference=getattr(shown, "reference", None),
        position=outcome.position,
        outcome=outcome.outcome,
        events=tuple(str(event.__struct_config__.tag) for event in outcome.events),
        warnings=aggregate.remarks(command, outcome.state),
        **{aggregate.name: shown},
    )
