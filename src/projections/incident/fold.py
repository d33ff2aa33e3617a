"""What read models keep of an incident, folded once for all of them."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.incident import INCIDENT, Incident
from domain.incident.corrections.looking_back import HINDSIGHT
from domain.incident.deadlines import history as deadlines
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.notifiables import NOTIFIABLES
from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded
from domain.kernel.decider import UNKNOWN
from domain.kernel.notifiable import NOTHING_FOUND, NOTHING_TOLD, Found, Told
from domain.policy import DEFAULT, Policy
from domain.status_page.public_timeline import PublicTimeline, tell
from projections.past import Span, extend
from projections.projection import Change, Projection, Table


class IncidentFold(msgspec.Struct, frozen=True):
    """An incident after the commit at `position`, what has been `told` of it up to then, and what
    was `found` in that commit that is to be told. `public` is what the public was told; `span` is
    None of none. `moments` are those that its deadlines follow from, without the incident itself.
    """

    incident: Incident = INCIDENT.initial
    position: int = 0
    told: Told = NOTHING_TOLD
    found: Found = NOTHING_FOUND
    public: PublicTimeline | None = None
    span: Span | None = None
    moments: DeadlineHistory = DeadlineHistory()

    def history(self, policy: Policy) -> DeadlineHistory:
        """What its deadlines follow from, where this policy is in force."""
        return deadlines.under(replace(self.moments, incident=self.incident), policy)


NOTHING_FOLDED = IncidentFold()


def follow(known: IncidentFold, recorded: Recorded[Event]) -> IncidentFold:
    """What is known after one more commit."""
    passed: list[Incident] = []

    def evolve(state: Incident, event: Any, actor: str = UNKNOWN, /) -> Incident:
        passed.append(after := INCIDENT.evolve(state, event, actor))
        return after

    incident, told, found = NOTIFIABLES.follow(
        evolve,
        known.incident,
        known.told,
        recorded.commit,  # type: ignore[arg-type]
    )
    public = tell(known.public, incident, recorded)
    span = extend(known.span, recorded, HINDSIGHT)
    moments = _follow_moments(known, recorded, passed)
    return IncidentFold(incident, recorded.position, told, found, public, span, moments)


def _follow_moments(
    known: IncidentFold, recorded: Recorded[Event], passed: list[Incident]
) -> DeadlineHistory:
    """The moments after a commit that took the incident through these states."""
    states = iter(passed)
    before = replace(known.moments, incident=known.incident)
    after = deadlines.follow(before, recorded, DEFAULT, lambda *_: next(states))
    if after is before:
        return known.moments
    return replace(after, incident=_NONE)


_NONE = Undeclared()


def moves(before: IncidentFold, after: IncidentFold) -> bool:
    """Whether what has happened can move a deadline, or anything else that follows from a policy: a
    note does not.
    """
    return before.incident is not after.incident or before.moments is not after.moments


def under_policy(
    name: str,
    version: int,
    table: Table,
    show: Callable[[str, IncidentFold, Policy], Iterable[Change]],
) -> Callable[[Policy], Projection[IncidentFold]]:
    """A read model of incidents whose rows follow from the policy as well, so each policy has its
    own.
    """

    def under(policy: Policy) -> Projection[IncidentFold]:
        return Projection(
            name=name,
            version=version,
            follows=("incident.",),
            tables=(table,),
            initial=NOTHING_FOLDED,
            evolve=follow,
            snapshot=IncidentFold,
            show=lambda incident_id, known: show(incident_id, known, policy),
            moves=moves,
            under=under,
            policy_fingerprint=policy.fingerprint,
        )

    return under
