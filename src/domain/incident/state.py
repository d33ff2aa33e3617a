"""What an incident is, as folded from its events: a union of phases around common facts.

`evolve` trusts history: it never re-validates, and an impossible sequence is an AssertionError.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, final

import msgspec
from msgspec.structs import replace

from domain.incident.alerts.register import AlertRegister
from domain.incident.assertions import Assertions
from domain.incident.corrections.correction_events import Amended
from domain.incident.course.waivers import Waiver
from domain.incident.deadlines.discipline import Discipline
from domain.incident.deadlines.events import SeenIncident
from domain.incident.events import Kind, Milestone, Origin
from domain.incident.hypothesis import Hypothesis, HypothesisStatus
from domain.incident.last_update import LastUpdate
from domain.incident.merging.merge_events import Brought
from domain.incident.milestones import Milestones
from domain.incident.relation import Attachment, Related
from domain.incident.severity.course import Assessment
from domain.incident.severity.ruling import Decision
from domain.kernel.roster import Who
from domain.kernel.totality import kinds, total
from domain.policy import Role, Severity
from domain.policy.audience import Audience, Audiences
from domain.sight import Sight

PREFIX = "INC"


def reference_of(number: int) -> str:
    """What people call the incident with this number: `INC-123`."""
    return f"{PREFIX}-{number}"


class Stage(StrEnum):
    """How far the response to an open incident has come."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What it is: its number and names, why it is on record, and which others turned out to be it,
    with what these brought. Title and services are those of its alerts until it is declared.
    """

    number: int
    title: str
    summary: str | None = None
    services: tuple[str, ...] = ()
    kind: Kind = Kind.STANDARD
    origin: Origin | None = None
    declared: bool = False
    declared_by: str | None = None
    duplicates: tuple[str, ...] = ()
    brought: dict[str, Brought] = {}
    private: Sight | None = None


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """How responders (and rules) have left it, before alerts are considered; `decision` is the last
    one that a person has made on the severity, `floored` the floor that earlier releases decided.

    `moved_at` is up to when what alerts say of being over or not is settled, because a responder
    has acted since; `closed`: by closing the incident. `corrected` are the milestones that a
    responder has put right, `origins` when these were said to be first; `described` are the fields
    of `Description` that were put right. Who has acknowledged before `unacknowledged_at` is to do
    so again.
    """

    milestones: Milestones = Milestones()
    stage: Stage = Stage.INVESTIGATING
    severity: Severity | None = None
    floored: Severity | None = None
    decision: Decision | None = None
    acknowledgement_at: datetime | None = None
    unacknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    moved_at: datetime | None = None
    closed: bool = False
    closed_by: str | None = None
    corrected: tuple[Milestone, ...] = ()
    origins: dict[Milestone, datetime] = {}
    described: tuple[str, ...] = ()


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """What people do about it. `holders`: whom of those with a role the directory knew, or did not.
    `monitoring_since` is the last mitigation; the milestone is the first. `waivers`: what rules
    stood against. `joined` have acknowledged it as well. `engaged`: a person has acted on it here,
    or told anybody, and nobody has ended it since. `updates_to`, `last_updates`: how many each
    audience had, and how it stood then; `retracted`, `retracted_to`: how many were taken back,
    `update_times` are those of the others that somebody was told, and `missed` whom one of a time
    did not reach. `setbacks`: how often customers were told of a recovery that was none;
    `merges_told`: of how many merges each audience was.
    `first_public_at` is the time of the earliest update for customers. `unattended_at`: a page last
    fired again then, of those that were heard of while nobody had it in hand. `refirings` are the
    `reopenings` by alerts.
    """

    roles: dict[Role, str] = {}
    holders: dict[Role, Who] = {}
    hypotheses: tuple[Hypothesis, ...] = ()
    root_cause: str | None = None
    mitigation: str | None = None
    resolution: str | None = None
    verification: str | None = None
    monitoring_since: datetime | None = None
    mitigations: Assertions = Assertions()
    causes: Assertions = Assertions()
    last_update_at: datetime | None = None
    updates: int = 0
    headline: str | None = None
    public: bool = False
    updates_to: dict[Audience, int] = {}
    retracted: int = 0
    retracted_to: dict[Audience, int] = {}
    missed: dict[datetime, Audiences] = {}
    update_times: tuple[datetime, ...] = ()
    last_updates: dict[Audience, LastUpdate] = {}
    first_public_at: datetime | None = None
    reopenings: int = 0
    refirings: int = 0
    unattended_at: datetime | None = None
    setbacks: int = 0
    merges_told: dict[Audience, int] = {}
    actions: int = 0
    engaged: bool = False
    waivers: tuple[Waiver, ...] = ()
    joined: tuple[str, ...] = ()

    def hypothesis(self, name: str) -> Hypothesis | None:
        """The investigation path of this name."""
        return next((path for path in self.hypotheses if path.name == name), None)

    @property
    def pursued(self) -> tuple[Hypothesis, ...]:
        """The investigation paths that are open."""
        return tuple(path for path in self.hypotheses if path.status is HypothesisStatus.OPEN)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known in every phase: how the incident stands, all considered (`severity`,
    `milestones`, `acknowledged`, `acknowledged_by`), and the parts that this follows from.
    """

    about: About
    severity: Severity
    milestones: Milestones = Milestones()
    acknowledged: bool = False
    acknowledged_by: str | None = None
    assessment: Assessment = Assessment()
    stated: Stated = Stated()
    response: Response = Response()
    alerts: AlertRegister = AlertRegister()
    discipline: Discipline = Discipline()
    changes: tuple[str, ...] = ()
    """The ids of changes of systems that stand on its timeline."""
    links: tuple[Attachment, ...] = ()
    related: tuple[Related, ...] = ()
    amended: dict[str, Amended] = {}
    """The entries of its timeline that were put right or retracted."""

    @property
    def held(self) -> str | None:
        """By whose decision it stands below what the matrix says, and why; None: it does not."""
        decision = self.stated.decision
        return decision.held(self.assessment.matrix, self.severity) if decision else None

    @property
    def began_as(self) -> Severity:
        """How severe it was before anybody had decided: as alerts claimed first, if they did."""
        first = min(self.alerts.claims, key=lambda claim: claim.at, default=None)
        return Severity(first.value) if first else self.assessment.initial or self.severity

    @property
    def is_clear(self) -> bool:
        """Whether an all-clear was given since it was last resolved."""
        given, over = self.discipline.all_clear_at, self.milestones.resolved_at
        return given is not None and (over is None or given >= over)

    @property
    def seen(self) -> SeenIncident:
        """What clocks go by: when this is another, so may be what is due."""
        known, times = self.response, self.milestones
        return SeenIncident(
            severity=self.severity, updates=known.updates + known.retracted,
            reopenings=known.reopenings,
            all_clears=self.discipline.all_clears, monitoring_since=known.monitoring_since,
            escalations=self.discipline.escalations, cause_known=known.root_cause is not None,
            over=bool(times.resolved_at or times.canceled_at), kind=self.about.kind,
        )  # fmt: skip

    @property
    def reference(self) -> str:
        """The name that people use: `INC-123`."""
        return reference_of(self.about.number)


@final
class Undeclared(msgspec.Struct, frozen=True, tag="undeclared"):
    """Nothing is recorded. Folds ask by `type(…) is`, at a tenth of the cost of `isinstance`."""


class Triage(msgspec.Struct, frozen=True, tag="triage"):
    """Alerts came in; nobody has declared an incident yet."""

    facts: Facts


class Open(msgspec.Struct, frozen=True, tag="open"):
    """Being responded to."""

    facts: Facts
    stage: Stage = Stage.INVESTIGATING


class Closed(msgspec.Struct, frozen=True, tag="resolved"):
    """Resolved, by a responder or, of a page, where the product says so; it may be reopened."""

    facts: Facts
    by: str | None = None


class FalsePositive(msgspec.Struct, frozen=True, tag="canceled"):
    """Canceled; it may be reopened."""

    facts: Facts
    by: str | None = None


class Duplicate(msgspec.Struct, frozen=True, tag="merged"):
    """Carried on as another incident, as long as it is not unmerged."""

    facts: Facts
    into: str
    into_number: int
    merged_at: datetime
    by: str | None = None
    public: bool = False


LIVE: Final = (Triage, Open)
"""The phases in which it goes on; for `isinstance`."""
EXERCISES: Final = (Kind.TEST, Kind.DRILL)
"""Nobody is told of these, so no page may end in one that is not part of it."""

KnownIncident = Triage | Open | Closed | FalsePositive | Duplicate
Incident = Undeclared | KnownIncident


def status(incident: Incident) -> str:
    """The public status: triage, investigating, identified, resolved and so on."""
    match incident:
        case Open(stage=stage):
            return stage.value
        case _:
            return str(incident.__struct_config__.tag)


_PHASES = [kind.__struct_config__.tag for kind in kinds(Incident) if kind is not Open]
CATEGORIES = total(
    "categories of statuses",
    (*_PHASES, *Stage),
    {
        "undeclared": "declined",
        "triage": "triage",
        "investigating": "live",
        "identified": "live",
        "monitoring": "live",
        "resolved": "closed",
        "canceled": "canceled",
        "merged": "merged",
    },
)
"""Status to status category, in the words of other incident products."""
OPEN: Final = frozenset({"triage", "live"})
OVER: Final = frozenset(it for it, its in CATEGORIES.items() if its not in {*OPEN, "declined"})
"""The categories of what is not over, and the statuses of what is."""


def was_acknowledged(facts: Facts) -> bool:
    """Whether somebody had, and has it no more: it was reopened, or that was withdrawn."""
    return facts.milestones.acknowledged_at is not None and not facts.acknowledged


def with_facts(incident: KnownIncident, **changes: Any) -> KnownIncident:
    """The same phase with some facts changed."""
    return replace(incident, facts=replace(incident.facts, **changes))


def with_response(incident: KnownIncident, **changes: Any) -> KnownIncident:
    """The same phase with something done about it."""
    return with_facts(incident, response=replace(incident.facts.response, **changes))


def stage_by_cause(facts: Facts) -> Stage:
    """The stage before mitigation."""
    return Stage.IDENTIFIED if facts.response.root_cause else Stage.INVESTIGATING


def in_triage(facts: Facts) -> bool:
    """Whether nobody has declared what alerts from triage sources report."""
    return not facts.about.declared and not facts.alerts.opened_incident


def going_on(facts: Facts, stage: Stage) -> Triage | Open:
    """Responded to, and so far; in triage until somebody has declared it."""
    return Triage(facts) if in_triage(facts) else Open(facts, stage)
