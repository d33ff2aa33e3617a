"""Post-mortem due. Brief, "Step 4: Post-Mortem & Continuous Improvement": "Schedule blameless
post-mortem within 48 hours while memory is fresh".
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeGuard

from msgspec.structs import replace

from domain.incident.commands import PublishPostmortem
from domain.incident.deadlines.events import (
    DeadlineRule,
    PostmortemOverdue,
    PostmortemPublished,
    PostmortemReminded,
    PostmortemRequested,
)
from domain.incident.deadlines.expiry import expiry, in_time, record, settle
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import asks, is_resolved, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import LIVE, Closed, Facts, Incident, KnownIncident, with_facts
from domain.kernel.deadline import Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.kernel.notifiable import Told
from domain.kernel.remark import Remark
from domain.kernel.text import clock
from domain.policy import Policy, Severity
from domain.policy.audience import OURS, Audience, Audiences

REMINDED_AT = (2, 12)
"""A reminder when a half of the time is left, and when a twelfth is: of 48 h, 24 h and 4 h."""
LAPSES_AFTER = timedelta(hours=6)
"""A reminder that could not come in time (all instances were down, or it was asked for before there
was this rule) does not come later than that: the next one does.
"""


def is_unpublished(incident: Incident) -> bool:
    """It is over, and there is no post-mortem."""
    if not isinstance(incident, Closed) or not is_resolved(incident):
        return False
    return not is_published(incident.facts)


def is_published(facts: Facts) -> bool:
    """Whether there is one of what it came to in the end: what was published before the resolution
    knows nothing of it, and what was published before a reopening nothing of what followed.
    """
    discipline, over = facts.discipline, facts.milestones.resolved_at
    if not discipline.postmortem_url:
        return False
    at = discipline.postmortem_at
    return at is None or over is None or at >= over


def due(history: DeadlineHistory, now: datetime, policy: Policy) -> Expire | None:
    """Asked for as the incident is resolved, or turns out to have been so severe; then there are
    reminders; then it is overdue.
    """
    facts, asking = facts_of(history), asked_for(history, policy)
    if asking is None:
        return None
    since, seconds = asking
    due_at = since.at + timedelta(seconds=seconds)
    if not facts.discipline.is_settled(DeadlineRule.POSTMORTEM, due_at):
        return expiry(history, DeadlineRule.POSTMORTEM, due_at, since, fires_at=since.at)
    for at in reminders(due_at, seconds):
        settled = facts.discipline.is_settled(DeadlineRule.POSTMORTEM_REMINDER, at)
        if not settled and now - at <= LAPSES_AFTER and now < due_at:
            return expiry(history, DeadlineRule.POSTMORTEM_REMINDER, at, since)
    if not facts.discipline.is_settled(DeadlineRule.POSTMORTEM_OVERDUE, due_at):
        return expiry(history, DeadlineRule.POSTMORTEM_OVERDUE, due_at, since)
    return None


def reminders(due_at: datetime, seconds: int) -> tuple[datetime, ...]:
    """When there is a reminder of what is due, which there are so many seconds for."""
    return tuple(due_at - timedelta(seconds=seconds) / part for part in REMINDED_AT)


def asked_for(history: DeadlineHistory, policy: Policy) -> tuple[Moment, int] | None:
    """From when on, and how many seconds later, by the highest severity that it has had; None: that
    one asks for none.
    """
    seconds = policy.levels[history.peak].postmortem_within_s
    assert history.closed is not None, "it is resolved"
    if seconds is None:
        return None
    asks = [
        reached.since
        for reached in history.levels
        if policy.levels[reached.severity].postmortem_within_s is not None
    ]
    return max(history.closed, min(asks, key=_at), key=_at), seconds


def _at(moment: Moment) -> datetime:
    return moment.at


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A request, a reminder, or a breach."""
    until = incident.facts.discipline.postmortem_due_at
    if command.rule == DeadlineRule.POSTMORTEM_REMINDER:
        return record(PostmortemReminded, command, context, until=until or command.due_at)
    requested = command.rule == DeadlineRule.POSTMORTEM
    return record(PostmortemRequested if requested else PostmortemOverdue, command, context)


def fold_requested(incident: KnownIncident, event: PostmortemRequested) -> KnownIncident:
    """From now on it is known until when."""
    discipline = incident.facts.discipline.settle(DeadlineRule.POSTMORTEM, event.due_at)
    return with_facts(incident, discipline=replace(discipline, postmortem_due_at=event.due_at))


def publish_postmortem(
    command: PublishPostmortem, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """The same address again says nothing new, unless more has happened since."""
    if facts.discipline.postmortem_url == command.url and is_published(facts):
        return []
    return [PostmortemPublished(occurred_at=at, url=command.url, edition=EDITION)]


def remark_on_draft(_: PublishPostmortem, incident: Incident) -> tuple[Remark, ...]:
    """That what is not over yet, or was not when it was published, is to be published again."""
    if isinstance(incident, LIVE):
        detail = f"{incident.facts.reference} is not over: publish it again once it is"
    elif _is_draft(incident):
        over = incident.facts.milestones.resolved_at
        assert over is not None, "it is a draft by that"
        detail = (
            f"{incident.facts.reference} was resolved at {clock(over)}, after this was published"
        )
        detail += ": publish it again"
    else:
        return ()
    return (Remark("postmortem.too_early", detail, DRAFT_RULE),)


def _is_draft(incident: Incident) -> TypeGuard[Closed]:
    """Whether what was published is from before its end."""
    if not isinstance(incident, Closed) or not incident.facts.discipline.postmortem_url:
        return False
    return is_unpublished(incident)


EDITION = 2
DRAFT_RULE = "A post-mortem is of the whole incident: one from before its end is a draft."


def fold_published(incident: KnownIncident, event: PostmortemPublished) -> KnownIncident:
    """There is one."""
    at = event.occurred_at if event.edition >= EDITION else None
    discipline = replace(incident.facts.discipline, postmortem_url=event.url, postmortem_at=at)
    return with_facts(incident, discipline=discipline)


def _to_all_concerned(told: Told, _: PostmortemOverdue, incident: KnownIncident) -> Audiences:
    severe = told.reaches_executives(incident.facts.severity)
    return OURS if severe else (Audience.ENGINEERING,)


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    asking = asked_for(history, policy)
    if asking is not None:
        since, seconds = asking
        due_at = since.at + timedelta(seconds=seconds)
        yield Owed(DeadlineRule.POSTMORTEM, due_at, since, "the post-mortem is published")


def says(policy: Policy, severity: Severity) -> str:
    within = in_time(policy.levels[severity].postmortem_within_s)
    return f"The post-mortem of a {severity} is published {within} of the resolution."


POSTMORTEM = TimedRule(
    deadline=Deadline(
        name="postmortem",
        rules=(
            DeadlineRule.POSTMORTEM,
            DeadlineRule.POSTMORTEM_REMINDER,
            DeadlineRule.POSTMORTEM_OVERDUE,
        ),
        is_open=asks(is_unpublished),
        due=due,
        follows=follows,
        prompts={
            PostmortemRequested: Prompt(kind="postmortem_requested", to=to_engineering, holds=None),
            PostmortemReminded: Prompt(
                kind="postmortem_reminder", to=to_engineering, holds=asks(is_unpublished)
            ),
            PostmortemOverdue: Prompt(kind="postmortem_overdue", to=_to_all_concerned, holds=None),
        },
    ),
    owed=owed,
    marks=(DeadlineRule.POSTMORTEM,),
    folds={
        PostmortemRequested: fold_requested,
        PostmortemReminded: settle,
        PostmortemOverdue: settle,
    },
    words={
        DeadlineRule.POSTMORTEM: RuleWords(
            says, "a post-mortem that is published already", "post-mortem"
        ),
        DeadlineRule.POSTMORTEM_REMINDER: RuleWords(
            says, "a post-mortem that is published before the reminder", "post-mortem"
        ),
        DeadlineRule.POSTMORTEM_OVERDUE: RuleWords(
            says, "a post-mortem that is published before it was due", "post-mortem"
        ),
    },
)
