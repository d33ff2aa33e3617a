"""What holds for every incident, whatever was asked of it and in whatever order."""

from collections import Counter
from typing import Any

import msgspec
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from domain.incident import INCIDENT, Command, Incident
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.severity.floors import floor
from domain.incident.state import Undeclared
from domain.kernel.commit import Commit
from domain.policy import DEFAULT
from domain.registry import AnyEvent
from projections.incident.board import BOARD
from projections.incident.lines import entries
from projections.incident.statistics import STATISTICS
from support.spec import NOW, Log, rows
from support.strategies import ALERT, ANY_TIME, COMMAND, RESPONSE, STORY

SAID_AGAIN = (c.LogAction, c.AddNote, c.PostUpdate, c.ReceiveAlert)
"""Said twice, these are two entries; only their command id makes a repetition one."""

RAISED = {"severity_upgraded": 1, "severity_raise_withdrawn": -1}
"""So many raises more there are with such a line."""

thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def played(story: list[Command]) -> Log:
    log = Log()
    for command in story:
        log.run(command)
    return log


@thorough
@given(STORY)
def test_an_accepted_command_adds_nothing_when_it_is_handled_again(story: list[Command]):
    log = Log()
    for command in story:
        outcome = log.run(command)
        event(f"{type(command).__name__} is {outcome}")
        if outcome == "decided" and not isinstance(command, SAID_AGAIN):
            assert log.run(command) != "decided", command


@thorough
@given(STORY, st.data())
def test_decide_refuses_or_decides_and_never_breaks(story: list[Command], data: st.DataObject):
    """Also with times out of any range; `Log.run` lets everything but `Refused` through."""
    log = played(story)
    command = msgspec.structs.replace(data.draw(COMMAND), occurred_at=data.draw(ANY_TIME))
    log.run(command)
    if isinstance(command, c.CorrectTime):
        log.run(msgspec.structs.replace(command, value=data.draw(ANY_TIME)))


@thorough
@given(STORY)
def test_the_log_as_json_gives_the_same_incident(story: list[Command]):
    """So does a state that was stored as JSON on the way."""
    log = played(story)
    again: Incident = INCIDENT.initial
    for recorded in log.commits:
        text = msgspec.json.encode(recorded.commit)
        commit: Any = msgspec.json.decode(text, type=Commit[AnyEvent])
        assert commit == recorded.commit
        again = INCIDENT.fold(again, commit.events, commit.actor)
        stored = msgspec.json.encode(again)
        again = msgspec.json.decode(stored, type=Incident)
        assert msgspec.json.encode(again) == stored
    assert again == log.incident


@settings(thorough, max_examples=400)
@given(STORY)
def test_severity_and_number_at_every_step(story: list[Command]):
    """Never below a floor that holds, lower only by a decision or an alert; the number stays."""
    log = Log()
    for command in story:
        before = log.incident
        log.run(command)
        if isinstance(log.incident, Undeclared):
            continue
        facts = log.incident.facts
        held = floor(facts.assessment.impact, DEFAULT)
        assert held is None or not held.severity.outranks(facts.severity), command
        assert facts.about.number == 1
        # What is told of an earlier time may leave a raise without its ground: decision 37.
        events = log.commits[-1].commit.events
        unfounded = any(isinstance(told, e.SeverityRaiseWithdrawn) for told in events)
        lower = not isinstance(before, Undeclared) and before.facts.severity.outranks(
            facts.severity
        )
        if lower and not unfounded:
            assert isinstance(command, c.ChangeSeverity | c.ReceiveAlert | c.Declare)
    for recorded in log.commits:
        for found in recorded.commit.events:
            if isinstance(found, e.SeverityUpgraded):
                assert found.automatic.caused_by == f"{recorded.commit.id}/0"
                assert found.severity.outranks(found.previous)


@thorough
@given(STORY)
def test_views_agree_on_whether_it_is_over(story: list[Command]):
    """One status, and an end time exactly where it is over (or known to be unknown)."""
    log = played(story)
    (board,), (statistics,) = rows(BOARD, log)["incident"], rows(STATISTICS, log)["incident"]
    shown = msgspec.json.decode(board["view"])
    ended = shown["milestones"].get("resolved_at") is not None
    if shown["status_category"] in {"triage", "live"}:
        assert not ended
        assert statistics["ttresolve_s"] is None
    if shown["status"] == "resolved" and not any(
        isinstance(found, e.TimeCorrected) and found.value is None for found in log.events
    ):
        assert ended
    assert (shown["status"], shown["severity"]) == (board["status"], statistics["severity"])


@thorough
@given(STORY, st.integers(0, 20))
def test_a_look_back_leaves_out_what_happened_later_and_still_folds(
    story: list[Command], minute: int
):
    """Events come in late, so what remains as of a time need not have been decided like that."""
    log = played(story)
    incident: Incident = INCIDENT.initial
    for found in log.events:
        begins = isinstance(found, e.Declared | e.AlertReceived)
        if found.occurred_at.minute <= minute and (begins or not isinstance(incident, Undeclared)):
            incident = INCIDENT.evolve(incident, found)


@settings(thorough, max_examples=300)
@given(
    prelude=st.just([]) | STORY,
    alerts=st.lists(ALERT, min_size=1, max_size=7, unique_by=lambda found: found.alert.event_id),
    afterwards=st.lists(RESPONSE, max_size=6),
    data=st.data(),
)
def test_neither_the_order_nor_the_repetition_of_alerts_matters(
    prelude: list[Command],
    alerts: list[c.ReceiveAlert],
    afterwards: list[Command],
    data: st.DataObject,
):
    repeated = data.draw(st.lists(st.sampled_from(alerts), max_size=4))
    shuffled = data.draw(st.permutations([*alerts, *repeated]))
    first, second = (_told(prelude, delivered, afterwards) for delivered in (alerts, shuffled))
    assert first.incident == second.incident
    for projection in (BOARD, STATISTICS):
        assert rows(projection, first) == rows(projection, second)
    assert _lines(first) == _lines(second)


def _told(prelude: list[Command], alerts: list[c.ReceiveAlert], afterwards: list[Command]) -> Log:
    log = Log()
    for place, command in enumerate(prelude):
        log.run(command, command_id=f"before-{place}")
    for alert in alerts:
        log.run(alert, command_id=f"alert-{alert.alert.event_id}")
    for place, command in enumerate(afterwards):
        log.run(command, NOW, command_id=f"after-{place}")
    return log


def _lines(log: Log) -> Counter[tuple[Any, ...]]:
    """Without their words: from what something has changed is as it was heard of. So is that a
    raise was taken back before it was made again: each time counts as many as there are then.
    """
    lines = [line for recorded in log.commits for line in entries(recorded)]
    found = Counter[tuple[Any, ...]]()
    for line in lines:
        if line.kind in RAISED:
            found[line.occurred_at, "raises"] += RAISED[line.kind]
        else:
            found[line.occurred_at, line.kind, line.actor, line.event_id, line.index] += 1
    return Counter({line: many for line, many in found.items() if many})
