"""The few facts of an incident, a post-mortem or an action item that figures are made of."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

import msgspec

from domain.incident.alerts.member import Member
from domain.incident.deadlines.postmortem import is_published
from domain.incident.events import Kind
from domain.incident.relation import Related, Relation
from domain.incident.state import CATEGORIES, OVER, KnownIncident, in_triage, status
from domain.incident.timestamps import Timestamps, timestamps_of
from domain.kernel.roster import Roster
from domain.learning.action_item.events import ActionKind
from domain.learning.action_item.item import ActionItemStatus
from domain.learning.definitions import COUNTED
from domain.learning.insight.failure_kinds import kinds_of
from domain.learning.insight.periods import Span, week_of
from domain.policy import Severity

UNKNOWN_GROUP = "unknown"


class MeasuredIncident(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident as it is measured. `severity` is the final one, that of the last decision, and
    `highest` the highest that it ever had. `changes` stand on its timeline. `pages` are how often
    alerts of it were assigned to whom, by ISO week and name (`2026-W31 ada`). Its post-mortem is
    due by `postmortem_due_at`, if one was asked for, and is `published`, as of all that happened,
    since `published_at` (null: an earlier release did not say when). `repeats` and `no_repeats` are
    the ids of those that a person has said it repeats, or does not.
    """

    id: str
    reference: str
    title: str
    status: str
    kind: Kind
    declared: bool
    severity: Severity
    highest: Severity
    timestamps: Timestamps
    services: tuple[str, ...] = ()
    reopenings: int = 0
    alerts: int = 0
    changes: tuple[str, ...] = ()
    postmortem_due_at: datetime | None = None
    published: bool = False
    published_at: datetime | None = None
    repeats: tuple[str, ...] = ()
    no_repeats: tuple[str, ...] = ()
    pages: dict[str, int] = {}

    @property
    def began_at(self) -> datetime | None:
        """By which it is of a period."""
        return self.timestamps.counted_from

    @property
    def over(self) -> bool:
        """Whether it has ended, however it did."""
        return self.status in OVER

    @property
    def genuine(self) -> bool:
        """Whether it was declared, and neither canceled nor merged, and is no exercise."""
        ended_otherwise = CATEGORIES[self.status] in {"canceled", "merged"}
        return self.declared and not ended_otherwise and self.kind in COUNTED


def measured_of(id_: str, incident: KnownIncident) -> MeasuredIncident:
    """What is measured of an incident as it stands."""
    facts = incident.facts
    published = is_published(facts)
    return MeasuredIncident(
        id=id_,
        reference=facts.reference,
        title=facts.about.title,
        status=status(incident),
        kind=facts.about.kind,
        declared=not in_triage(facts),
        severity=facts.severity,
        highest=facts.assessment.peak(facts.severity),
        timestamps=timestamps_of(incident),
        services=tuple(dict.fromkeys(facts.about.services)),
        reopenings=facts.response.reopenings,
        alerts=facts.alerts.alerts,
        changes=facts.changes,
        postmortem_due_at=facts.discipline.postmortem_due_at,
        published=published,
        published_at=facts.discipline.postmortem_at if published else None,
        repeats=_linked(facts.related, Relation.REPEAT_OF),
        no_repeats=_linked(facts.related, Relation.NOT_REPEAT_OF),
        pages=pages_of(facts.alerts.members),
    )


def _linked(related: Iterable[Related], relation: Relation) -> tuple[str, ...]:
    return tuple(each.id for each in related if each.relation is relation)


def pages_of(members: Iterable[Member]) -> dict[str, int]:
    """How often firings of alerts were assigned to whom, by week and name: each firing is one page
    to each whom the product names last.
    """
    found: Counter[str] = Counter()
    for each in members:
        if each.fired is None or each.assignees is None:
            continue
        week = week_of(each.fired.at)
        found.update(f"{week} {name}" for name in each.assignees.value.split(", "))
    return dict(sorted(found.items()))


class MeasuredPostmortem(msgspec.Struct, frozen=True, kw_only=True):
    """A post-mortem as it is measured; `factors` are what it says contributed, as written down."""

    incident: str
    incident_reference: str
    drill: bool
    opened_at: datetime
    factors: tuple[str, ...]


class MeasuredAction(msgspec.Struct, frozen=True, kw_only=True):
    """An action item as it is measured. `of_postmortem`: it follows from one."""

    reference: str
    title: str
    owner: str
    kind: ActionKind
    status: ActionItemStatus
    incident: str | None
    of_postmortem: bool
    due_at: datetime
    ended_at: datetime | None


class MeasuredChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a system, such as a deployment, and when it was made."""

    id: str
    at: datetime


class KnownTeams(msgspec.Struct, frozen=True):
    """Which team owns which service, as the directory has it."""

    roster: Roster = Roster()

    def of(self, services: Iterable[str]) -> tuple[str, ...]:
        """The teams of these services."""
        entries = (self.roster.service(each) for each in services)
        owners = [entry.owner for entry in entries if entry and entry.owner]
        return tuple(dict.fromkeys(owners))


class LearningRecord(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that is known at a time, `at`: the incidents of a period, every post-mortem and action
    item, the `changes` of systems in the period, and whose services are whose.
    """

    at: datetime
    incidents: tuple[MeasuredIncident, ...] = ()
    postmortems: tuple[MeasuredPostmortem, ...] = ()
    actions: tuple[MeasuredAction, ...] = ()
    changes: tuple[MeasuredChange, ...] = ()
    teams: KnownTeams = KnownTeams()

    @property
    def genuine(self) -> tuple[MeasuredIncident, ...]:
        """The incidents that count."""
        return tuple(each for each in self.incidents if each.genuine)

    @cached_property
    def failures(self) -> dict[str, tuple[str, ...]]:
        """Of which kinds of failure incidents were, by their ids, as far as their post-mortems name
        contributing factors.
        """
        return {it.incident: kinds_of(it.factors) for it in self.postmortems if not it.drill}

    def began_in(self, period: Span) -> list[MeasuredIncident]:
        """Those of them that are of a period."""
        return [each for each in self.genuine if period.holds(each.began_at)]
