"""What is due of an incident, and when: by which rule, since when, and what has to happen.

Deadlines say what their clocks do next (`Deadline.due`). What people owe stays due for as long as
the question is open, however often a clock has complained of it. None of it depends on the time of
asking, so it may be kept until the incident changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from domain.incident.deadlines.all_clear import ALL_CLEAR
from domain.incident.deadlines.cadence import first_owed
from domain.incident.deadlines.escalation import BY_LEVEL, WITHOUT_RESPONSE
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.first_updates import customer_update_by, first_update_by
from domain.incident.deadlines.history import DeadlineHistory, facts_of, running
from domain.incident.deadlines.ladder import climbs_to, hears, tier_of_level
from domain.incident.deadlines.monitoring import MONITORING
from domain.incident.deadlines.postmortem import asked_for
from domain.incident.deadlines.response import response_due
from domain.incident.deadlines.root_cause import ROOT_CAUSE, cause_known_by
from domain.incident.deadlines.short_record import owed_from
from domain.incident.deadlines.table import DEADLINES
from domain.incident.state import Facts, KnownIncident
from domain.kernel.commit import EPOCH
from domain.kernel.deadline import Deadline, Moment, mark
from domain.kernel.totality import total
from domain.policy import Policy, Tier
from domain.policy.audience import Audience

IncidentDeadline = Deadline[DeadlineHistory, KnownIncident, Any]


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Something is due at `due_at` by `rule` of a policy, counted from `since`; afterwards it is
    overdue. `what` says what has to happen, `about` of which of several things (a hypothesis),
    `audience` to whom, where the rule is about one.
    """

    rule: DeadlineRule
    due_at: datetime
    since: datetime
    what: str
    policy_version: str
    about: str | None = None
    audience: Audience | None = None


class Owed(NamedTuple):
    """What one deadline asks for, until when, and what it counts from."""

    rule: DeadlineRule
    due_at: datetime
    since: Moment
    what: str
    about: str | None = None
    audience: Audience | None = None


Owes = Callable[[DeadlineHistory, Policy], Iterable[Owed]]
"""What is owed while the question of a deadline is open."""


def owed(history: DeadlineHistory, policy: Policy) -> tuple[Due, ...]:
    """All that is due of an incident, the soonest first; what is due already is overdue."""
    incident = running(history)
    if incident is None:
        return ()
    found = [
        Due(
            rule=each.rule,
            due_at=each.due_at,
            since=each.since.at,
            what=each.what,
            policy_version=policy.version,
            about=each.about,
            audience=each.audience,
        )
        for deadline in DEADLINES.all
        if deadline.fires(None, incident, policy)
        for each in _OWED[deadline.name](history, policy)
    ]
    return tuple(sorted(found, key=lambda due: (due.due_at, due.rule, due.about or "")))


def _response(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    yield Owed(DeadlineRule.RESPONSE, *response_due(history, policy), "somebody acknowledges it")


def _escalation(
    deadline: IncidentDeadline, to: Callable[[Facts, Policy], Tier | None], why: str
) -> Owes:
    """Whom a clock tells next, of itself."""

    def owes(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
        following, tier = deadline.due(history, EPOCH, policy), to(facts_of(history), policy)
        if following is not None and tier is not None:
            since = _cause(history, following.caused_by)
            what = f"{hears(tier)} of it{why}"
            yield Owed(DeadlineRule(following.rule), following.due_at, since, what)

    return owes


def _cause(history: DeadlineHistory, event: str) -> Moment:
    """When something was recorded from which a time counts."""
    moments = (history.waiting, history.sought, history.opened, history.closed, history.began)
    known = (*moments, *(reached.since for reached in history.levels))
    return next(each for each in known if each is not None and each.event == event)


def _root_cause(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    if found := cause_known_by(history, policy):
        yield Owed(DeadlineRule.CAUSE, *found, "the root cause is identified")


def _timebox(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    span = timedelta(seconds=policy.hypothesis_timebox_s)
    for name, since in history.paths.items():
        what = f"hypothesis {name} is confirmed, or left for the next one"
        yield Owed(DeadlineRule.TIMEBOX, since.at + span, since, what, about=name)


def _cadence(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    level = policy.levels[facts_of(history).severity]
    for audience, due_at, because, _ in first_owed(history, policy):
        rule, what = DeadlineRule.UPDATE_DUE, f"the next status update to {audience} is posted"
        if level.is_automatic(audience):
            rule = DeadlineRule.UPDATE_AUTOMATIC
            what = f"a status update to {audience} is posted, automatic unless somebody does before"
        yield Owed(rule, due_at, because, what, audience=audience)


def _first_update(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    if found := first_update_by(history, policy):
        yield Owed(DeadlineRule.FIRST_UPDATE, *found, "the first status update is posted")


def _customer_update(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    if found := customer_update_by(history, policy):
        what = "an update to customers, who are affected, is posted"
        audience = Audience.CUSTOMERS
        yield Owed(DeadlineRule.CUSTOMER_UPDATE, *found, what, audience=audience)


def _monitoring(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    since, following = history.mitigated, MONITORING.due(history, EPOCH, policy)
    assert since is not None, "recovery is watched"
    if following is not None and following.next_due_at is not None:
        what = "recovery has been watched for long enough to resolve"
        yield Owed(DeadlineRule.MONITORING, following.due_at, since, what)
        return
    longest = since.at + timedelta(seconds=policy.monitoring_max_s)
    yield Owed(DeadlineRule.MONITORING, longest, since, "it is resolved, or acted upon again")


def _alerts_over(history: DeadlineHistory, _: Policy) -> Iterator[Owed]:
    since = history.alerts_over
    assert since is not None, "its alerts are over"
    what = "its responders say how it goes on, as all its alerts are over"
    yield Owed(DeadlineRule.ALERTS_OVER, since.at, since, what)


def _all_clear(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    following = ALL_CLEAR.due(history, EPOCH, policy)
    if following is not None:
        assert history.closed is not None, "it is resolved"
        what = "the all-clear goes out, if the resolution holds"
        yield Owed(DeadlineRule.ALL_CLEAR, following.due_at, history.closed, what)


def _postmortem(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    asking = asked_for(history, policy)
    if asking is not None:
        since, seconds = asking
        due_at = since.at + timedelta(seconds=seconds)
        yield Owed(DeadlineRule.POSTMORTEM, due_at, since, "the post-mortem is published")


def _record(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    owed = owed_from(history, policy)
    if owed is not None:
        since, within = owed
        what = "a short record says what it did and what follows from it"
        yield Owed(DeadlineRule.RECORD_OVERDUE, since.at + within, since, what)


MARKS: tuple[str, ...] = (
    DeadlineRule.RESPONSE,
    DeadlineRule.ESCALATE_LEVEL,
    DeadlineRule.ESCALATE_RESPONSE,
    DeadlineRule.CAUSE,
    DeadlineRule.ESCALATE_CAUSE,
    DeadlineRule.TIMEBOX,
    *(
        mark(rule, audience)
        for rule in (DeadlineRule.UPDATE_DUE, DeadlineRule.UPDATE_AUTOMATIC)
        for audience in Audience
    ),
    DeadlineRule.FIRST_UPDATE,
    mark(DeadlineRule.CUSTOMER_UPDATE, Audience.CUSTOMERS),
    DeadlineRule.MONITORING,
    DeadlineRule.ALERTS_OVER,
    DeadlineRule.ALL_CLEAR,
    DeadlineRule.POSTMORTEM,
    DeadlineRule.RECORD_OVERDUE,
)
"""What may be due of any incident; beside these its hypotheses, each with a timebox."""

LABELS: Mapping[DeadlineRule, str] = total(
    "what is due by a rule, in a word",
    DeadlineRule,
    {
        DeadlineRule.RESPONSE: "acknowledgement",
        DeadlineRule.ESCALATE_LEVEL: "escalation",
        DeadlineRule.ESCALATE_RESPONSE: "escalation",
        DeadlineRule.CAUSE: "root cause",
        DeadlineRule.ESCALATE_CAUSE: "escalation",
        DeadlineRule.TIMEBOX: "timebox",
        DeadlineRule.UPDATE_DUE: "update",
        DeadlineRule.UPDATE_OVERDUE: "update",
        DeadlineRule.UPDATE_AUTOMATIC: "update",
        DeadlineRule.FIRST_UPDATE: "first update",
        DeadlineRule.CUSTOMER_UPDATE: "update to customers",
        DeadlineRule.MONITORING: "watch",
        DeadlineRule.ALERTS_OVER: "alerts over",
        DeadlineRule.ALL_CLEAR: "all-clear",
        DeadlineRule.POSTMORTEM: "post-mortem",
        DeadlineRule.POSTMORTEM_OVERDUE: "post-mortem",
        DeadlineRule.RECORD_OVERDUE: "short record",
    },
)

_OWED: Mapping[str, Owes] = total(
    "what is owed by a deadline",
    [deadline.name for deadline in DEADLINES.all],
    {
        "response": _response,
        "escalation-level": _escalation(BY_LEVEL, tier_of_level, ""),
        "escalation-response": _escalation(
            WITHOUT_RESPONSE, climbs_to, ", unless somebody acknowledges it"
        ),
        "root-cause": _root_cause,
        "escalation-cause": _escalation(
            ROOT_CAUSE, climbs_to, ", unless the root cause is identified"
        ),
        "timebox": _timebox,
        "cadence": _cadence,
        "first-update": _first_update,
        "customer-update": _customer_update,
        "monitoring": _monitoring,
        "alerts-over": _alerts_over,
        "all-clear": _all_clear,
        "postmortem": _postmortem,
        "record": _record,
    },
)
