"""What the deadlines of an incident follow from: when things were recorded, and by which events.

Deadlines count from when a thing became known to us, not from when it happened: nobody can answer
what nobody has heard of. And they run only for what is live: an alert that fires is, whenever it
began; an incident that was declared long after it began is told in retrospect.
"""

from typing import Any

import msgspec
from msgspec.structs import replace

from domain.incident import state as s
from domain.incident.deadlines.due_times import Reached
from domain.incident.deadlines.events import AllClear, Escalated
from domain.incident.deadlines.news import follow_news, tells_nobody
from domain.incident.deadlines.questions import (
    is_going_on,
    is_sought,
    is_unacknowledged,
    is_watched,
    owes_customers,
)
from domain.incident.engagement import is_left_to_people
from domain.incident.events import (
    AlertReceived,
    DuplicateAttached,
    DuplicateDetached,
    Kind,
    Merged,
    SeverityRaiseWithdrawn,
    Unmerged,
)
from domain.incident.state import Incident, Undeclared
from domain.incident.told_together import is_told_together
from domain.kernel.commit import Event, Recorded
from domain.kernel.deadline import Moment, moments
from domain.kernel.decider import Evolve
from domain.kernel.totality import chosen
from domain.policy import Policy, Severity
from domain.policy.audience import Audience, Audiences

LIVE_KINDS = chosen(
    "whether incidents are responded to",
    Kind,
    {
        Kind.STANDARD: True,
        Kind.RETROSPECTIVE: False,
        Kind.MAINTENANCE: False,
        Kind.TEST: False,
        Kind.DRILL: True,
    },
)
"""Incidents that are responded to while they go on; the others are kept for the record."""


class DeadlineHistory(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with the moments that matter. None: not yet, or not any more."""

    incident: Incident = Undeclared()
    live: bool = False
    behind_s: float = 0.0
    """How long after it began it was told; 0 of an alert that still fires."""
    began: Moment | None = None
    levels: tuple[Reached, ...] = ()
    """Each severity that it has had, in order."""
    carried: dict[str, Reached] = {}
    """How severe a duplicate was, and since when, that it carries on: no clock begins anew."""
    opened: Moment | None = None
    """Since when it has been responded to: its declaration, or the last time it was reopened."""
    news: dict[Audience, Moment] = {}
    """When each audience that hears of it last had news of it."""
    facing: Moment | None = None
    """Since when it is known that customers are affected, while it is open."""
    waiting: Moment | None = None
    """Since when it goes on and nobody has acknowledged it."""
    merged: Moment | None = None
    """Likewise, until a merge ended that: where it is none, the clock does not begin anew."""
    acknowledged: Moment | None = None
    sought: Moment | None = None
    """Since when its cause is being sought, and users are affected."""
    identified: Moment | None = None
    mitigated: Moment | None = None
    alerts_over: Moment | None = None
    """Since when no alert fires any more of what people have in hand."""
    closed: Moment | None = None
    cleared: bool = False
    """Whether an all-clear was given since it was closed."""
    tiers: dict[str, Moment] = {}
    """When each tier was last told, or was to be."""
    heard: tuple[str, ...] = ()
    """Those of them that a channel told, ever."""
    unreached: Audiences = ()
    """Those of our own people whom no channel told of it, as of the last commit that says so."""
    paths: dict[str, Moment] = {}
    """Open hypotheses, by name, since they were opened, or the incident was again, or it turned out
    that a mitigation did not hold.
    """

    @property
    def peak(self) -> Severity:
        """The highest severity that it has had."""
        return min(reached.severity for reached in self.levels)


def is_raised_since(history: DeadlineHistory, moment: Moment) -> bool:
    """Whether it has become more severe after a moment than it had ever been by then."""
    before = [reached.severity for reached in history.levels if reached.since.at <= moment.at]
    return history.peak.outranks(min(before, default=Severity.SEV4))


def running(history: DeadlineHistory) -> s.KnownIncident | None:
    """The incident, if deadlines run for it."""
    incident = history.incident
    if not history.live or isinstance(incident, Undeclared):
        return None
    if incident.facts.about.kind not in LIVE_KINDS or is_told_together(incident):
        return None
    return incident


def facts_of(history: DeadlineHistory) -> s.Facts:
    """What is known of an incident for which deadlines run."""
    incident = running(history)
    assert incident is not None, "what does not run is not asked"
    return incident.facts


def follow(
    history: DeadlineHistory,
    recorded: Recorded[Event],
    policy: Policy,
    evolve: Evolve[Incident, Any],
) -> DeadlineHistory:
    """The history after one more commit."""
    commit = recorded.commit
    for event, moment in moments(commit):
        after = evolve(history.incident, event, commit.actor)
        news = history.news
        if not isinstance(after, Undeclared):
            news = follow_news(news, history.incident, after, event, moment, commit)
        if after is not history.incident:  # a note changes nothing that a time counts from
            history = _move(history, after, event, moment, policy)
        if news is not history.news:
            history = replace(history, news=news)
    if commit.unreached != history.unreached and not tells_nobody(commit):
        history = replace(history, unreached=commit.unreached)
    return history


def _move(
    before: DeadlineHistory, incident: Incident, event: Event, moment: Moment, policy: Policy
) -> DeadlineHistory:
    if isinstance(incident, Undeclared):
        return before
    known = None if isinstance(before.incident, Undeclared) else before.incident.facts
    over = not is_going_on(incident)
    return replace(
        before,
        incident=incident,
        cleared=over and (before.cleared or isinstance(event, AllClear)),
        **_begin(before, event, moment, policy),
        **_reach(before, incident.facts.severity, event, moment),
        **_carry(before, event, incident, moment),
        **_unless_merged(before, event, _answer(before, known, incident, moment)),
        **_escalate(before, event, moment),
        **_open_paths(before, known, incident, moment),
    )


def _begin(
    before: DeadlineHistory, event: Event, moment: Moment, policy: Policy
) -> dict[str, object]:
    """Whether it is live is said by what begins it, or follows from how late that was recorded."""
    if before.began is not None:
        return {}
    fires = isinstance(event, AlertReceived) and event.live
    behind_s = 0.0 if fires else (moment.at - event.occurred_at).total_seconds()
    return {"began": moment, "behind_s": behind_s, "live": behind_s <= policy.live_within_s}


def under(history: DeadlineHistory, policy: Policy) -> DeadlineHistory:
    """The same where another policy is in force: whether it is live is all that follows from it."""
    return replace(history, live=history.behind_s <= policy.live_within_s)


def _reach(
    before: DeadlineHistory, severity: Severity, event: Event, moment: Moment
) -> dict[str, object]:
    """A raise that has lost its ground was never reached."""
    levels = before.levels
    withdrawn = event.withdrawn if isinstance(event, SeverityRaiseWithdrawn) else None
    if levels and levels[-1].severity is withdrawn is not severity:
        levels = levels[:-1]
    if levels and levels[-1].severity is severity:
        return {"levels": levels}
    return {"levels": (*levels, Reached(severity, moment))}


def _carry(
    before: DeadlineHistory, event: Event, incident: s.KnownIncident, moment: Moment
) -> dict[str, object]:
    """Since when what was merged into it was as severe, as long as that is part of it."""
    if not isinstance(incident, s.LIVE):
        return {"carried": {}}
    if isinstance(event, DuplicateDetached):
        rest = {name: each for name, each in before.carried.items() if name != event.duplicate}
        return {"carried": rest}
    if not isinstance(event, DuplicateAttached) or event.brought is None:
        return {}
    since, level = event.brought.severe_since, event.brought.severity or incident.facts.severity
    if since is None:
        return {}
    reached = Reached(level, replace(moment, at=since))
    return {"carried": {**before.carried, event.duplicate: reached}}


def _escalate(before: DeadlineHistory, event: Event, moment: Moment) -> dict[str, object]:
    if not isinstance(event, Escalated):
        return {}
    heard = () if event.unreached or event.tier in before.heard else (event.tier,)
    return {
        "tiers": {**before.tiers, event.tier: moment},
        "heard": (*before.heard, *heard),
    }


def _answer(
    before: DeadlineHistory, known: s.Facts | None, incident: s.KnownIncident, moment: Moment
) -> dict[str, object]:
    """Since when each question is open, or answered."""
    facts, response = incident.facts, incident.facts.response
    is_open = isinstance(incident, s.Open)
    again = response.monitoring_since != (known.response.monitoring_since if known else None)
    watched = is_watched(incident)
    asked = (
        ("opened", before.opened, is_open),
        ("facing", before.facing, owes_customers(incident)),
        ("waiting", before.waiting, is_unacknowledged(incident)),
        ("acknowledged", before.acknowledged, facts.acknowledged),
        ("sought", before.sought, is_sought(incident)),
        ("identified", before.identified, response.root_cause is not None),
        ("mitigated", before.mitigated, watched),
        ("alerts_over", before.alerts_over, is_left_to_people(incident)),
        ("closed", before.closed, not is_going_on(incident)),
    )
    turned: dict[str, object] = {
        name: moment if holds else None
        for name, since, holds in asked
        if holds is not (since is not None)
    }
    return turned | {"mitigated": moment} if again and watched else turned


MERGES = (Merged, DuplicateAttached)
PARTINGS = (Unmerged, DuplicateDetached)


def _unless_merged(
    before: DeadlineHistory, event: Event, turned: dict[str, object]
) -> dict[str, object]:
    """What a merge has ended goes on from where it began, once that turns out to be none."""
    if isinstance(event, MERGES):
        has_ended = turned.get("waiting", before) is None
        return turned | {"merged": before.waiting} if has_ended else turned
    if before.merged is None:
        return turned
    begins = turned.get("waiting") is not None
    if begins and isinstance(event, PARTINGS):
        turned = turned | {"waiting": before.merged}
    is_past = begins or isinstance(event, Unmerged)
    return turned | {"merged": None} if is_past else turned


def _open_paths(
    before: DeadlineHistory, known: s.Facts | None, incident: s.KnownIncident, moment: Moment
) -> dict[str, object]:
    """The hypotheses that are open. A reopened incident begins them anew, and so does one whose
    mitigation did not hold.
    """
    set_back = before.mitigated is not None and not is_watched(incident)
    reopened = isinstance(incident, s.Open) and (before.opened is None or set_back)
    hypotheses = incident.facts.response.hypotheses
    if known is not None and hypotheses is known.response.hypotheses and not reopened:
        return {}
    paths = {
        path.name: moment if reopened else before.paths.get(path.name, moment)
        for path in incident.facts.response.pursued
    }
    return {"paths": paths}


def acknowledgement(history: DeadlineHistory) -> Moment | None:
    """The first answer that still holds to what nobody has acknowledged."""
    return first(history.acknowledged, history.closed)


def first(*moments: Moment | None) -> Moment | None:
    """The first of these, as far as they have come."""
    given = [moment for moment in moments if moment is not None]
    return min(given, key=lambda moment: moment.at, default=None)
