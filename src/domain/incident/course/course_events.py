"""How an incident goes: what its cause may be and is, what is done about it, its end, and what did
not hold.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters.
"""

from domain.kernel.commit import Event
from domain.kernel.roster import NameDoubt


class HypothesisOpened(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.hypothesis_opened.v1"
):
    """An investigation path begins. `hypothesis` is its name within the incident: H1, H2, …
    `person` is who the owner was by the directory, `doubt` why it is not sure; without both the
    directory was not asked.
    """

    hypothesis: str
    statement: str
    owner: str | None = None
    person: str | None = None
    doubt: NameDoubt | None = None


class HypothesisConfirmed(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.hypothesis_confirmed.v1"
):
    """The evidence supports it."""

    hypothesis: str
    finding: str


class HypothesisRejected(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.hypothesis_rejected.v1"
):
    """The evidence speaks against it."""

    hypothesis: str
    finding: str


class HypothesisAbandoned(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.hypothesis_abandoned.v1"
):
    """Left undecided to follow another path."""

    hypothesis: str
    reason: str


class RootCauseIdentified(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.root_cause_identified.v1"
):
    """The cause is understood, at least to the point where it can be fixed: perhaps that of a
    `hypothesis`, by its name. `announced`: whoever heard of the incident hears of it although it is
    over; in logs of earlier releases they did not, and do not so much later.
    """

    cause: str
    hypothesis: str | None = None
    announced: bool = False


class RootCauseWithdrawn(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.root_cause_withdrawn.v1"
):
    """What was stated as the `cause` was not it; where that was a `hypothesis`, another one that
    was confirmed stays the cause.
    """

    reason: str
    cause: str
    hypothesis: str | None = None


class Mitigated(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.mitigated.v1"):
    """Users are no longer affected; recovery is being watched."""

    mitigation: str


class DidNotHold(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.did_not_hold.v1"
):
    """A mitigation or resolution, `what`, turned out not to hold: it is back where it was before,
    and to be acknowledged again if it was over.
    """

    reason: str
    what: str | None = None


class Resolved(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.resolved.v1"):
    """The incident is over. `early_reason`: why it was not acknowledged, mitigated or watched."""

    resolution: str
    early_reason: str | None = None
    verification: str | None = None


class Reopened(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.reopened.v1"):
    """It was not over, or not a false positive. `anew`: it is to be acknowledged again, and what
    was mitigated before is not any more; earlier releases left that as it was.
    """

    reason: str
    anew: bool = False


class Canceled(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.canceled.v1"):
    """It was a false positive."""

    reason: str
