"""What is decided of a page. Who answers it first has answered it: whatever comes later, or twice,
changes nothing.
"""

from typing import assert_never

from domain.kernel.deadline import Expire
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.paging.pages import commands as c
from domain.paging.pages import events as e
from domain.paging.pages import page_deadlines
from domain.paging.pages.page_facts import PageFacts, PageQuestion
from domain.paging.pages.page_fold import CONTACT, STALE
from domain.paging.pages.page_state import Attempt, Page, PageStatus
from domain.paging.pages.reaching import Happening, facts_of, go_on, reach

Decided = list[e.PageEvent]


def question(id_: str, command: c.PageCommand, page: Page) -> PageQuestion | None:
    """What has to be looked up for a command. Whoever acknowledges or ends one waits for nobody."""
    if isinstance(command, c.OpenPage):
        if page.number:
            return None
        return PageQuestion(page=id_, incident=command.incident, opens=True, policy=command.policy)
    if not page.number:
        return None
    if isinstance(command, c.ReportAttempt) and not command.outcome.is_lost:
        return None  # nothing follows of it
    rule = command.rule if isinstance(command, Expire) else None
    steps = () if rule == CONTACT else page.pinned.steps  # whom a level meant stands in the page
    return PageQuestion(page=id_, incident=page.incident, steps=steps, acts=rule == STALE)


def decide(command: c.PageCommand, page: Page, context: Context) -> Decided:
    """One row for each command. Raises `Refused`."""
    if isinstance(command, Expire):
        return page_deadlines.decide(command, page, context)
    if isinstance(command, c.OpenPage):
        return _open(command, page, context)
    if not page.number:
        raise Refused("page.unknown", "there is no such page", field="page")
    return _of_one(command, page, context)


_OfOne = (
    c.AcknowledgePage
    | c.EscalatePage
    | c.ResolvePage
    | c.ReportAttempt
    | c.EndPage
    | c.ReopenPage
    | c.NoteSeverity
)


def _of_one(command: _OfOne, page: Page, context: Context) -> Decided:
    at = context.now
    match command:
        case c.AcknowledgePage(through=through):
            return _acknowledge(through, page, context)
        case c.EscalatePage(reason=reason):
            return _escalate(reason, page, context)
        case c.ResolvePage(reason=reason):
            return _end(e.Ending.RESOLVED, reason, page, context)
        case c.ReportAttempt():
            return _report(command, page, context)
        case c.EndPage(because=because, detail=detail):
            return _end(because, detail, page, context)
        case c.ReopenPage(because=because):
            return _reopen(because, page, context)
        case c.NoteSeverity(severity=severity):
            changed = e.PageSeverityChanged(occurred_at=at, severity=severity)
            live = page.status is not PageStatus.ENDED
            return [changed] if live and severity is not page.severity else []
    assert_never(command)


def _open(command: c.OpenPage, page: Page, context: Context) -> Decided:
    if page.number:
        return []  # a page is opened once
    facts = facts_of(context)
    opened = _opened(command, facts, context)
    so_far = Happening(page)
    so_far.add(opened)
    reach(so_far, e.Climbs.OPENED, context)
    return so_far.events


def _opened(command: c.OpenPage, facts: PageFacts, context: Context) -> e.PageOpened:
    incident, pinned = facts.incident, facts.policy
    if incident is None:
        raise Refused(
            "incident.unknown", f"there is no incident {command.incident}", field="incident"
        )
    if incident.over is not None:
        raise Refused(
            "page.incident_over",
            f"{incident.reference} is {incident.over}: nobody is paged for it",
            field="incident",
            rule="People are paged for what goes on.",
        )
    if pinned is None:
        raise Refused(
            "page.no_policy",
            f"no active escalation policy is for {incident.reference}"
            if command.policy is None
            else f"there is no active escalation policy {command.policy}",
            field="policy",
            rule="Name the escalation policy that pages, or register one that is for its services,"
            " its teams or any, and for its severity.",
        )
    asked_by = None if context.viewer is None else context.who_is(context.actor)
    return e.PageOpened(
        occurred_at=context.now,
        number=context.number,
        incident=incident.id,
        reference=incident.reference,
        severity=incident.severity,
        policy=pinned,
        title=None if incident.private else incident.title,
        services=() if incident.private else incident.services,
        private=incident.private,
        drill=incident.drill,
        asked_by=asked_by,
        reason=command.reason,
    )


def _acknowledge(through: str | None, page: Page, context: Context) -> Decided:
    by = context.who_is(context.actor)
    if page.is_taken_by(by):
        return []
    _check_open(page, "acknowledged")
    missing = max(0, page.missing - 1)
    taken = e.PageAcknowledged(occurred_at=context.now, by=by, missing=missing, through=through)
    return [taken]


def _escalate(reason: str | None, page: Page, context: Context) -> Decided:
    _check_open(page, "escalated")
    if page.status is not PageStatus.CLIMBING:
        how = "is acknowledged" if page.status is PageStatus.ACKNOWLEDGED else "has come to its end"
        raise Refused(
            "page.not_climbing",
            f"{page.reference} {how}: there is no next level to page",
            field="page",
            rule="Open another page for the incident, by the policy of those who are needed.",
        )
    so_far = Happening(page)
    reach(so_far, e.Climbs.ESCALATED, context, reason=reason)
    return so_far.events


def _end(because: e.Ending, detail: str | None, page: Page, context: Context) -> Decided:
    if page.status is PageStatus.ENDED:
        return []
    return [e.PageEnded(occurred_at=context.now, because=because, detail=detail)]


def _reopen(because: e.ReopenedBecause, page: Page, context: Context) -> Decided:
    """Whoever says so has seen how the incident stands; it is looked at once more."""
    incident = facts_of(context).incident
    answered = {
        e.ReopenedBecause.INCIDENT_OPEN_AGAIN: page.ended_because in e.WITH_INCIDENT,
        e.ReopenedBecause.ACKNOWLEDGEMENT_WITHDRAWN: page.status is PageStatus.ACKNOWLEDGED,
    }
    if not answered[because] or incident is None or incident.over is not None:
        return []
    if incident.acknowledged_by is not None:
        return []
    so_far = Happening(page)
    so_far.add(e.PageReopened(occurred_at=context.now, because=because))
    reach(so_far, e.Climbs.REOPENED, context)
    return so_far.events


def _report(command: c.ReportAttempt, page: Page, context: Context) -> Decided:
    attempt = _attempt_of(command, page)
    outcome = command.outcome
    if attempt.outcome is outcome or _is_late(attempt, outcome):
        return []
    so_far = Happening(page)
    so_far.add(
        e.AttemptReported(
            occurred_at=context.now,
            attempt=attempt.number,
            outcome=outcome,
            detail=command.detail,
        )
    )
    if outcome.is_lost and not attempt.is_lost and page.status is PageStatus.CLIMBING:
        go_on(so_far, attempt, context)
    return so_far.events


def _is_late(attempt: Attempt, outcome: e.AttemptOutcome) -> bool:
    """Whether more is known already than such a report says. What has failed may have arrived all
    the same; that a channel took it is no news by then.
    """
    known = attempt.outcome
    if known is None or outcome.is_lost:
        return False
    if known.is_lost:
        return outcome is e.AttemptOutcome.TAKEN
    return outcome.rank <= known.rank


def _attempt_of(command: c.ReportAttempt, page: Page) -> Attempt:
    """Raises `Refused` where there was no such attempt."""
    fitting = [
        each
        for each in page.attempts
        if command.attempt in {None, each.number}
        and command.method in {None, each.method}
        and command.address in {None, each.address}
    ]
    if not fitting or (command.attempt is None and command.method is None):
        raise Refused(
            "page.attempt_unknown",
            f"{page.reference} has made no such attempt",
            field="attempt",
            rule="Name the attempt by its number, or by the method and address that it used.",
            invalid=True,
        )
    return fitting[-1]


def _check_open(page: Page, done: str) -> None:
    if page.status is PageStatus.ENDED:
        raise Refused(
            "page.ended",
            f"{page.reference} has ended, and cannot be {done} any more",
            field="page",
            rule="Nobody is waited for any longer.",
        )
