"""After a merge and an unmerge an incident is as severe as one that was never merged."""

from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.severity.doubling import Measure
from domain.kernel.refusal import Refused
from domain.policy import Severity
from support.merged import Pair
from support.spec import SEV1, SEV2, SEV3, SEV4, at, declared, paged, reassessed
from support.stated import signal
from support.strategies import MEASURES

STATED = st.fixed_dictionaries({}, optional=MEASURES).filter(bool)
Said = tuple[str, Any]
ASSESSED = st.tuples(st.just("assessed"), STATED)
DECIDED = st.tuples(st.just("decided"), st.sampled_from(Severity))
SIGNALED = st.tuples(st.just("signaled"), STATED)
BACKFILLED = st.tuples(st.just("backfilled"), st.tuples(st.integers(3, 59), STATED))
SAID = st.lists(ASSESSED | DECIDED | SIGNALED | BACKFILLED, max_size=3)
OPENED = {
    "declared": declared,
    "paged": lambda severity: paged(priority=f"P{severity[-1]}"),
}


def command(said: Said, minute: int) -> Any:
    how, what = said
    match how:
        case "assessed":
            return c.ReassessImpact(**what)
        case "backfilled":
            return c.ReassessImpact(occurred_at=at(what[0]), **what[1])
        case "decided":
            return c.ChangeSeverity(severity=what, reason=f"seen at {minute}")
        case _:
            return signal(minute, "P3", **what)


def hear(pairs: tuple[Pair, ...], name: str, said: Said) -> None:
    """The same to each, unless one of them refuses it."""
    heard = {}
    for pair in pairs:
        pair.minute += 1
    for pair in pairs:
        try:
            heard[pair] = pair.decide(name, command(said, pair.minute), 0, "")
        except Refused:
            return
    for pair, events in heard.items():
        pair.known[name] = INCIDENT.fold(pair[name], events, "grace")


def stands(pair: Pair, name: str) -> tuple[Any, ...]:
    facts = pair.facts(name)
    known = facts.assessment
    # What the merge had made of it before somebody decided, it has been; and while nobody has,
    # it is the line of an alert that says what it raises, or an event beside it.
    turns = [
        (turn.at, turn.severity, turn.follows)
        for turn in known.turns
        if not (turn.taken_over or turn.undecided)
    ]
    baseline = {x: figure for x in Measure if (figure := getattr(known.baseline, x))}
    matrix = known.matrix if known.matrix and not known.matrix.doubt else None
    return (
        facts.severity, known.impact, baseline, turns, matrix, known.floor, known.kept,
        known.doubled,
    )  # fmt: skip


def after(opened: Any, before: list[Said], other: Any, while_merged: list[Said]) -> Any:
    """Both, of which the second was never merged."""
    pairs = Pair(s=opened, d=other), Pair(s=opened, d=other)
    merged, alone = pairs
    for each in before:
        hear(pairs, "s", each)
    merged.merge("d", into="s")
    alone.minute += 1
    for each in while_merged:
        hear(pairs, "s", each)
    merged.unmerge("d")
    alone.minute += 1
    return pairs


@pytest.mark.parametrize("users", [150, 200, 399, 400, 2000])
@pytest.mark.parametrize("brought", [10, 100, 190, 900])
def test_no_raise_stays_by_the_figures_of_the_other(brought: int, users: int):
    """What was compared with them is compared with its own."""
    opened, brings = ((declared(SEV3), reassessed(5, users_affected=x)) for x in (100, brought))
    pairs = after(opened, [], brings, [("assessed", {"users_affected": users})])
    merged, alone = (pair.facts("s") for pair in pairs)
    assert merged.severity is alone.severity is (SEV2 if users >= 200 else SEV3)
    assert merged.assessment.baseline == alone.assessment.baseline


def test_a_raise_that_the_higher_severity_of_the_other_hid_is_made():
    pair = Pair(s=(declared(SEV3), reassessed(5, users_affected=100)), d=(declared(SEV1),))
    pair.merge("d", into="s")
    hear((pair,), "s", ("assessed", {"users_affected": 200}))
    raises = [each for each in pair.unmerge("d")["s"] if isinstance(each, e.SeverityUpgraded)]
    (raised,) = raises
    assert (raised.severity, raised.occurred_at) == (SEV2, at(62))
    assert raised.reason == "impact doubled: users affected 100 → 200"


def test_a_raise_by_the_figures_of_the_other_says_why_it_is_none():
    pair = Pair(s=(declared(SEV3),), d=(declared(SEV3), reassessed(5, users_affected=100)))
    pair.merge("d", into="s")
    hear((pair,), "s", ("assessed", {"users_affected": 200}))
    assert pair.facts("s").severity is SEV2
    (fallen,) = [x for x in pair.unmerge("d")["s"] if isinstance(x, e.SeverityRaiseWithdrawn)]
    assert (fallen.withdrawn, fallen.severity) == (SEV2, SEV3)
    assert fallen.reason == "INC-2 is no part of it"
    assert fallen.occurred_at == at(62)
    assert pair.facts("s").severity is SEV3


def test_what_is_stated_of_this_one_stays_though_the_other_brought_as_much():
    pair = Pair(
        s=(declared(SEV3), reassessed(5, users_affected=100)),
        d=(declared(SEV3), reassessed(5, users_affected=900)),
    )
    pair.merge("d", into="s")
    hear((pair,), "s", ("assessed", {"users_affected": 900}))
    pair.unmerge("d")
    assert pair.facts("s").assessment.impact.users_affected == 900
    assert pair.facts("s").severity is SEV2


@settings(max_examples=150, deadline=None)
@over(
    st.tuples(st.sampled_from(sorted(OPENED)), st.sampled_from([SEV2, SEV3, SEV4])),
    st.tuples(st.sampled_from(Severity), STATED | st.just({})),
    st.tuples(SAID, SAID, SAID),
)
def test_an_incident_after_an_unmerge_is_as_one_that_was_never_merged(
    opened: tuple[str, Severity],
    brings: tuple[Severity, dict[str, Any]],
    said: tuple[list[Said], ...],
):
    (how, severity), (theirs, brought), (before, while_merged, later) = opened, brings, said
    theirs = SEV1 if how == "paged" else theirs  # what it brings is no more than that
    other = (declared(theirs), *([reassessed(5, **brought)] if brought else []))
    # What is told of a time before a merge may be taken for what the other brought.
    before, while_merged, later = (
        [each for each in told if each[0] != "backfilled"] for told in (before, while_merged, later)
    )
    merged, alone = after((OPENED[how](severity),), before, other, while_merged)
    assert stands(merged, "s") == stands(alone, "s")
    assert stands(merged, "d")[:3] == stands(alone, "d")[:3]
    for each in later:
        hear((merged, alone), "s", each)
    assert stands(merged, "s") == stands(alone, "s")
