"""What an entry that was put right or retracted changes of the incident: an effect for each kind.

Whatever has become something else since (a cause, a mitigation) is not touched: the words are found
by what they were.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.assertions import Assertion, Assertions
from domain.incident.corrections.correction_events import Amended
from domain.incident.entries import ENTRIES, KIND_OF
from domain.incident.hypothesis import Hypothesis, HypothesisStatus
from domain.incident.impact import Changes
from domain.incident.relation import Attachment, link_name
from domain.incident.severity.amends import PutRight, fold_ruled
from domain.incident.severity.ruling import ImpactRuled
from domain.incident.state import Facts, KnownIncident
from domain.kernel.totality import total
from domain.policy.audience import Audiences


class Amendment(NamedTuple):
    """How an entry reads now, and how it did."""

    now: Amended
    was: Amended
    about: str | None
    ruled: ImpactRuled | None
    told: Audiences = ()


def fold_entry_corrected(incident: KnownIncident, event: e.EntryCorrected, _: str) -> KnownIncident:
    """It is as if it had been said so."""
    now = Amended(
        at=event.at,
        text=event.text,
        headline=event.headline,
        impact=event.impact,
        told=event.told,
    )
    was = Amended(
        at=event.previous_at,
        text=event.previous,
        headline=event.previous_headline,
        impact=event.previous_impact,
    )
    return _amend(incident, event, Amendment(now, was, event.about, event.ruled, event.told))


def fold_entry_retracted(incident: KnownIncident, event: e.EntryRetracted, _: str) -> KnownIncident:
    """It is as if it had not been said."""
    was = Amended(at=event.at, text=event.text, headline=event.headline, impact=event.impact)
    now = replace(was, retracted=True)
    return _amend(incident, event, Amendment(now, was, event.about, event.ruled, event.told))


def _amend(
    incident: KnownIncident, event: e.EntryCorrected | e.EntryRetracted, found: Amendment
) -> KnownIncident:
    facts = incident.facts
    facts = replace(facts, amended={**facts.amended, event.entry: found.now})
    effect = _EFFECTS.get(KIND_OF[event.kind])
    incident = replace(incident, facts=effect(facts, found) if effect else facts)
    if found.ruled is None or found.was.impact is None:
        return incident
    now: Changes | None = None if found.now.retracted else found.now.impact
    declares = KIND_OF[event.kind] is e.Declared
    said = PutRight(found.was.impact, found.was.at, now, found.now.at, declares)
    return fold_ruled(incident, found.ruled, said)


Effect = Callable[[Facts, Amendment], Facts]


def _path(facts: Facts, found: Amendment, change: Callable[[Hypothesis], Hypothesis]) -> Facts:
    paths = tuple(
        change(path) if path.name == found.about else path for path in facts.response.hypotheses
    )
    return replace(facts, response=replace(facts.response, hypotheses=paths))


def _opened(facts: Facts, found: Amendment) -> Facts:
    def change(path: Hypothesis) -> Hypothesis:
        if found.now.retracted:
            return replace(path, status=HypothesisStatus.RETRACTED)
        return replace(path, statement=found.now.text, opened_at=found.now.at)

    return _path(facts, found, change)


def _closed(facts: Facts, found: Amendment) -> Facts:
    """A path whose outcome is retracted is open again, unless it has another one since."""

    def change(path: Hypothesis) -> Hypothesis:
        if path.finding != found.was.text:
            return path
        if found.now.retracted:
            return replace(path, status=HypothesisStatus.OPEN, finding=None, closed_at=None)
        return replace(path, finding=found.now.text, closed_at=found.now.at)

    return _path(facts, found, change)


def _words_of(name: str) -> Effect:
    """The cause, the mitigation or the resolution, if it is still that one."""

    def change(facts: Facts, found: Amendment) -> Facts:
        if getattr(facts.response, name) != found.was.text:
            return facts
        return replace(facts, response=replace(facts.response, **{name: found.now.text}))

    return change


def _asserted(name: str, facts: Facts, found: Amendment) -> Facts:
    """What was asserted in a list, if it is a cause or a mitigation."""
    assertions: Assertions = getattr(facts.response, name)
    was = Assertion(found.was.at, found.was.text or "")
    amended = assertions.amended(was, found.now.at, found.now.text or "")
    return replace(facts, response=replace(facts.response, **{name: amended}))


def _identified(facts: Facts, found: Amendment) -> Facts:
    return _asserted("causes", _words_of("root_cause")(facts, found), found)


def _mitigated(facts: Facts, found: Amendment) -> Facts:
    facts = _asserted("mitigations", _words_of("mitigation")(facts, found), found)
    if facts.response.monitoring_since != found.was.at:
        return facts
    return replace(facts, response=replace(facts.response, monitoring_since=found.now.at))


def _severity(facts: Facts, found: Amendment) -> Facts:
    """The reason of a decision stands wherever the decision does."""

    def change(decision: Any) -> Any:
        if decision is None or decision.reason != found.was.text:
            return decision
        return replace(decision, reason=found.now.text)

    turns = tuple(replace(turn, decision=change(turn.decision)) for turn in facts.assessment.turns)
    stated = replace(facts.stated, decision=change(facts.stated.decision))
    assessment = replace(facts.assessment, turns=turns)
    return replace(facts, assessment=assessment, stated=stated)


def _updated(facts: Facts, found: Amendment) -> Facts:
    """Who was told something, was told it, and hears that it was not so. What was retracted is no
    update, so it answers no clock; the time of the last one may move.
    """
    known, was, now = facts.response, found.was.at, found.now
    missed = {at: whom for at, whom in known.missed.items() if at != was}
    times = list(known.update_times)
    reached = was in times
    if reached:
        times.remove(was)
    if not now.retracted:
        if was in known.missed:
            missed[now.at] = known.missed[was]
        times += [now.at] * reached
    response = replace(
        known,
        missed=missed,
        update_times=tuple(times),
        last_update_at=max(times, default=None),
    )
    if now.retracted:
        told = [each for each in found.told if each not in known.missed.get(was, ())]
        taken_back = {each: known.retracted_to.get(each, 0) + 1 for each in told}
        response = replace(
            response,
            retracted=known.retracted + 1,
            retracted_to={**known.retracted_to, **taken_back},
        )
    return replace(facts, response=response)


def _attached(facts: Facts, found: Amendment) -> Facts:
    kept = tuple(each for each in facts.links if each.url != found.about)
    if found.now.retracted:
        return replace(facts, links=kept)
    assert found.about is not None, "an attachment is about its address"
    return replace(facts, links=(*kept, Attachment(found.about, found.now.text)))


def _linked(facts: Facts, found: Amendment) -> Facts:
    if not found.now.retracted:
        return facts
    kept = (x for x in facts.related if link_name(x.id, x.relation) != found.about)
    return replace(facts, related=tuple(kept))


_EFFECTS: Mapping[type[Any], Effect] = total(
    "what corrections of entries change",
    [kind for kind, traits in ENTRIES.items() if traits.bears],
    {
        e.HypothesisOpened: _opened,
        e.HypothesisConfirmed: _closed,
        e.HypothesisRejected: _closed,
        e.HypothesisAbandoned: _closed,
        e.RootCauseIdentified: _identified,
        e.Mitigated: _mitigated,
        e.Resolved: _words_of("resolution"),
        e.SeverityChanged: _severity,
        e.UpdatePosted: _updated,
        e.LinkAttached: _attached,
        e.IncidentLinked: _linked,
    },
)
"""What is not here stands on the timeline alone."""
