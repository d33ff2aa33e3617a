"""What people are told of planned work. Customers read its title and its words, and neither which
services it is on nor where our own people look at it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from domain.kernel.notifiable import Contexts, MessageContext, Notifiable, Rule, Told
from domain.kernel.remark import Remark
from domain.kernel.text import clock
from domain.maintenance import events as e
from domain.maintenance.events import MaintenancePlan
from domain.maintenance.maintenance_clock import hearers
from domain.maintenance.planned_work import MaintenanceStatus, MaintenanceView, PlannedWork, show
from domain.policy import Policy, Severity
from domain.policy.audience import Audience, Audiences
from domain.policy.reach import Reach

KINDS = ("scheduled", "changed", "reminder", "update", "started", "completed", "canceled")
LEVEL = Severity.SEV4
"""Planned work is no outage: channels hear of it as of the least that there is."""

BEGUN = "The maintenance has begun."
DONE = "The maintenance has been completed."
TIME_IS_UP = "The time that was planned for this maintenance is over."
CANCELED = "This maintenance will not take place."


def when(begins: datetime, ends: datetime) -> str:
    """From when until when: `2026-05-09 20:00 UTC to 23:00 UTC`."""
    same_day = begins.date() == ends.date()
    return f"{clock(begins)} to {f'{ends:%H:%M} UTC' if same_day else clock(ends)}"


def announced(plan: MaintenancePlan) -> str:
    """What a plan is, in words."""
    return f"Planned for {when(plan.begins, plan.ends)}.{_described(plan)}"


def changed(plan: MaintenancePlan) -> str:
    """That the plan is another one now."""
    return f"The plan has changed: it is now {when(plan.begins, plan.ends)}.{_described(plan)}"


def completed(event: e.MaintenanceCompleted) -> str:
    """That it is over: nobody has said that it is done where its time alone is over."""
    return DONE if event.due_at is None else TIME_IS_UP


def _described(plan: MaintenancePlan) -> str:
    return f"\n\n{plan.description}" if plan.description else ""


_WORDS: Mapping[type[Any], Callable[[Any], str]] = {
    e.MaintenanceScheduled: lambda v: announced(v.plan),
    e.MaintenanceChanged: lambda v: changed(v.plan),
    e.MaintenanceReminded: lambda v: (
        f"It begins at {clock(v.begins)}, and is to end at {clock(v.ends)}."
    ),
    e.MaintenanceUpdatePosted: lambda v: v.text,
    e.MaintenanceStarted: lambda v: f"{BEGUN} It is to end at {clock(v.ends)}.",
    e.MaintenanceCompleted: completed,
    e.MaintenanceCanceled: lambda _: CANCELED,
}


def describe(event: e.MaintenanceEvent) -> str:
    """An event in words for everybody."""
    return _WORDS[type(event)](event)


def is_news(before: MaintenancePlan | None, after: MaintenancePlan | None) -> bool:
    """Whether a change of the plan is one to those who heard of it."""
    if before is None or after is None:
        return True
    told = ("title", "description", "services", "begins", "ends")
    return any(getattr(before, name) != getattr(after, name) for name in told)


def _tell(kind: str) -> Rule[PlannedWork, Any]:
    def rule(_: Told, before: PlannedWork, event: Any, after: PlannedWork) -> Notifiable | None:
        if isinstance(event, e.MaintenanceChanged) and not is_news(before.plan, after.plan):
            return None
        return Notifiable(kind, hearers(after))

    return rule


RULES: Mapping[type[Any], Rule[PlannedWork, Any] | None] = {
    e.MaintenanceScheduled: _tell("scheduled"),
    e.MaintenanceChanged: _tell("changed"),
    e.MaintenanceReminded: _tell("reminder"),
    e.MaintenanceUpdatePosted: _tell("update"),
    e.MaintenanceStarted: _tell("started"),
    e.MaintenanceCompleted: _tell("completed"),
    e.MaintenanceCanceled: _tell("canceled"),
}


class MaintenanceNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What our own people are told: `text` is the event in words, `reason` why it was canceled,
    for them alone. `url` is where it is to be seen in the service, if that is configured. Templates
    are written against these names: rename nothing.
    """

    audience: Audience
    kind: str
    at: datetime
    reference: str
    title: str
    services: tuple[str, ...]
    text: str
    reason: str | None = None
    url: str | None = None

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates that may word it, the most special first."""
        return (f"maintenance.{self.audience.value}.{self.kind}", f"maintenance.{self.kind}",
                "maintenance")  # fmt: skip

    @property
    def least(self) -> tuple[str, str]:
        """The least that can be said: a subject and a text."""
        return f"{self.reference} — {' '.join(self.title.split())}", self.text


class PublicMaintenanceNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What customers are told: words that were written for them, and times. Templates are written
    against these names: rename nothing.
    """

    audience: Audience
    kind: str
    at: datetime
    reference: str
    title: str
    text: str

    @property
    def services(self) -> tuple[str, ...]:
        """Those of the inside are not for them."""
        return ()

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates that may word it, the most special first."""
        return (f"maintenance.customers.{self.kind}", "maintenance.customers")

    @property
    def least(self) -> tuple[str, str]:
        """The least that can be said: a subject and a text."""
        return f"{self.reference} — {' '.join(self.title.split())}", self.text


_Context = MessageContext[PlannedWork, Any]


def _for_us(audience: Audience, kind: str, context: _Context, _: Policy) -> MaintenanceNotice:
    work, event = context.state, context.event
    assert work.plan is not None, "what is told was announced"
    return MaintenanceNotice(
        audience=audience,
        kind=kind,
        at=event.occurred_at,
        reference=work.reference,
        title=work.plan.title,
        services=work.plan.services,
        text=describe(event),
        reason=getattr(event, "reason", None),
    )


def _for_customers(
    audience: Audience, kind: str, context: _Context, _: Policy
) -> PublicMaintenanceNotice:
    work, event = context.state, context.event
    assert work.plan is not None, "what is told was announced"
    return PublicMaintenanceNotice(
        audience=audience,
        kind=kind,
        at=event.occurred_at,
        reference=work.reference,
        title=work.plan.title,
        text=describe(event),
    )


class PublicMaintenance(msgspec.Struct, frozen=True, kw_only=True):
    """A maintenance as channels for customers may show it."""

    reference: str
    title: str
    begins: datetime
    ends: datetime
    status: MaintenanceStatus


def _show(
    id_: str, work: PlannedWork, position: int, context: Any
) -> MaintenanceView | PublicMaintenance | None:
    """To channels of customers what is public of it."""
    if not isinstance(context, PublicMaintenanceNotice) or work.plan is None:
        return show(id_, work, position)
    begins, ends = work.window or (work.plan.begins, work.plan.ends)
    return PublicMaintenance(
        reference=work.reference,
        title=work.plan.title,
        begins=begins,
        ends=ends,
        status=work.status,
    )


CONTEXTS: Contexts[PlannedWork, Any] = Contexts(
    build={
        Audience.ENGINEERING: _for_us,
        Audience.EXECUTIVES: _for_us,
        Audience.CUSTOMERS: _for_customers,
    },
    show=_show,
)


def unheard(work: PlannedWork, _: Policy, reach: Reach) -> Audiences:
    """Those of our own people whom no channel tells of it."""
    services = work.plan.services if work.plan else ()
    heard = reach.hears(Audience.ENGINEERING, LEVEL, services)
    return () if heard else (Audience.ENGINEERING,)


def remark_on_reach(
    _: Any, work: PlannedWork, events: tuple[Any, ...], policy: Policy, reach: Reach
) -> tuple[Remark, ...]:
    """Whom no channel tells of what a command came to."""
    return tuple(_remarks(work, policy, reach)) if events else ()


def _remarks(work: PlannedWork, policy: Policy, reach: Reach) -> Iterator[Remark]:
    if work.plan is None:
        return
    if unheard(work, policy, reach):
        yield Remark(
            "audience.unreached",
            f"no channel tells engineering of {work.reference}",
            "A channel that has them among its audiences tells them: docs/channels.md.",
        )
    if work.plan.public and not reach.hears(Audience.CUSTOMERS, LEVEL, work.plan.services):
        yield Remark(
            "audience.page_alone",
            f"no channel tells customers of {work.reference}: they find it on the public page"
            " alone",
            "Customers read /status; a channel that has them among its audiences tells them as"
            " well.",
        )
