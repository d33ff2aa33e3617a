"""What the matrix and the escalation triggers say of an impact, and what people have decided."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

from domain.incident.impact import Changes, Impact
from domain.kernel.commit import Instant
from domain.kernel.decider import UNKNOWN
from domain.kernel.text import behind_colon
from domain.policy import Severity


class Doubt(StrEnum):
    """Why the matrix says the higher of the levels in doubt."""

    NOT_ASSESSED = "not_assessed"
    SHARE_UNKNOWN = "share_unknown"


class Ruling(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the matrix in force said of an impact, and by which criterion.

    It is on disk: rename nothing, add optional fields.
    """

    severity: Severity
    because: str
    doubt: Doubt | None = None


class Growth(msgspec.Struct, frozen=True, omit_defaults=True):
    """That what is stated of the impact raises the severity where it is `factor` times what was
    known first, as long as nobody has decided. `doubled` is how severe all that has doubled has it,
    `baseline` what later figures are compared with. Where an alert makes it so, or shows that it
    is, `severity` is the level that comes of it and `because` the figures. Events of earlier
    releases have no `baseline`: of them the level counts that they say last.

    It is on disk: rename nothing, add optional fields.
    """

    factor: float
    severity: Severity | None = None
    because: str | None = None
    doubled: Severity | None = None
    baseline: Impact | None = None


class Raised(msgspec.Struct, frozen=True):
    """A raise of the severity by a rule: when, and to which level."""

    at: Instant
    severity: Severity


class ImpactRuled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the matrix makes of an impact that was put right, and the `floor` below which nobody may
    put it. `declared` is the level that it was declared with, where nobody had named one and the
    matrix now says another; `stands` how severe a floor has it, where no raise says so, `keeps`
    what it is kept at, and `growth` as in `ImpactReassessed`. Earlier releases kept automatic
    raises that had lost their ground (`kept`); now they are taken back, by events that come with
    this one.

    It is on disk: rename nothing, add optional fields.
    """

    matrix: Ruling
    floor: Severity | None = None
    kept: tuple[Raised, ...] = ()
    declared: Severity | None = None
    stands: Severity | None = None
    keeps: Severity | None = None
    growth: Growth | None = None


class Adoption(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a declaration makes of an incident that alerts had opened: since when (`at`) it is so,
    what the declaration itself `stated` of the impact, and what the `matrix` and floors say of all
    that is known now, with what it is kept at. `settles`: up to when it decides what alerts
    claimed; None: it names no severity, and somebody had decided before.

    It is on disk: rename nothing, add optional fields.
    """

    at: Instant
    stated: Changes
    matrix: Ruling
    settles: Instant | None = None
    floor: Severity | None = None
    keeps: Severity | None = None


HIGHEST = "merge.highest_severity"
"""The rule by which the severity of an incident that is merged into another counts there."""


class Demand(NamedTuple):
    """A level that a rule wants an incident to have at least, and why."""

    severity: Severity
    rule: str
    because: str


class Decision(msgspec.Struct, frozen=True):
    """What somebody has decided on the severity, and why; `by` whom, where the matrix said more."""

    severity: Severity
    reason: str | None = None
    by: str | None = None

    def held(self, matrix: Ruling | None, severity: Severity) -> str | None:
        """That an incident of this severity stands below what the matrix says, by whose decision
        and why; None: it does not, or nobody knows of an impact.
        """
        if matrix is None or matrix.doubt is Doubt.NOT_ASSESSED:
            return None
        if not matrix.severity.outranks(severity):
            return None
        by = f" by {self.by}" if self.by and self.by != UNKNOWN else ""
        later = "" if self.severity is severity else f"now {severity} after it was "
        return (
            f"matrix says {matrix.severity}, {later}held at {self.severity}{by}"
            f"{behind_colon(self.reason)} (criterion: {matrix.because})"
        )
