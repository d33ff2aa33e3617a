"""What was said of the impact and is taken back is as if it had not been said: severity and all."""

from typing import Any

from hypothesis import HealthCheck, assume, given, note, reject, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident.impact import StatedChanges, StatedImpact
from domain.incident.presentation.explanation import explain_severity
from domain.incident.presentation.lines import describe
from domain.policy import Functionality, Severity
from support.spec import SEV1, SEV2, SEV3, Log, at, page, resolved
from support.strategies import MEASURES

STATED = st.fixed_dictionaries({}, optional=MEASURES).filter(bool)
thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def said(minute: float, **impact: Any) -> c.ReassessImpact:
    return c.ReassessImpact(occurred_at=at(minute), **impact)


def decided_at(minute: float, severity: Severity) -> c.ChangeSeverity:
    return c.ChangeSeverity(severity=severity, reason=f"at {minute}", occurred_at=at(minute))


def declare(severity: Severity | None = SEV3, **impact: Any) -> c.Declare:
    return c.Declare(title="t", severity=severity, impact=StatedImpact(**impact), occurred_at=at(0))


def told(beginning: Any, commands: list[tuple[str, Any]], *, over: bool = False) -> Log:
    """These commands by their ids, one after the other, long after all of it."""
    log = Log()
    assert log.run(beginning, at(24 * 60), "begun") == "decided"
    if over:
        log.append([resolved(20)], at(24 * 60), "end")
    for minute, (name, command) in enumerate(commands):
        outcome = log.run(command, at(24 * 60 + 1 + minute), name)
        if outcome in {"severity.below_floor", "severity.decided_then"}:
            reject()
        assert outcome in {"decided", "ignored"}, (command, outcome)
    return log


def said_in_words(log: Log) -> str:
    return "\n".join(
        f"{each.commit.id}: " + "; ".join(f"{at_(v)} {describe(v)}" for v in each.commit.events)
        for each in log.commits
    )


def at_(event: Any) -> float:
    return (event.occurred_at - at(0)).total_seconds() / 60


def how_severe(log: Log) -> Any:
    facts: Any = log.incident.facts  # type: ignore[union-attr]
    # A declaration keeps its floor as a severity.
    known = replace(facts.assessment, floor=None)
    return facts.severity, facts.stated.decision, facts.held, known


BEGINNINGS = (
    st.sampled_from([None, *Severity]).flatmap(
        lambda severity: STATED.map(lambda impact: declare(severity, **impact))
    )
    | st.just(page(priority="P3"))
    | st.just(page(opens="triage"))
)
MINUTES = st.integers(0, 9)
COMMANDS = st.lists(
    st.tuples(MINUTES, STATED).map(lambda found: said(found[0], **found[1]))
    | st.tuples(MINUTES, st.sampled_from(Severity)).map(
        lambda found: decided_at(found[0] + 0.5, found[1])
    ),
    max_size=4,
)


@thorough
@given(
    beginning=BEGINNINGS,
    commands=COMMANDS,
    wrong=st.tuples(MINUTES, STATED),
    place=st.integers(0, 4),
    over=st.booleans(),
)
def test_what_is_retracted_is_as_if_it_had_not_been_said(
    beginning: Any, commands: list[Any], wrong: tuple[int, dict[str, Any]], place: int, over: bool
):
    others = [(f"c{number}", command) for number, command in enumerate(commands)]
    statement = ("wrong", said(wrong[0], **wrong[1]))
    assume(statement[1] not in commands)  # said twice, it is said once
    retract = ("r", c.Retract(entry="wrong/0", reason="a wrong dashboard"))
    with_it = told(beginning, [*others[:place], statement, *others[place:]], over=over)
    assume(any(each.commit.id == "wrong" for each in with_it.commits))
    assert with_it.run(retract[1], at(25 * 60), "r") == "decided"
    without_it = told(beginning, others, over=over)
    note(said_in_words(with_it) + "\nWITHOUT:\n" + said_in_words(without_it))
    assert how_severe(with_it) == how_severe(without_it)


@thorough
@given(
    beginning=BEGINNINGS,
    commands=COMMANDS,
    wrong=STATED,
    right=STATED,
    when=st.tuples(MINUTES, MINUTES),
    place=st.integers(0, 4),
)
def test_what_is_put_right_is_as_if_the_right_had_been_said(
    beginning: Any,
    commands: list[Any],
    wrong: dict[str, Any],
    right: dict[str, Any],
    when: tuple[int, int],
    place: int,
):
    right = {**wrong, **right}
    others = [(f"c{number}", command) for number, command in enumerate(commands)]
    assume(said(when[0], **wrong) not in commands)
    assume(said(when[1], **right) not in commands)
    before, after = others[:place], others[place:]
    put_right = c.Correct(entry="x/0", time=at(when[1]), impact=StatedChanges(**right))
    one = told(beginning, [*before, ("x", said(when[0], **wrong)), *after])
    assume(any(each.commit.id == "x" for each in one.commits))
    assert one.run(put_right, at(25 * 60), "right") in {"decided", "ignored"}
    other = told(beginning, [*before, ("x", said(when[1], **right)), *after])
    note(said_in_words(one) + "\nOTHER:\n" + said_in_words(other))
    assert how_severe(one) == how_severe(other)


def test_a_floor_that_is_told_late_holds_above_a_later_decision_until_it_is_taken_back():
    log = told(
        declare(SEV3),
        [
            ("outage", said(1, percent_affected=100.0)),
            ("held", decided_at(5, SEV2)),
            ("concern", said(2, data_integrity_concern=True)),
        ],
    )
    (assessed,) = log.commits[-1].commit.events
    assert describe(assessed).text.endswith("a floor holds: SEV1")
    assert how_severe(log)[0] is SEV1
    incident: Any = log.incident
    assert "A floor has it at SEV1 all the same." in explain_severity(incident)
    assert log.run(c.Retract(entry="concern/0", reason="r"), at(25 * 60)) == "decided"
    assert how_severe(log)[0] is SEV2


def test_what_the_matrix_declared_it_with_follows_the_figures_that_are_put_right():
    log = told(declare(None, percent_affected=60.0), [])
    put_right = c.Correct(entry="begun/0", impact=StatedChanges(percent_affected=6.0))
    assert log.run(put_right, at(25 * 60)) == "decided"
    lines = [describe(event).text for event in log.commits[-1].commit.events]
    assert lines[-1].startswith("Severity was not SEV2 then, but SEV3: what it rested on was")
    assert how_severe(log)[0] is SEV3


def test_a_floor_that_is_put_right_leaves_a_raise_that_has_its_ground():
    """The raise is below a later decision, so what holds is that."""
    breach, outage = {"security_breach": True}, {"functionality": Functionality.FULL_OUTAGE}
    decided, put_right = decided_at(0.5, SEV2), {**outage, "security_breach": None}
    one = told(page(priority="P3"), [("c", decided), ("x", said(0, **breach))])
    assert how_severe(one)[0] is SEV1
    command = c.Correct(entry="x/0", impact=StatedChanges(**put_right))
    assert one.run(command, at(25 * 60), "right") == "decided"
    other = told(page(priority="P3"), [("c", decided), ("x", said(0, **put_right))])
    assert how_severe(one) == how_severe(other)
    assert how_severe(one)[0] is SEV2
