"""What was known at a time stands beside what is known now, and what was learnt later is named."""

import pytest

from domain.incident import commands as c
from domain.incident.events import Milestone
from domain.kernel.refusal import Refused
from projections.incident.known_then import KnownThen, known_then
from projections.past import NOW, Cut
from support.spec import Log, at, declared, hypothesis, log_of, staffed


def log() -> Log:
    """Declared at noon; a note of minute 5 is recorded at minute 70; H1 is rejected at minute 80;
    the note of minute 20 is put right at minute 90, that of minute 30 is retracted.
    """
    log = log_of(declared(), *staffed(), hypothesis())
    log.run(c.AddNote(text="errors at 5 %", occurred_at=at(20)), at(20), "c-20")
    log.run(c.AddNote(text="it is the cache", occurred_at=at(30)), at(30), "c-30")
    log.run(c.AddNote(text="first error in the logs", occurred_at=at(5)), at(70))
    rejected = c.RejectHypothesis(hypothesis="H1", finding="the old version fails too")
    assert log.run(rejected, at(80)) == "decided"
    assert log.run(c.Correct(entry="c-20/0", text="errors at 50 %"), at(90)) == "decided"
    assert log.run(c.Retract(entry="c-30/0", reason="another system"), at(91)) == "decided"
    return log


def known(minutes: float, log_: Log | None = None) -> KnownThen:
    found = known_then("i-1", (log_ or log()).commits, Cut(known_at=at(minutes)))
    assert found is not None
    return found


def lines(found: KnownThen) -> list[str]:
    return [row.text for row in found.timeline]


def test_the_timeline_is_that_of_then_without_what_was_recorded_later():
    then, now = known(60), known(100)
    assert [it for it in lines(then) if "error" in it or "cache" in it] == [
        "errors at 5 %",
        "it is the cache",
    ]
    assert any(it.startswith("errors at 50 %") for it in lines(now))
    assert "first error in the logs" in lines(now)


def test_what_was_learnt_later_of_the_time_before_is_named_with_how_it_read():
    found = {each.text: each for each in known(60).learnt_later}
    late = found["first error in the logs"]
    assert (late.at, late.recorded_at, late.then) == (at(5), at(70), None)
    right = found["errors at 50 %"]
    assert (right.at, right.recorded_at, right.then) == (at(20), at(90), "errors at 5 %")
    [gone] = [each for text, each in found.items() if "it was not so" in text]
    assert (gone.then, gone.recorded_at) == ("it is the cache", at(91))
    assert known(100).learnt_later == ()


def test_hypotheses_stand_as_they_did_and_as_they_do():
    [path] = known(60).hypotheses
    assert (path.name, path.then, path.now) == (
        "H1", "open", "rejected: the old version fails too",
    )  # fmt: skip
    [path] = known(5).hypotheses
    assert path.then is None


def test_each_line_at_a_glance_has_both_and_says_whether_they_differ():
    log_ = log()
    log_.run(
        c.CorrectTime(milestone=Milestone.DECLARED, value=at(-10), reason="by the graphs"), at(95)
    )
    found = {each.about: each for each in known(60, log_).glance}
    assert not found["Title"].differs
    assert found["Duration"].differs


def test_before_it_was_on_record_nothing_was_known():
    found = known(-1)
    assert (found.then_known, found.timeline, found.told) == (False, (), ())
    assert {each.then for each in found.glance} == {None}
    assert found.learnt_later == ()


def test_without_a_time_it_is_refused_and_of_nothing_there_is_nothing():
    with pytest.raises(Refused) as refused:
        known_then("i-1", log().commits, NOW)
    assert (refused.value.code, refused.value.field) == ("query.invalid", "known_at")
    assert known_then("i-1", [], Cut(known_at=at(1))) is None
