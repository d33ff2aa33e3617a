"""A short record of what needs no post-mortem. Brief, "Lead Structured Incident Response": "Every
incident must produce a timeline, impact assessment, and follow-up action items within 48 hours".

It is asked for in what is due alone, and told of only where it does not come.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.incident.commands import FileRecord
from domain.incident.deadlines.events import DeadlineRule, RecordFiled, RecordOverdue
from domain.incident.deadlines.expiry import expiry, in_time, record, settle
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.postmortem import is_published
from domain.incident.deadlines.questions import asks, is_resolved, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.impact import UNKNOWN
from domain.incident.state import Closed, Facts, Incident, KnownIncident, with_facts
from domain.kernel.deadline import Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import Policy, Severity

LAPSES_AFTER = timedelta(hours=6)
"""What nobody could hear of for so long (all instances were down, or it was resolved before there
was this rule) is not held against anybody.
"""


def is_unrecorded(incident: Incident) -> bool:
    """It is over, and neither a record nor a post-mortem says what it came to."""
    if not isinstance(incident, Closed) or not is_resolved(incident):
        return False
    return not is_filed(incident.facts) and not is_published(incident.facts)


def is_filed(facts: Facts) -> bool:
    """Whether there is a record of what it came to in the end."""
    filed, over = facts.discipline.recorded_at, facts.milestones.resolved_at
    return filed is not None and (over is None or filed >= over)


def owed_from(history: DeadlineHistory, policy: Policy) -> tuple[Moment, timedelta] | None:
    """From when on, and for how long, by its highest severity; None: none is asked for."""
    seconds = policy.levels[history.peak].record_within_s
    assert history.closed is not None, "it is resolved"
    return None if seconds is None else (history.closed, timedelta(seconds=seconds))


def due(history: DeadlineHistory, now: datetime, policy: Policy) -> Expire | None:
    """Once, and not long after it was due."""
    asking = owed_from(history, policy)
    if asking is None:
        return None
    since, within = asking
    due_at = since.at + within
    settled = facts_of(history).discipline.is_settled(DeadlineRule.RECORD_OVERDUE, due_at)
    if settled or now - due_at > LAPSES_AFTER:
        return None
    return expiry(history, DeadlineRule.RECORD_OVERDUE, due_at, since)


def follows(command: Expire, _: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A breach."""
    return record(RecordOverdue, command, context)


def file_record(command: FileRecord, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """What it did and what follows from it; the same again says nothing new."""
    if command.impact is None and facts.assessment.impact == UNKNOWN:
        raise Refused(
            "record.impact_unknown",
            f"nobody has assessed the impact of {facts.reference}",
            field="impact",
            rule="Say in `impact` what it did to users, or `none`.",
        )
    said = (command.impact, command.follow_ups)
    if said == facts.discipline.record and is_filed(facts):
        return []
    return [RecordFiled(occurred_at=at, impact=command.impact, follow_ups=command.follow_ups)]


def fold_filed(incident: KnownIncident, event: RecordFiled) -> KnownIncident:
    """There is one."""
    said = (event.impact, event.follow_ups)
    discipline = replace(incident.facts.discipline, record=said, recorded_at=event.occurred_at)
    return with_facts(incident, discipline=discipline)


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    asking = owed_from(history, policy)
    if asking is not None:
        since, within = asking
        what = "a short record says what it did and what follows from it"
        yield Owed(DeadlineRule.RECORD_OVERDUE, since.at + within, since, what)


def says(policy: Policy, severity: Severity) -> str:
    within = in_time(policy.levels[severity].record_within_s)
    return f"A short record of a {severity} is filed {within} of the resolution."


SHORT_RECORD = TimedRule(
    deadline=Deadline(
        name="record",
        rules=(DeadlineRule.RECORD_OVERDUE,),
        is_open=asks(is_unrecorded),
        due=due,
        follows=follows,
        prompts={RecordOverdue: Prompt(kind="record_overdue", to=to_engineering, holds=None)},
    ),
    owed=owed,
    marks=(DeadlineRule.RECORD_OVERDUE,),
    folds={RecordOverdue: settle},
    words={
        DeadlineRule.RECORD_OVERDUE: RuleWords(
            says, "a record that is filed before it was due", "short record"
        )
    },
)
