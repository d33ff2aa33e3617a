"""Why a page woke whom, and whom it did not: from the log, line by line."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.kernel.commit import Event, Recorded, event_id
from domain.notification import LEDGER
from domain.notification import events as n
from domain.notification.intent import intent_id, key_of
from domain.paging import PAGE
from domain.paging.pages.events import ChannelPaged, PersonPaged
from domain.paging.pages.page_account import account, verdict
from domain.paging.pages.page_state import Page, PageStatus
from domain.policy import Policy
from domain.policy.audience import Audience
from projections.paging.page_rows import PAGES
from projections.past import Cut
from projections.read_model import ById, FromLog, Question, Resource


class ExplainedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What happened `at` a time, in words; `event` is the permanent name of its kind, `event_id`
    its id, `by` who caused it.
    """

    at: datetime
    event: str
    text: str
    by: str
    event_id: str


class PageExplained(msgspec.Struct, frozen=True, kw_only=True):
    """A page from beginning to end. `verdict` is that in a sentence or two. `missed`: it climbed
    all of its levels before enough people had acknowledged it.
    """

    id: str
    reference: str
    incident_reference: str
    status: PageStatus
    missed: bool
    verdict: str
    lines: tuple[ExplainedLine, ...]


def explain_page(
    asked: ById, history: Sequence[Recorded[Event]], _: Cut, __: Policy
) -> PageExplained | None:
    """None where there is no such page."""
    page, lines, attempts = Page(), list[ExplainedLine](), dict[str, int]()
    for recorded in history:
        if recorded.unreadable is not None or recorded.stream != PAGE.stream(asked.id):
            continue
        for place, event in enumerate(recorded.commit.events):
            page = PAGE.evolve(page, event, recorded.commit.actor)  # type: ignore[arg-type]
            at = event_id(recorded.commit.id, place)
            if isinstance(event, PersonPaged | ChannelPaged):
                attempts[intent_id(at, Audience.ENGINEERING)] = event.attempt
            text = account(page, event)  # type: ignore[arg-type]
            lines.append(_line(recorded, event, at, text))
    if not page.number:
        return None
    lines += _of_ledger(asked.id, history, attempts)
    return PageExplained(
        id=asked.id,
        reference=page.reference,
        incident_reference=page.reference_of_incident,
        status=page.status,
        missed=page.missed_at is not None,
        verdict=verdict(page),
        lines=tuple(sorted(lines, key=lambda line: line.at)),
    )


def _line(recorded: Recorded[Event], event: Event, at: str, text: str) -> ExplainedLine:
    return ExplainedLine(
        at=event.occurred_at,
        event=str(type(event).__struct_config__.tag),
        text=text,
        by=recorded.commit.actor,
        event_id=at,
    )


def _of_ledger(
    page: str, history: Sequence[Recorded[Event]], attempts: dict[str, int]
) -> Iterator[ExplainedLine]:
    """What became of the messages of its attempts."""
    for recorded in history:
        if recorded.stream != LEDGER.stream(key_of(PAGE.name, page)):
            continue
        for place, event in enumerate(recorded.commit.events):
            number = attempts.get(getattr(event, "intent_id", ""))
            text = _of_message(event) if number is not None else None
            if text is not None:
                at = event_id(recorded.commit.id, place)
                yield _line(recorded, event, at, f"Attempt {number}: {text}")


def _of_message(event: Any) -> str | None:
    match event:
        case n.NotificationAttempted(attempt=attempt, channel=channel):
            again = f", try {attempt}" if attempt > 1 else ""
            return f"its message is handed to the channel {channel}{again}."
        case n.NotificationSuppressed(reason=reason):
            why = "it was answered before" if reason == "answered" else reason
            return f"its message was not sent: {why}."
    return None


_ITSELF = Question(
    of=PAGES.name, sql="SELECT id FROM {page} WHERE id = $id", takes=ById, answer=str, whole=True
)
PAGE_EXPLAINED = Resource(
    path="/v1/pages/{ref}/explain",
    operation_id="explain_page",
    tag="on-call",
    summary="Why a page woke whom",
    description="Each level, whom it meant, each attempt and its receipt, each rule and silence of"
    " a page, from the log; and in a sentence, whether somebody was woken.",
    question=_ITSELF,
    about=PAGE,
    answers=PageExplained,
    from_log=FromLog(streams=("page.", "notification.page:"), tell=explain_page),
    waits=True,
)
