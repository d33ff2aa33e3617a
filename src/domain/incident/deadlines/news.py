"""What counts as news of an incident for an audience: after it, the next update is due a whole
interval later, as the message says that told them.

Our own people are told of updates and of every turn that the incident takes, each with a message
that says when they hear again; customers hear the updates that are addressed to them, that a
recovery was none, and where what they were told of goes on. Executives whom no channel tells wait
for nothing.
"""

from collections.abc import Iterator
from typing import Any

from domain.incident.carried_on import is_public, is_told_of_others, may_be_public
from domain.incident.deadlines.events import Escalated
from domain.incident.events import Acknowledged
from domain.incident.state import Facts, Incident, KnownIncident, Open
from domain.kernel.commit import Commit, Event
from domain.kernel.deadline import Moment
from domain.kernel.notifiable import USUAL_LEVEL
from domain.policy.audience import OURS, Audience


def standing(incident: KnownIncident, audience: Audience) -> tuple[Any, ...]:
    """How an audience has been told that it stands: when this is another, they have had news."""
    facts = incident.facts
    told = facts.response.updates_to.get(audience, 0)
    if audience not in OURS:
        return (told, facts.response.setbacks, is_public(facts))
    stage = incident.stage if isinstance(incident, Open) else None
    unknown = facts.response.root_cause is None
    merges = facts.response.merges_told.get(audience, 0)
    return (told, stage, unknown, facts.severity, facts.about.declared, merges)


def follow_news(
    known: dict[Audience, Moment],
    before: Incident,
    after: KnownIncident,
    event: Event,
    moment: Moment,
    commit: Commit[Any],
) -> dict[Audience, Moment]:
    """When each audience that hears of the incident last had news of it, after one more event.
    What is told in retrospect is no news, and nothing is while it is not open.
    """
    gone = set(_hear_no_more(after.facts, commit))
    if not gone.isdisjoint(known):
        known = {each: since for each, since in known.items() if each not in gone}
    if not isinstance(after, Open) or commit.retold:
        return known
    news = {
        audience: moment
        for audience in Audience
        if (audience in known or _begins_to_hear(audience, after.facts, event, commit))
        and (
            not isinstance(before, Open)
            or audience not in known
            or (before is not after and standing(before, audience) != standing(after, audience))
        )
    }
    return {**known, **news} if news else known


def _hear_no_more(facts: Facts, commit: Commit[Any]) -> Iterator[Audience]:
    if not _hears_in_public(facts):  # what customers were told of is another one again, or private
        yield Audience.CUSTOMERS
    if Audience.EXECUTIVES in commit.unreached:  # no channel tells them any more
        yield Audience.EXECUTIVES


def _begins_to_hear(audience: Audience, facts: Facts, event: Event, commit: Commit[Any]) -> bool:
    match audience:
        case Audience.ENGINEERING:
            return True
        case Audience.EXECUTIVES:
            if audience in commit.unreached or tells_nobody(commit):
                return False  # they wait for nothing
            level = commit.executives_from or USUAL_LEVEL
            escalated = isinstance(event, Escalated) and event.audience is audience
            severe = not level.outranks(facts.severity)
            return escalated or severe or is_told_of_others(facts, audience)
        case Audience.CUSTOMERS:
            return _hears_in_public(facts)


def _hears_in_public(facts: Facts) -> bool:
    return is_public(facts) and may_be_public(facts)


def tells_nobody(commit: Commit[Any]) -> bool:
    """Such a commit does not say whom no channel tells."""
    return all(isinstance(event, Acknowledged) for event in commit.events)
