"""An incident's log as the judge reads it: what was known at which moment, in plain variables.

Phase, severity and acknowledgement are what the aggregate makes of each event, for alerts may come
in any order; its own laws are tested elsewhere, and `discipline` reads them off the events once
more where there are no alerts. All that has to do with time is kept here.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from domain.incident import INCIDENT, engagement
from domain.incident import events as e
from domain.incident import state as s
from domain.incident.deadlines import events as k
from domain.kernel.commit import EPOCH, Recorded, name_of
from simulation import rulebook as r
from simulation.rulebook import LIVE_WITHIN, Level, minutes


class Point(NamedTuple):
    """One event, when it was recorded, and the incident before and after it."""

    at: datetime
    id: str
    tag: str
    event: Any
    before: Any
    after: Any
    commit: Any

    def __str__(self) -> str:
        shown = [f"{name}={value}" for name, value in _told(self.event)]
        return f"{self.at:%a %H:%M:%S} {self.tag:22} {' '.join(shown)}"


def _told(event: Any) -> Iterable[tuple[str, Any]]:
    for name in ("severity", "kind", "due_at", "tier", "hypothesis", "occurred_at", "early_reason"):
        value = getattr(event, name, None)
        if value is not None:
            yield name, f"{value:%a %H:%M:%S}" if isinstance(value, datetime) else value
    if isinstance(event, e.AlertReceived):
        yield "alert", event.alert.kind
    if getattr(event, "automatic", None):
        yield "rule", event.automatic.rule


def points(commits: Iterable[Recorded[Any]]) -> list[Point]:
    """Every event of one incident, in the order of the log."""
    found, incident = [], INCIDENT.initial
    for recorded in commits:
        commit = recorded.commit
        for index, event in enumerate(commit.events):
            after = INCIDENT.evolve(incident, event)
            tag = name_of(type(event))
            event_id = f"{commit.id}/{index}"
            point = Point(commit.recorded_at, event_id, tag, event, incident, after, commit)
            found.append(point)
            incident = after
    return found


class Record:
    """What matters for clocks, after so many events."""

    def __init__(self) -> None:
        self.retold = False
        self.kind = e.Kind.STANDARD
        self.in_triage = False
        self.severity = "SEV4"
        self.peak = "SEV4"
        self.phase = "undeclared"
        self.levels: list[Level] = []
        self.opened: datetime | None = None
        self.waiting: datetime | None = None
        self.breached = False
        self.merged: tuple[datetime, bool] | None = None
        self.closed: datetime | None = None
        self.sought: datetime | None = None
        self.unexplained = False
        self.told_at: dict[str, datetime] = {}
        self.mitigated: datetime | None = None
        self.set_back = EPOCH
        self.watched: set[datetime] = set()
        self.left: datetime | None = None
        self.asked: set[datetime] = set()
        self.interval: dict[str, datetime] = {}
        self.reminded: dict[str, datetime] = {}
        self.updates = self.public_updates = self.taken_back = 0
        self.heard: dict[str, set[str]] = {}
        self.addressed: set[str] = set()
        self.carried: dict[str, Any] = {}
        self.customers_know: str | None = None
        self.facing: datetime | None = None
        self.unsaid = self.unsaid_in_public = datetime.min.replace(tzinfo=UTC)
        self.tiers: list[str] = []
        self.unheard: set[str] = set()
        self.ever_told: set[str] = set()
        self.severe_before: dict[str, tuple[str, datetime]] = {}
        self.escalated: dict[str, datetime] = {}
        self.paths: dict[str, datetime] = {}
        self.expired: set[tuple[str, datetime]] = set()
        self.cleared = False
        self.requested: set[datetime] = set()
        self.postmortem_reminded: set[datetime] = set()
        self.overdue: set[datetime] = set()
        self.published_at: datetime | None = None
        self.filed_at: datetime | None = None
        self.resolved_at: datetime | None = None

    @property
    def live(self) -> bool:
        """Whether clocks run at all."""
        return not self.retold and self.kind in {e.Kind.STANDARD, e.Kind.DRILL}

    @property
    def published(self) -> bool:
        """Whether there is a post-mortem that knows of the end: a draft is none."""
        return self._of_the_end(self.published_at)

    @property
    def filed(self) -> bool:
        """Whether there is a short record of the end."""
        return self._of_the_end(self.filed_at)

    def _of_the_end(self, at: datetime | None) -> bool:
        return at is not None and (self.resolved_at is None or at >= self.resolved_at)

    def add(self, point: Point) -> None:
        """One more event."""
        if self.phase == "undeclared":
            self.retold = point.at - point.event.occurred_at > minutes(LIVE_WITHIN)
        taken_back = isinstance(point.event, e.SeverityRaiseWithdrawn)
        gone = point.event.withdrawn.value if taken_back else None
        was = (self.waiting, self.breached)
        self._stand(point.at, point.after, gone)
        self._part(point, *was)
        self._tell(point)
        left = engagement.is_left_to_people(point.after)
        self.left = (self.left or point.at) if left else None
        if isinstance(point.event, k.AlertsOver):
            self.asked.add(point.event.due_at)
        self._note(point)

    def _part(self, point: Point, waiting: datetime | None, breached: bool) -> None:
        """A merge that turns out to be none is no answer."""
        if isinstance(point.event, e.Merged | e.DuplicateAttached):
            if waiting is not None and self.waiting is None:
                self.merged = (waiting, breached)
        elif waiting is None and self.waiting is not None:
            if isinstance(point.event, e.Unmerged | e.DuplicateDetached) and self.merged:
                self.waiting, self.breached = self.merged
            self.merged = None

    def _stand(self, at: datetime, incident: Any, gone: str | None) -> None:
        facts, was_open = incident.facts, self.phase == "open"
        self.kind = facts.about.kind
        self.in_triage = s.in_triage(facts)
        self.resolved_at = facts.milestones.resolved_at
        self.phase = {s.Triage: "triage", s.Open: "open", s.Closed: "closed"}.get(
            type(incident), "gone"
        )
        if facts.severity.value != self.severity or not self.levels:
            if gone is not None and self.levels[-1][1] == gone:
                self.levels.pop()  # a raise that is taken back was none
            self.severity = facts.severity.value
            if not self.levels or self.levels[-1][1] != self.severity:
                self.levels.append((at, self.severity))
            self.peak = min(level for _, level in self.levels)
        if self.phase == "open" and not was_open:
            self.opened = at
            self.paths = dict.fromkeys(self.paths, at)
            self.mitigated = None
        over = self.phase in {"closed", "gone"}
        if over and self.closed is None:
            self.closed, self.cleared = at, False
        elif not over:
            self.closed = None
        if over or facts.acknowledged:
            self.waiting = None
        elif self.waiting is None:
            self.waiting, self.breached = at, False
        self._stage(at, incident.stage if isinstance(incident, s.Open) else None)

    def _stage(self, at: datetime, stage: Any) -> None:
        if stage is not s.Stage.INVESTIGATING:
            self.sought = None
        elif self.sought is None:
            self.sought, self.unexplained = at, False
        if stage is not s.Stage.MONITORING:
            if self.mitigated is not None and stage is not None:  # it did not hold
                self.paths = dict.fromkeys(self.paths, at)
            self.mitigated = None
        elif self.mitigated is None:
            self.mitigated = at

    def _tell(self, point: Point) -> None:
        """Who hears of it, and has just heard how it goes on."""
        at, event, after = point.at, point.event, point.after
        impact = after.facts.assessment.impact
        if isinstance(event, e.EntryRetracted) and event.kind == "update_posted":
            heard = self.heard.pop(event.entry, set())
            self.updates -= bool(heard)
            self.taken_back += "customers" in heard
        if isinstance(event, e.UpdatePosted):
            heard = set(event.audiences) - set(event.unreached)
            self.heard[point.id] = heard
            self.updates += bool(heard)
            self.addressed |= heard
            self.public_updates += "customers" in heard
            if "customers" in heard:
                self.customers_know = event.status.value
        self._carry(event)
        if not self.in_public:
            self.interval.pop("customers", None)
        if self.phase != "open":
            self.facing = None
            return
        affected = impact.users_affected or impact.percent_affected or impact.paying_customers
        broken = impact.functionality is not None and impact.functionality.value in r.FACING
        known = affected or impact.customer_reported or broken
        self.facing = (self.facing or at) if known and self.may_be_public else None
        escalated = isinstance(event, k.Escalated) and event.audience == "executives"
        said = {type(each) for each in point.commit.events} != {e.Acknowledged}
        reached = said and "executives" not in point.commit.unreached
        if "executives" in point.commit.unreached:
            self.interval.pop("executives", None)
        severe = self.severity <= "SEV2" or escalated or self._brought("executives")
        hears = {
            "engineering": True,
            "executives": severe and reached,
            "customers": self.in_public,
        }
        for audience, begins in hears.items():
            new = audience not in self.interval and begins and not point.commit.retold
            if new or (audience in self.interval and self._is_news(point, audience)):
                self.interval[audience] = at

    @property
    def in_public(self) -> bool:
        """Whether customers were told of it, or of what is part of it, and may hear more."""
        told = self._brought("customers") or "customers" in self.addressed
        return told and self.may_be_public

    @property
    def may_be_public(self) -> bool:
        """Whether it is none of those things of which customers hear nothing."""
        return self.kind is not e.Kind.DRILL

    @property
    def is_told_in_public(self) -> bool:
        """Whether an update to customers stands."""
        return self._brought("customers") or self.public_updates > self.taken_back

    def _brought(self, audience: str) -> bool:
        return any(audience in each.audiences for each in self.carried.values())

    @property
    def has_update(self) -> bool:
        """Whether anybody has written one, of it or of what is part of it."""
        return self.updates > 0 or any(each.updates for each in self.carried.values())

    def _carry(self, event: Any) -> None:
        """Whoever knows of what is merged into it knows of it, until an unmerge."""
        if isinstance(event, e.DuplicateAttached) and event.brought:
            self.carried[event.duplicate] = event.brought
            self.tiers += event.brought.tiers
            if event.brought.severe_since:
                level = event.brought.severity or self.severity
                self.severe_before[event.duplicate] = (level, event.brought.severe_since)
        elif isinstance(event, e.DuplicateDetached):
            gone = self.carried.pop(event.duplicate, None)
            self.severe_before.pop(event.duplicate, None)
            self.tiers = [each for each in self.tiers if not gone or each not in gone.tiers]

    def _is_news(self, point: Point, audience: str) -> bool:
        """Whether an audience hears of it with the promise of the next update."""
        before, after, event = point.before, point.after, point.event
        if not isinstance(before, s.Open):
            return True
        if point.commit.retold:
            return False
        if isinstance(event, e.UpdatePosted) and audience in event.heard_by:
            return True
        merge = isinstance(event, e.DuplicateAttached) and event.brought
        if merge and audience in event.brought.audiences and audience != "customers":
            return True
        watched = before.stage is s.Stage.MONITORING and after.stage is not s.Stage.MONITORING
        if isinstance(event, e.DidNotHold) and watched and audience == "customers":
            heard, self.customers_know = self.customers_know in r.RECOVERY, None
            return heard
        turned = (
            before.stage is not after.stage
            or before.facts.severity is not after.facts.severity
            or before.facts.about.declared is not after.facts.about.declared
            or (before.facts.response.root_cause is None)
            is not (after.facts.response.root_cause is None)
        )
        return turned and audience != "customers"

    def _note(self, point: Point) -> None:
        at, event = point.at, point.event
        match event:
            case e.Mitigated() if self.phase == "open" and event.occurred_at > self.set_back:
                self.mitigated = at
            case e.TimeCorrected(milestone=e.Milestone.MITIGATED) if self.mitigated:
                self.mitigated = at
            case e.Reopened() | e.DidNotHold():
                self.set_back = max(self.set_back, event.occurred_at)
                was_over = not isinstance(point.before, s.LIVE)
                if was_over and isinstance(point.after, s.LIVE):
                    self.tiers.clear()
                    self.unheard.clear()
                    self.severe_before.clear()
                    self.told_at.clear()
            case e.HypothesisOpened():
                self.paths[event.hypothesis] = at
            case e.HypothesisConfirmed() | e.HypothesisRejected() | e.HypothesisAbandoned():
                self.paths.pop(event.hypothesis, None)
            case k.AllClear():
                self.cleared = True
            case _:
                self._note_clock(at, event)

    def _note_clock(self, at: datetime, event: Any) -> None:
        match event:
            case k.UpdateOverdue():
                self.interval |= dict.fromkeys(event.audiences, event.due_at)
            case k.UpdateDue():
                self.reminded |= dict.fromkeys(event.audiences, event.due_at)
            case k.TimeboxExpired():
                self.expired.add((event.hypothesis, event.due_at))
            case k.ResponseOverdue():
                self.breached = True
            case k.RootCauseOverdue():
                self.unexplained = True
            case k.FirstUpdateOverdue():
                if "customers" in event.audiences:
                    self.unsaid_in_public = event.due_at
                else:
                    self.unsaid = event.due_at
            case k.Escalated():
                self._note_escalation(at, event)
            case _:
                self._note_end(event)

    def _note_escalation(self, at: datetime, event: k.Escalated) -> None:
        if event.unreached:
            self.unheard.add(event.tier)
        else:
            self.tiers.append(event.tier)
            self.unheard.discard(event.tier)
            self.ever_told.add(event.tier)
        self.told_at[event.tier] = at
        if event.automatic and event.due_at:
            self.escalated[event.automatic.rule] = event.due_at

    def _note_end(self, event: Any) -> None:
        match event:
            case k.MonitoringEnded():
                self.watched.add(event.due_at)
            case k.RecordFiled():
                self.filed_at = event.occurred_at
            case k.PostmortemPublished():
                self.published_at = event.occurred_at
            case k.PostmortemRequested():
                self.requested.add(event.due_at)
            case k.PostmortemReminded():
                self.postmortem_reminded.add(event.due_at)
            case k.PostmortemOverdue() | k.RecordOverdue():
                self.overdue.add(event.due_at)
