"""What has happened to a page, event by event, in words: each level, whom it meant, each attempt,
its receipt, each rule and each silence. Every word rests on the event alone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import assert_never

from domain.kernel.text import behind_colon, clock_s, enumerated, span
from domain.paging.pages import events as e
from domain.paging.pages.page_state import Attempt, Page, PageStatus
from domain.paging.targets import TargetKind

REACHED: Mapping[e.Climbs, str] = {
    e.Climbs.OPENED: "as it was opened",
    e.Climbs.NOT_ANSWERED: "because nobody had answered the level before in its time",
    e.Climbs.NOBODY_REACHABLE: "at once, because the level before had nobody to page",
    e.Climbs.ALL_FAILED: "at once, because every attempt at the level before had failed",
    e.Climbs.ESCALATED: "because somebody escalated it",
    e.Climbs.STALE: "because the acknowledgement had grown stale",
    e.Climbs.REOPENED: "because the incident needed somebody again",
}
_PAGED: Mapping[e.PagedBecause, str] = {
    e.PagedBecause.PLANNED: "",
    e.PagedBecause.CARRIER_FAILED: ", because the channel before had failed",
    e.PagedBecause.METHOD_FAILED: ", at once, because the method before had failed",
}
_OUTCOMES: Mapping[e.AttemptOutcome, str] = {
    e.AttemptOutcome.TAKEN: "the channel has taken its message",
    e.AttemptOutcome.DELIVERED: "it was delivered",
    e.AttemptOutcome.ANSWERED: "somebody took it, and has not acknowledged by that",
    e.AttemptOutcome.FAILED: "it failed",
    e.AttemptOutcome.UNDELIVERED: "it was not delivered",
}
_ENDED: Mapping[e.Ending, str] = {
    e.Ending.INCIDENT_OVER: "The incident is over",
    e.Ending.INCIDENT_MERGED: "The incident goes on as another one, which pages by itself",
    e.Ending.RESOLVED: "Somebody said that nobody needs to be paged any more",
    e.Ending.SUPERSEDED: "Another page has taken its place",
}
_REOPENED: Mapping[e.ReopenedBecause, str] = {
    e.ReopenedBecause.INCIDENT_OPEN_AGAIN: "The incident is open again, and nobody has it",
    e.ReopenedBecause.ACKNOWLEDGEMENT_WITHDRAWN: "Nobody has the incident any more",
}


def account(page: Page, event: e.PageEvent) -> str:
    """What an event says; `page` is as it left it."""
    match event:
        case e.PageOpened():
            return _opened(event)
        case e.LevelReached():
            return _reached(page, event)
        case e.PersonPaged():
            return (
                f"Attempt {event.attempt}: {event.name} is paged by {event.method} through the"
                f" channel {event.channel}{_PAGED[event.because]}."
            )
        case e.ChannelPaged():
            return f"Attempt {event.attempt}: the channel {event.channel} is told."
        case e.AttemptReported(attempt=attempt, outcome=outcome, detail=detail):
            return f"Attempt {attempt}: {_OUTCOMES[outcome]}{behind_colon(detail)}."
        case e.PageSeverityChanged(severity=severity):
            return f"The incident is a {severity} now; who is paged from now on is by that."
    return _answered(event)


_Answers = (
    e.PageAcknowledged
    | e.AcknowledgementRenewed
    | e.AcknowledgementStale
    | e.PageReopened
    | e.PageUnanswered
    | e.PageEnded
)


def _answered(event: _Answers) -> str:
    match event:
        case e.PageAcknowledged(by=by, missing=missing, through=through):
            way = f" ({through})" if through else ""
            more = f" {missing} more have to." if missing else " Nobody else is paged."
            return f"{by.name} acknowledged it{way}.{more}"
        case e.AcknowledgementRenewed(acted_at=acted_at):
            return f"Its acknowledgement holds on: somebody acted at {clock_s(acted_at)}."
        case e.AcknowledgementStale(since=since):
            return (
                f"Its acknowledgement is stale: nothing was done in the incident after"
                f" {clock_s(since)}. It begins at its first level again."
            )
        case e.PageReopened(because=because):
            return f"{_REOPENED[because]}: it begins at its first level again."
        case e.PageUnanswered():
            return "All levels were climbed, and it is not acknowledged: nobody else is paged."
        case e.PageEnded(because=because, detail=detail):
            return f"{_ENDED[because]}{behind_colon(detail)}: nobody is paged for it any more."
    assert_never(event)


def _opened(event: e.PageOpened) -> str:
    policy = event.policy
    by = f"{event.asked_by.name} opened it" if event.asked_by else "It was opened"
    reason = behind_colon(event.reason)
    stale = policy.stale_after_s
    rules = [
        f"{_count(len(policy.steps), 'level')} to climb",
        *(
            [f"{policy.acknowledgements} people have to acknowledge"]
            if policy.acknowledgements > 1
            else []
        ),
        *([f"an acknowledgement is stale after {span(stale)} without action"] if stale else []),
        *([f"turn {policy.turn} of its round robin"] if policy.turn else []),
        *([f"cut: {policy.cut}"] if policy.cut else []),
    ]
    return (
        f"{by} for {event.severity} {event.reference} by the escalation policy {policy.slug},"
        f" version {policy.version} ({policy.chosen}){reason}: {'; '.join(rules)}."
    )


def _reached(page: Page, event: e.LevelReached) -> str:
    step = page.pinned.steps[event.step]
    again = f", round {step.round}" if step.round > 1 else ""
    where = f"Level {step.level} of {step.policy}{again} was reached"
    text = f"{where} {REACHED[event.because]}{behind_colon(event.reason)}."
    if event.left_out:
        return f"{text} It was left out: {event.left_out}."
    told = [it for it in event.targets if it.problem or it.target.kind is not TargetKind.PERSON]
    targets = [_target(each) for each in told]
    plans = [f"{each.name} by {each.method} at {clock_s(each.at)}" for each in event.contacts]
    passed = [f"{each.name} is not paged: {each.why}" for each in event.passed]
    plan = [f"To be paged, unless it is answered before: {enumerated(plans)}"] if plans else []
    return " ".join([text, *(f"{each}." for each in (*targets, *plan, *passed))])


def _target(reached: e.ReachedTarget) -> str:
    who = f"is {enumerated(reached.people)}" if reached.people else "is nobody"
    if reached.target.kind is TargetKind.CHANNEL and not reached.problem:
        return f"The {reached.target} is told"
    problem = f" ({reached.problem})" if reached.problem else ""
    return f"The {reached.target} {who} now{problem}"


def verdict(page: Page) -> str:
    """Whether somebody was woken, and if not, why not, in a sentence or two."""
    attempts = [each for each in page.attempts if each.person is not None]
    people = len({each.person for each in attempts})
    if not attempts:
        tried = "No person was paged: no level that it came to had anybody to page."
    else:
        counted = [(what, sum(map(is_so, attempts))) for what, is_so in _KNOWN]
        said = [f"{number} {what}" for what, number in counted if number]
        whom = _count(people, "person", "people")
        tried = f"{_count(len(attempts), 'attempt')} to page {whom}: {enumerated(said)}."
    return f"{_standing(page)} {tried}"


_KNOWN: tuple[tuple[str, Callable[[Attempt], bool]], ...] = (
    ("taken by a channel, no more is known", lambda it: it.outcome is e.AttemptOutcome.TAKEN),
    ("delivered", lambda it: it.outcome is e.AttemptOutcome.DELIVERED),
    ("answered", lambda it: it.outcome is e.AttemptOutcome.ANSWERED),
    ("failed", lambda it: it.is_lost),
    ("of which nothing is known", lambda it: it.outcome is None),
)


def _standing(page: Page) -> str:
    first = page.first_acknowledged_at
    took = (
        f" {span((first - _opened_at(page)).total_seconds())} after it was opened" if first else ""
    )
    names = (
        enumerated(each.by.name for each in page.acknowledgements) if page.acknowledgements else ""
    )
    match page.status:
        case PageStatus.ACKNOWLEDGED:
            return f"{names} acknowledged it, first{took}."
        case PageStatus.CLIMBING:
            return f"It waits for an answer until {clock_s(page.waits_until)}, then it goes on."
        case PageStatus.UNANSWERED:
            return (
                "Nobody answered it in time, at any of its levels."
                if not names
                else (f"{names} acknowledged it, and {page.missing} more had to, and did not.")
            )
        case PageStatus.ENDED:
            how = f"It was acknowledged{took}" if first else "Nobody had acknowledged it"
            return f"{how}; it has ended."
    assert_never(page.status)


def _opened_at(page: Page) -> datetime:
    assert page.opened_at is not None, "it was opened"
    return page.opened_at


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
