"""What there is to say of an aggregate that brings no context of its own: what it is called, and
its event in a sentence. Whoever hears of it may know both, for its rules say so.

Templates are written against these names, those of an operator as well: rename nothing.
"""

from datetime import datetime
from typing import Any

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.notifiable import Contexts, MessageContext, Notifiables
from domain.policy import Policy, Severity
from domain.policy.audience import Audience

GENERIC = "subject"
"""The template that words whatever has none of its own."""


class SubjectContext(msgspec.Struct, frozen=True, kw_only=True):
    """An aggregate at an event. `aggregate` is what it is, such as `runbook`; `reference` is None
    where it has none; `text` is the event in a sentence; `url` is where it is to be seen in
    the service, if that is configured.
    """

    audience: Audience
    kind: str
    at: datetime
    aggregate: str
    reference: str | None
    title: str
    services: tuple[str, ...]
    severity: Severity
    text: str
    url: str | None = None

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates that may word it, the most special first."""
        of = self.aggregate
        return (f"{of}.{self.audience.value}.{self.kind}", f"{of}.{self.kind}", of, GENERIC)

    @property
    def least(self) -> tuple[str, str]:
        """The least that can be said: a subject and a text."""
        return f"{self.reference or self.aggregate} — {' '.join(self.title.split())}", self.text


def contexts_of(aggregate: AnyAggregate) -> Contexts[Any, Any]:
    """The contexts that an aggregate brings with what it has to tell, or else those of a subject
    and an event.
    """
    notifiables: Notifiables[Any, Any] | None = aggregate.notifiables
    assert notifiables is not None, f"{aggregate.name} has nothing to tell"
    if notifiables.contexts is not None:
        return notifiables.contexts

    def build(
        audience: Audience, kind: str, context: MessageContext[Any, Any], _policy: Policy
    ) -> SubjectContext:
        state, event = context.state, context.event
        topic = notifiables.topic(state)
        return SubjectContext(
            audience=audience,
            kind=kind,
            at=event.occurred_at,
            aggregate=aggregate.name,
            reference=topic.reference,
            title=topic.title,
            services=topic.services,
            severity=topic.severity,
            text=notifiables.describe(event),
        )

    def show(id_: str, state: Any, position: int, _: Any) -> Any:
        return aggregate.view.show(id_, state, position) if aggregate.view else None

    return Contexts(build=dict.fromkeys(Audience, build), show=show)
