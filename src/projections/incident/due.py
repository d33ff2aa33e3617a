"""Due: what has to happen in which incident, until when, by which rule; the soonest first.

A row stays until the incident changes, however long it is overdue: nothing in it depends on the
time of asking. Rows follow from the policy as well, so each policy has its own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from domain.incident import INCIDENT
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.owed import MARKS, Due, owed
from domain.incident.deadlines.table import DEADLINES
from domain.incident.state import Undeclared, status
from domain.kernel.commit import Event, Recorded
from domain.kernel.deadline import mark
from domain.policy import DEFAULT, Policy, Severity
from domain.policy.audience import Audience
from projections.cursor import DAWN, END, BehindPlace, cursor_of
from projections.incident.fold import IncidentFold, under_policy
from projections.past import Cut, states_then
from projections.projection import Change, Drop
from projections.read_model import ByIds, Paging, Question, Resource
from projections.table import put_into, table_of


class DueOf(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what is due of which incident, as `Due` has it."""

    id: str
    mark: str
    reference: str
    title: str
    severity: Severity
    status: str
    rule: DeadlineRule
    due_at: datetime
    since: datetime
    what: str
    policy_version: str
    about: str | None
    audience: Audience | None


_TABLE = msgspec.structs.replace(
    table_of(
        DueOf, name="due", key=("id", "mark"), about=("id",), indexes=(("due_at", "id", "mark"),)
    ),
    passing=True,
)
_put = put_into(_TABLE, DueOf)


def mark_of(due: Due) -> str:
    """What tells it from all else that is due of its incident."""
    return mark(due.rule, due.about or due.audience)


def _show(incident_id: str, known: IncidentFold, policy: Policy) -> Iterable[Change]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return
    facts, gone = incident.facts, dict.fromkeys(MARKS)
    gone |= dict.fromkeys(
        mark(DeadlineRule.TIMEBOX, path.name) for path in facts.response.hypotheses
    )
    for due in owed(known.history(policy), policy):
        gone.pop(mark_of(due))
        yield _put(
            DueOf(
                id=incident_id,
                mark=mark_of(due),
                reference=facts.reference,
                title=facts.about.title,
                severity=facts.severity,
                status=status(incident),
                **msgspec.structs.asdict(due),
            )
        )
    for each in gone:
        yield Drop(_TABLE.name, (incident_id, each))


DUE = under_policy("due", 2, _TABLE, _show)(DEFAULT)


DUE_OF = Question(
    of=DUE.name,
    sql="SELECT * FROM {due} WHERE id = ANY($ids::text[]) ORDER BY due_at, mark",
    takes=ByIds,
    answer=DueOf,
)
"""What is due of these incidents."""


def due_then(commits: Sequence[Recorded[Event]], cut: Cut, policy: Policy) -> tuple[Due, ...]:
    """What was due of an incident then, by the policy that is in force now."""
    history = DEADLINES.initial
    for recorded, _ in states_then(INCIDENT, commits, cut):
        history = DEADLINES.follow(history, recorded, policy, INCIDENT.evolve)
    return owed(history, policy)


class DuePage(BehindPlace, frozen=True, kw_only=True):
    """What is due behind the place `after`; `until`: by then. Raises `Refused`."""

    PLACE = tuple[datetime, str, str]
    BEGINNING = (DAWN, "", "")

    until: datetime | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100

    @property
    def last(self) -> datetime:
        """Nothing is due later."""
        return self.until or END


ALL_DUE = Question(
    of=DUE.name,
    sql="""
        SELECT * FROM {due} WHERE (due_at, id, mark) > ($first, $second, $third) AND due_at <= $last
        ORDER BY due_at, id, mark LIMIT $limit
    """,
    takes=DuePage,
    answer=DueOf,
)
"""What is due, whatever incident it is of, the soonest first."""

DUE_LIST = Resource(
    path="/v1/due",
    operation_id="list_due",
    tag="queries",
    summary="Due",
    description="What is due in all incidents, and until when, the soonest first; what is overdue"
    " stands\nbefore it.",
    question=ALL_DUE,
    paging=Paging(by="after", place=lambda last: cursor_of(last.due_at, last.id, last.mark)),
    waits=True,
)
