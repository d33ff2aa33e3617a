"""First updates. Brief, "Stakeholder Communication Templates": "SEV1 — Initial Notification (within
10 minutes)"; and, in its runbook, "External: Update [status page link] if customer-facing": until
then somebody has told stakeholders in words of their own, and customers, if they are affected.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.carried_on import is_told_in_public, updates_of
from domain.incident.deadlines.due_times import soonest, within
from domain.incident.deadlines.events import DeadlineRule, FirstUpdateOverdue
from domain.incident.deadlines.expiry import breach_once, in_time, record, settle
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.questions import asks, owes_customers, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import Facts, Incident, KnownIncident, Open
from domain.incident.unheard import concerned, is_heard
from domain.kernel.deadline import Deadline, Expire, Moment, Prompt, mark
from domain.kernel.decider import Context
from domain.policy import Policy, Severity
from domain.policy.audience import Audience, Audiences

Found = tuple[datetime, Moment] | None


def is_untold(incident: Incident) -> bool:
    """No update of it stands."""
    return isinstance(incident, Open) and not updates_of(incident.facts)


def is_untold_in_public(incident: Incident) -> bool:
    """Customers are affected, and nothing stands of what they were told."""
    return owes_customers(incident) and not is_told_in_public(incident.facts)


def first_due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """So long after it was declared, or became so severe."""
    assert history.opened is not None, "it is open"
    found = first_update_by(history, policy)
    return breach_once(history, DeadlineRule.FIRST_UPDATE, history.opened, found)


def first_update_by(history: DeadlineHistory, policy: Policy) -> Found:
    """Until when, and because of what."""
    assert history.opened is not None, "it is open"
    limit = within(lambda level: level.first_update_within_s, policy)
    return soonest(history.levels, history.opened, limit)


def customers_due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """So long after it became known that they are affected."""
    assert history.facing is not None, "customers are affected"
    found = customer_update_by(history, policy)
    return breach_once(history, DeadlineRule.CUSTOMER_UPDATE, history.facing, found)


def customer_update_by(history: DeadlineHistory, policy: Policy) -> Found:
    """Until when, and because of what."""
    assert history.facing is not None, "customers are affected"
    limit = within(lambda level: level.customer_update_within_s, policy)
    return soonest(history.levels, history.facing, limit)


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A breach."""
    to_customers = command.rule == DeadlineRule.CUSTOMER_UPDATE
    facts = incident.facts
    return record(
        FirstUpdateOverdue,
        command,
        context,
        audiences=(Audience.CUSTOMERS,) if to_customers else _waiting(facts, context),
        severity=facts.severity,
    )


def _waiting(facts: Facts, context: Context) -> Audiences:
    """Who of our own people waits for it: executives whom no channel tells do not."""
    reach = context.reach
    return tuple(
        each
        for each in concerned(facts, context.policy)
        if each is Audience.ENGINEERING or reach is None or is_heard(each, facts, reach)
    )


def first_owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    if found := first_update_by(history, policy):
        yield Owed(DeadlineRule.FIRST_UPDATE, *found, "the first status update is posted")


def customers_owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    if found := customer_update_by(history, policy):
        what = "an update to customers, who are affected, is posted"
        audience = Audience.CUSTOMERS
        yield Owed(DeadlineRule.CUSTOMER_UPDATE, *found, what, audience=audience)


def first_says(policy: Policy, severity: Severity) -> str:
    within = in_time(policy.levels[severity].first_update_within_s)
    return f"A {severity} has its first status update {within}; that it has not is a breach."


def customers_say(policy: Policy, severity: Severity) -> str:
    within = in_time(policy.levels[severity].customer_update_within_s)
    return f"Customers whom a {severity} affects are told {within}; that they are not is a breach."


FIRST_UPDATE = TimedRule(
    deadline=Deadline(
        name="first-update",
        rules=(DeadlineRule.FIRST_UPDATE,),
        is_open=asks(is_untold),
        due=first_due,
        follows=follows,
        prompts={
            FirstUpdateOverdue: Prompt(
                kind="first_update_overdue", to=to_engineering, holds=asks(is_untold)
            )
        },
    ),
    owed=first_owed,
    marks=(DeadlineRule.FIRST_UPDATE,),
    folds={FirstUpdateOverdue: settle},
    words={
        DeadlineRule.FIRST_UPDATE: RuleWords(
            first_says, "a status update before it was due", "first update"
        )
    },
)
CUSTOMER_UPDATE = TimedRule(
    deadline=Deadline(
        name="customer-update",
        rules=(DeadlineRule.CUSTOMER_UPDATE,),
        is_open=asks(is_untold_in_public),
        due=customers_due,
        follows=follows,
        prompts={
            FirstUpdateOverdue: Prompt(
                kind="first_update_overdue", to=to_engineering, holds=asks(is_untold_in_public)
            )
        },
    ),
    owed=customers_owed,
    marks=(mark(DeadlineRule.CUSTOMER_UPDATE, Audience.CUSTOMERS),),
    folds={FirstUpdateOverdue: settle},
    words={
        DeadlineRule.CUSTOMER_UPDATE: RuleWords(
            customers_say,
            "an update that is addressed to customers before it was due",
            "update to customers",
        )
    },
)
