"""What can happen to the severity of an incident, and to what is known of its impact.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters.
"""

import msgspec

from domain.incident.deadlines.events import Automatic
from domain.incident.impact import Changes, Impact
from domain.incident.severity.ruling import Growth, Ruling
from domain.kernel.commit import Event, Instant
from domain.policy import Severity


class GivenBack(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `was` taken over from another incident at a time, is that of nobody else, and so never
    was so: unless others that are still part of it have it `now`.

    It is on disk: rename nothing, add optional fields.
    """

    at: Instant
    was: Changes
    now: Changes | None = None


class ImpactReassessed(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.impact_reassessed.v1"
):
    """The whole assessment as it stands now. `floor` is the level below which the policy in force
    lets nobody put such an impact, if any; `matrix` is what its matrix says of it.

    `stated` is what was said: the rest is as it was then. It is not there in events of earlier
    releases, of which the last one counts, whenever it was so. Where something else has become of
    the impact since, `floor_now` and `matrix_now` are about that. Figures that were `taken_over`
    are those of another incident, which was merged into this one or is no part of it any more.
    `stands` is how severe a floor has it, where no raise says so: somebody had decided less since.
    `keeps` is what floors and the matrix have had it at since the last decision, where no raise
    says so since alerts claimed as much, and neither of them does any more. `growth`: nobody had
    decided, and so it was weighed with all that others had stated. `given_back`: the other incident
    is no part of it any more, and of its figures none were so; `stated` is what they are now.
    """

    impact: Impact
    floor: Severity | None = None
    matrix: Ruling | None = None
    stated: Changes | None = None
    floor_now: Severity | None = None
    matrix_now: Ruling | None = None
    taken_over: bool = False
    stands: Severity | None = None
    keeps: Severity | None = None
    growth: Growth | None = None
    given_back: tuple[GivenBack, ...] = ()


class SeverityChanged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.severity_changed.v1"
):
    """A responder (`decided_by`) decided on the severity: on another one, or that it is to stay.
    `matrix` is what the matrix says of the impact, `held_by` who holds the incident below that.
    `keeps`: as in `ImpactReassessed`, where it was decided of an earlier time.
    """

    severity: Severity
    previous: Severity
    reason: str
    matrix: Ruling | None = None
    held_by: str | None = None
    decided_by: str | None = None
    keeps: Severity | None = None


class SeverityUpgraded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.severity_upgraded.v1"
):
    """An escalation trigger raised the severity. `undecided`: nobody had decided on it, so that it
    follows from what is stated and claimed for as long as nobody does.
    """

    severity: Severity
    previous: Severity
    reason: str
    automatic: Automatic
    undecided: bool = False


class SeverityRaiseWithdrawn(
    Event,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag="incident.severity_raise_withdrawn.v1",
):
    """What became known of an earlier time takes an automatic raise its ground: then, as it
    occurred, the incident did not become `withdrawn`; it stayed at `severity`. `remains`: so severe
    is another one that is still part of it, of several that were merged into it. `declared`: it is
    no raise, but what it was declared with, where nobody had named a level.
    """

    withdrawn: Severity
    severity: Severity
    reason: str
    automatic: Automatic
    remains: bool = False
    declared: bool = False
