"""Whether a prompt is still to be sent: an escalation or a reminder that was answered is not.

A prompt asks somebody to do something. When it is about to be sent for the first time, the log may
have the answer already; then it would only disturb. What holds again (an acknowledgement that was
withdrawn, say) is asked for again. What must hold says the deadline whose prompt it is.
"""

from collections.abc import Iterable
from typing import Any

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, event_id
from domain.kernel.deadline import Asked, Prompt


def answered(
    aggregate: AnyAggregate,
    event: Event,
    then: Any,
    later: Iterable[Recorded[Event]],
) -> str | None:
    """The id of the later event that answered a prompt, None while it holds, or if it is none.
    `then` is the aggregate as the prompt left it, `later` are the commits behind it.
    """
    prompt = _prompt_of(aggregate, event)
    if prompt is None or prompt.holds is None:
        return None
    asked = Asked(prompt.about(event), then)
    state, by = then, None
    for recorded in later:
        for index, following in enumerate(recorded.commit.events):
            state = aggregate.evolve(state, following, recorded.commit.actor)
            if prompt.holds(asked, state):
                by = None
            elif by is None:
                by = event_id(recorded.commit.id, index)
    return by


def _prompt_of(aggregate: AnyAggregate, event: Event) -> Prompt[Any, Any] | None:
    if aggregate.deadlines is None:
        return None
    automatic = getattr(event, "automatic", None)
    return aggregate.deadlines.prompt_of(type(event), automatic.rule if automatic else None)
