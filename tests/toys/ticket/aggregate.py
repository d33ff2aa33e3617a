"""A ticket: somebody asks, somebody answers in time, or those concerned hear that nobody did.

All that an aggregate needs, in one file: events, commands, state, decisions, a deadline, what is
told, how it is shown, and samples. Known to tests alone.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View, complete
from domain.kernel.commit import Event, Instant, Recorded
from domain.kernel.deadline import (
    Asked,
    Deadline,
    Deadlines,
    Expire,
    Moment,
    Prompt,
    Suppress,
    moments,
)
from domain.kernel.decider import UNKNOWN, Context, Decider, Evolve
from domain.kernel.notifiable import Notifiables, Topic, to
from domain.kernel.refusal import Refused
from domain.kernel.totality import kinds, total
from domain.policy import Policy, Severity
from domain.policy.audience import Audience

ANSWER_WITHIN = timedelta(seconds=1)
UNANSWERED = "ticket.unanswered"
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]


class TicketOpened(Event, frozen=True, kw_only=True, tag="ticket.opened.v1"):
    """Somebody asks for something."""

    number: int
    question: str


class TicketLate(Event, frozen=True, kw_only=True, tag="ticket.late.v1"):
    """Nobody has answered by `due_at`."""

    due_at: Instant


class TicketInTime(Event, frozen=True, kw_only=True, tag="ticket.in_time.v1"):
    """What was due at `due_at` had been answered by the event `by`."""

    due_at: Instant
    by: str


class TicketResolved(Event, frozen=True, kw_only=True, tag="ticket.resolved.v1"):
    """Somebody has answered."""

    answer: str


TicketEvent = TicketOpened | TicketLate | TicketInTime | TicketResolved


class OpenTicket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask for something."""

    question: Line


class ResolveTicket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer."""

    answer: Line


class Ticket(msgspec.Struct, frozen=True):
    """What is known of it; number 0: nothing yet."""

    number: int = 0
    question: str = ""
    answer: str | None = None
    asked_by: str = UNKNOWN
    settled: datetime | None = None


def decide(command: Any, ticket: Ticket, context: Context) -> list[TicketEvent]:
    """One row for each command."""
    match command:
        case Expire() | Suppress():
            return DEADLINES.decide(command, ticket, context)
        case OpenTicket(question=question):
            if ticket.number:
                return []
            return [TicketOpened(occurred_at=context.now, number=context.number, question=question)]
        case ResolveTicket(answer=answer):
            if not ticket.number:
                raise Refused("ticket.unknown", "there is no such ticket", field="ticket")
            if ticket.answer == answer:
                return []
            return [TicketResolved(occurred_at=context.now, answer=answer)]
    raise AssertionError(command)


def evolve(ticket: Ticket, event: TicketEvent, actor: str = UNKNOWN) -> Ticket:
    """One row for each event."""
    match event:
        case TicketOpened(number=number, question=question):
            return Ticket(number, question, asked_by=actor)
        case TicketResolved(answer=answer):
            return replace(ticket, answer=answer)
        case TicketLate(due_at=due_at) | TicketInTime(due_at=due_at):
            return replace(ticket, settled=due_at)


class History(msgspec.Struct, frozen=True):
    """Since when it waits, and since when it does not any more."""

    ticket: Ticket = Ticket()
    opened: Moment | None = None
    answered: Moment | None = None


def follow(
    history: History, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> History:
    """The history after one more commit."""
    commit = recorded.commit
    for event, moment in moments(commit):
        history = replace(history, ticket=evolve(history.ticket, event, commit.actor))
        if isinstance(event, TicketOpened):
            history = replace(history, opened=moment)
        if isinstance(event, TicketResolved):
            history = replace(history, answered=moment)
    return history


def is_unanswered(_: Asked[Any], ticket: Ticket) -> bool:
    """Whether nobody has answered."""
    return ticket.number > 0 and ticket.answer is None


def due(history: History, _: datetime, __: Policy) -> Expire | None:
    """Once, some time after it was opened."""
    assert history.opened is not None, "it runs once a ticket is there"
    if history.ticket.settled is not None:
        return None
    at = history.opened.at + ANSWER_WITHIN
    return Expire(rule=UNANSWERED, fires_at=at, due_at=at, caused_by=history.opened.event)


ANSWER: Deadline[History, Ticket, TicketEvent] = Deadline(
    name="answer",
    rules=(UNANSWERED,),
    is_open=is_unanswered,
    due=due,
    follows=lambda command, _, context: [
        TicketLate(occurred_at=context.now, due_at=command.due_at)
    ],
    answer=lambda history: history.answered,
    prompts={
        TicketLate: Prompt(kind="late", to=lambda *_: (Audience.ENGINEERING,), holds=is_unanswered)
    },
)
DEADLINES: Deadlines[History, Ticket, TicketEvent] = Deadlines(
    initial=History(),
    follow=follow,
    running=lambda history: history.ticket if history.opened else None,
    settled=lambda ticket, _: ticket.settled,
    seen=lambda _: None,
    suppressed=lambda command, at: TicketInTime(
        occurred_at=at, due_at=command.due_at, by=command.by
    ),
    all=(ANSWER,),
)


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as others see it."""

    id: str
    reference: str
    question: str
    answer: str | None
    asked_by: str
    position: int


def show(id_: str, ticket: Ticket, position: int) -> TicketView | None:
    """None before it was opened."""
    if not ticket.number:
        return None
    return TicketView(
        id=id_,
        reference=f"TKT-{ticket.number}",
        question=ticket.question,
        answer=ticket.answer,
        asked_by=ticket.asked_by,
        position=position,
    )


PHASES = ("unopened", "open")


def samples() -> Samples[Any, TicketEvent]:
    """One of everything."""
    at = datetime.fromisoformat("2026-05-04T12:00:00Z")
    opening = OpenTicket(question="May I have a key?")
    one_of_each: Samples[Any, TicketEvent] = Samples(
        events=(
            TicketOpened(occurred_at=at, number=1, question="May I have a key?"),
            TicketLate(occurred_at=at, due_at=at),
            TicketInTime(occurred_at=at, due_at=at, by="c/0"),
            TicketResolved(occurred_at=at, answer="It is on your desk."),
        ),
        commands={"open": opening, "resolve": ResolveTicket(answer="It is on your desk.")},
        phases={"unopened": (), "open": (opening,)},
    )
    return complete(one_of_each, kinds(TicketEvent), (OpenTicket, ResolveTicket), PHASES)


TICKET: Aggregate[Any, Ticket, TicketEvent] = Aggregate(
    name="ticket",
    plural="tickets",
    decider=Decider(initial=Ticket(), decide=decide, evolve=evolve),
    events=kinds(TicketEvent),
    begin=(TicketOpened,),
    commands={"open": OpenTicket, "resolve": ResolveTicket},
    opens=(OpenTicket,),
    id_kind=IdKind.UUID,
    prefix="TKT",
    number=lambda event: event.number if isinstance(event, TicketOpened) else None,
    view=View(TicketView, show),
    deadlines=DEADLINES,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of a ticket",
            kinds(TicketEvent),
            {
                TicketOpened: to("opened", Audience.ENGINEERING),
                TicketLate: to("late", Audience.ENGINEERING),
                TicketInTime: None,
                TicketResolved: None,
            },
        ),
        heard={
            Audience.ENGINEERING: ("opened", "late"),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        topic=lambda ticket: Topic(ticket.question, f"TKT-{ticket.number}", severity=Severity.SEV3),
    ),
    samples=samples,
)
