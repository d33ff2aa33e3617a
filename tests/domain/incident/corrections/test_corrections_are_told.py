"""Who was told something hears that it was not so; nobody else does."""

from typing import Any

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.impact import StatedChanges
from domain.incident.presentation.corrected_update import public_correction
from domain.policy.audience import Audience
from projections.incident.fold import NOTHING_FOLDED, follow
from support.spec import NOW, SEV1, SEV3, Log, at, declared, log_of, resolved

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience


def update(*audiences: Audience) -> e.UpdatePosted:
    return e.UpdatePosted(
        occurred_at=at(5),
        text="All payments fail.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=audiences,
    )


def heard(log: Log) -> list[tuple[str, tuple[Audience, ...]]]:
    """What the last commit of a log tells, and whom."""
    known = NOTHING_FOLDED
    for recorded in log.commits:
        known = follow(known, recorded)
    return [(item.kind, item.audiences) for _, item in known.found]


def after(log: Log, command: Any, **more: Any) -> list[tuple[str, tuple[Audience, ...]]]:
    assert log.run(command, **more) == "decided"
    return heard(log)


CORRECT = c.Correct(entry="command-2/0", text="Card payments fail.")
RETRACT = c.Retract(entry="command-2/0", reason="meant for another incident")


def test_those_whom_an_update_was_addressed_to_hear_its_correction():
    for audiences in ((ENGINEERING, CUSTOMERS), (CUSTOMERS,), (ENGINEERING,)):
        for command in (CORRECT, RETRACT):
            log = log_of(declared(SEV3), update(*audiences))
            assert after(log, command) == [("corrected", audiences)]


def test_an_executive_who_was_not_told_the_update_does_not_hear_its_correction():
    log = log_of(declared(SEV3), update(ENGINEERING, EXECUTIVES))
    assert after(log, CORRECT) == [("corrected", (ENGINEERING,))]
    log = log_of(declared(SEV1), update(ENGINEERING, EXECUTIVES))
    assert after(log, CORRECT) == [("corrected", (ENGINEERING, EXECUTIVES))]


def test_what_was_told_wrongly_is_put_right_also_when_all_is_over():
    log = log_of(declared(), update(CUSTOMERS), resolved())
    assert after(log, CORRECT) == [("corrected", (CUSTOMERS,))]


def test_a_time_that_is_put_right_is_told_to_nobody_nor_is_what_nobody_was_told():
    log = log_of(declared(), update(CUSTOMERS), e.NoteAdded(occurred_at=at(6), text="a"))
    assert after(log, c.Correct(entry="command-2/0", time=at(4))) == []
    assert after(log, c.Correct(entry="command-3/0", text="b")) == []
    assert after(log, c.Retract(entry="command-3/0", reason="r")) == []


def test_an_update_of_a_drill_told_nobody_and_neither_does_its_correction():
    log = log_of(declared(kind=e.Kind.DRILL), update(CUSTOMERS))
    assert after(log, CORRECT) == []


def test_other_services_are_news_to_those_who_respond_while_it_goes_on():
    services = c.Correct(services=("checkout",))
    assert after(log_of(declared()), services) == [("corrected", (ENGINEERING,))]
    assert after(log_of(declared()), c.Correct(title="Checkout fails in the EU")) == []
    assert after(log_of(declared(), resolved()), services) == []


def test_a_figure_that_is_put_right_tells_of_the_severity_once():
    log = log_of(declared(SEV3), e.NoteAdded(occurred_at=at(5), text="a"))
    log.run(c.ReassessImpact(users_affected=10, occurred_at=at(6)), command_id="figure")
    found = after(log, c.Correct(entry="figure/0", impact=StatedChanges(security_breach=True)))
    assert [kind for kind, _ in found] == ["severity_changed"]


def test_a_raise_that_is_taken_back_is_news_to_whom_was_told_it_also_when_all_is_over():
    for over in ((), (resolved(),)):
        log = log_of(declared(SEV3))
        log.run(c.ReassessImpact(security_breach=True, occurred_at=at(6)), command_id="breach")
        assert heard(log) == [("severity_changed", (ENGINEERING, EXECUTIVES))]
        for event in over:
            log.append([event], at(45), "end")
        found = after(log, c.Retract(entry="breach/0", reason="a drill of the red team"))
        assert found == [("severity_changed", (ENGINEERING, EXECUTIVES))]
        assert log.incident.facts.severity is SEV3  # type: ignore[union-attr]


def test_what_is_taken_back_beneath_a_decision_is_no_news():
    log = log_of(declared(SEV3))
    log.run(c.ReassessImpact(percent_affected=60.0, occurred_at=at(6)), command_id="figure")
    log.run(c.ChangeSeverity(severity=SEV3, reason="one tenant", occurred_at=at(7)))
    assert after(log, c.Retract(entry="figure/0", reason="a wrong dashboard")) == []


def test_the_public_hears_neither_the_reason_nor_what_was_said_wrongly():
    log = log_of(declared(), update(CUSTOMERS))
    log.run(RETRACT)
    found = public_correction(log.events[-1])
    assert found is not None
    assert (found.withdrawn, found.previous, found.text) == (True, None, None)
    assert found.of == at(5)
    assert log.commits[-1].commit.recorded_at == NOW
