"""What signals state doubles as well while nobody has decided, whichever of them comes first."""

from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.presentation.lines import describe
from domain.incident.severity import outcome
from domain.incident.severity.standing import standing
from domain.kernel.commit import Commit
from domain.policy import Functionality, Severity
from projections.incident.fold import NOTHING_FOLDED, follow
from support import stated
from support.spec import POLICY, SEV1, SEV2, SEV3, SEV4, Log, at, page
from support.stated import facts, person, told
from support.strategies import MEASURES

thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIGURES = st.fixed_dictionaries(
    {}, optional={**MEASURES, "users_affected": st.sampled_from([0, 50, 100, 150, 200, 250, 500])}
)
STATED = FIGURES.map(
    lambda said: {name: value for name, value in said.items() if value is not None}
).filter(bool)


def signal(minute: int, priority: str | None = "P3", **impact: Any) -> c.ReceiveAlert:
    return stated.signal(minute, priority, **impact)


FIRST, GROWN = signal(1, users_affected=100), signal(5, users_affected=250)


@pytest.mark.parametrize("grown", [GROWN, person(5, users_affected=250)])
def test_a_figure_doubles_whoever_states_it(grown: Any):
    assert facts(told(FIRST)).severity is SEV3
    assert facts(told(FIRST, grown)).severity is SEV2


@pytest.mark.parametrize("signals", list(permutations((FIRST, GROWN, signal(9, regions=3)))))
def test_it_doubles_whichever_comes_first(signals: tuple[Any, ...]):
    assert facts(told(*signals)).severity is SEV2


def test_each_doubling_is_one_level():
    again = signal(9, users_affected=499), signal(9, users_affected=500)
    assert [facts(told(FIRST, GROWN, each)).severity for each in again] == [SEV2, SEV1]
    assert facts(told(FIRST, signal(5, users_affected=199))).severity is SEV3
    assert facts(told(signal(1, regions=2), signal(5, tenants=4))).severity is SEV3


def test_what_is_raised_is_what_was_claimed_as_it_doubled():
    """That the alert itself claims more is no reason to raise that once more."""
    assert facts(told(FIRST, signal(5, "P2", users_affected=250))).severity is SEV2
    lowered = page("updated", "low", at_min=3, priority="P4")
    assert facts(told(signal(1, regions=2), lowered, signal(5, None, regions=5))).severity is SEV3
    named_later = page("updated", "high", at_min=9, priority="P2")
    assert facts(told(FIRST, GROWN, named_later)).severity is SEV2


def test_what_is_raised_is_what_the_matrix_had_it_at_whatever_is_claimed():
    """A count of users is SEV3 at least, and stays that as the alert claims less."""
    lowered = page("updated", "low", at_min=3, priority="P4")
    assert facts(told(FIRST, lowered)).severity is SEV3
    assert facts(told(FIRST, lowered, GROWN)).severity is SEV2
    broken = signal(1, "P4", users_affected=100, functionality=Functionality.KEY_FEATURE_DOWN)
    assert facts(told(broken, signal(5, "P4", users_affected=200))).severity is SEV1


@pytest.mark.parametrize("signals", [(FIRST, GROWN), (GROWN, FIRST)])
def test_the_line_that_shows_it_cites_the_rule_with_the_figures(signals: tuple[Any, ...]):
    log = told(*signals)
    assert "— the matrix says" in describe(log.events[0]).text
    assert describe(log.events[1]).text.endswith(
        "— SEV2: impact doubled: users affected 100 → 250"
        f" (escalation.impact_doubled, policy {POLICY})"
    )


def test_people_are_told_of_it_as_of_any_raise():
    news = {}
    for grown in (GROWN, page("updated", "p2", at_min=5, priority="P2")):
        log, folded = Log(), NOTHING_FOLDED
        for command in (FIRST, grown):
            assert log.run(command, at(6)) == "decided"
        for recorded in log.commits:
            folded = follow(folded, recorded)
        news[grown.alert.event_id] = [(each.kind, each.audiences) for _, each in folded.found]
    doubled, named = news.values()
    assert doubled == named
    assert [kind for kind, _ in doubled] == ["severity_changed"]


def test_a_first_figure_that_is_late_leaves_no_ground_and_its_line_says_so():
    log = told(FIRST, GROWN, signal(0, users_affected=200))
    assert facts(log).severity is SEV3
    assert describe(log.events[-1]).text.endswith(
        "— SEV3: what is known now of the time before leaves no ground for SEV2"
        f" (severity.backfilled, policy {POLICY})"
    )


def test_what_a_person_adds_of_the_time_before_takes_it_back_by_an_event():
    log = told(FIRST, GROWN, person(0, users_affected=200))
    assert facts(log).severity is SEV3
    withdrawn = log.events[-1]
    assert isinstance(withdrawn, e.SeverityRaiseWithdrawn)
    assert (withdrawn.occurred_at, withdrawn.withdrawn, withdrawn.severity) == (at(5), SEV2, SEV3)


def test_a_person_who_says_more_is_told_nothing_that_stands_already():
    log = told(FIRST, GROWN, person(9, users_affected=260))
    assert not [each for each in log.events if isinstance(each, e.SeverityUpgraded)]
    log = told(FIRST, GROWN, person(9, users_affected=500))
    raised = log.events[-1]
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.previous, raised.severity, raised.reason) == (
        SEV2,
        SEV1,
        "impact doubled: users affected 250 → 500",
    )


def test_what_somebody_decides_settles_it():
    decided = c.ChangeSeverity(severity=SEV4, reason="internal", occurred_at=at(9))
    log = told(FIRST, GROWN, decided, signal(10, None, users_affected=499))
    assert facts(log).severity is SEV4
    assert log.run(signal(11, None, users_affected=500), at(25 * 60)) == "decided"
    assert facts(log).severity is SEV3
    declared = c.Declare(title="t", occurred_at=at(9))
    assert facts(told(FIRST, GROWN, declared)).severity is SEV2


def test_the_factor_that_was_in_force_counts():
    log = told(FIRST)
    found = log.events[0]
    assert isinstance(found, e.AlertReceived)
    assert found.growth is not None
    assert found.growth.factor == 2.0


def test_logs_of_earlier_releases_read_as_they_did():
    log, former = told(FIRST, GROWN), INCIDENT.initial
    for recorded in log.commits:
        commit: Commit[Any] = recorded.commit
        events = [replace(event, growth=None) for event in commit.events]
        former = INCIDENT.fold(former, events, commit.actor)
    assert former.facts.severity is SEV3  # type: ignore[union-attr]


def claims(minute: int, named: str) -> c.ReceiveAlert:
    return page("updated", f"claims@{minute}{named}", priority=named, at_min=minute)


LATE = [
    # What a person raised rests on what the alert claimed then; that is heard of afterwards.
    (SEV2, [claims(8, "P4"), person(6, functionality=Functionality.KEY_FEATURE_DOWN)], "P1"),
    # A first figure, and what a person compares with it, come after the person spoke.
    (SEV2, [claims(0, "P3"), person(6, users_affected=200), signal(2, users_affected=100)], "P3"),
    # What the matrix has by an earlier signal was no more than what the person saw.
    (
        SEV1,
        [
            claims(5, "P4"),
            person(6, regions=2),
            signal(2, functionality=Functionality.FULL_OUTAGE),
        ],
        "P4",
    ),
]


@pytest.mark.parametrize(("severity", "said", "first"), LATE)
def test_a_signal_that_comes_after_a_person_counts_as_one_that_came_before(
    severity: Severity, said: list[Any], first: str
):
    opens, *others = said
    ends = {
        facts(told(opens, *order)).severity for order in permutations([*others, claims(0, first)])
    }
    assert ends == {severity}


def test_a_raise_that_loses_its_ground_by_a_signal_is_taken_back():
    log = told(claims(0, "P3"), person(2, users_affected=100), person(5, users_affected=200))
    assert facts(log).severity is SEV2
    assert log.run(signal(1, users_affected=200), at(25 * 60)) == "decided"
    assert facts(log).severity is SEV3
    withdrawn = log.events[-1]
    assert isinstance(withdrawn, e.SeverityRaiseWithdrawn)
    assert (withdrawn.occurred_at, withdrawn.withdrawn, withdrawn.severity) == (at(5), SEV2, SEV3)


def test_what_doubles_earlier_than_was_known_says_so_in_its_line():
    log = told(signal(1, users_affected=250), person(9, users_affected=600))
    assert log.run(signal(5, users_affected=500), at(25 * 60)) == "decided"
    assert facts(log).severity is SEV2
    late, withdrawn = (describe(each).text for each in log.events[-2:])
    assert "— SEV2: impact doubled: users affected 250 → 500 (escalation.impact_doubled" in late
    assert withdrawn.startswith("Severity not raised to SEV2 then, it was SEV2 before: ")


def test_what_one_more_signal_costs_does_not_grow_with_those_before_it(
    monkeypatch: pytest.MonkeyPatch,
):
    """The matrix is asked about one impact, not about all that were stated."""
    looked, classified = count(), outcome.classify

    def counted(*asked: Any) -> Any:
        next(looked)
        return classified(*asked)

    log = Log()
    for minute in range(1, 100):
        assert log.run(signal(minute, users_affected=100 + minute), at(minute)) == "decided"
    monkeypatch.setattr(outcome, "classify", counted)
    assert log.run(signal(100, users_affected=300), at(100)) == "decided"
    assert facts(log).severity is SEV2
    assert next(looked) < 5


DECISIONS = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(Severity)), max_size=2)


@thorough
@given(
    first=st.sampled_from([None, "P1", "P3", "P4"]),
    stated=st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from([None, "P2", "P3", "P4"]), STATED),
        min_size=1,
        max_size=4,
    ),
    later=st.lists(st.tuples(st.integers(0, 12), STATED), max_size=3),
    decided=st.just([]) | DECISIONS,
    data=st.data(),
)
def test_signals_people_and_decisions_in_any_order_end_equal(
    first: str | None,
    stated: list[tuple[int, str | None, dict[str, Any]]],
    later: list[tuple[int, dict[str, Any]]],
    decided: list[tuple[int, Severity]],
    data: st.DataObject,
):
    """A signal begins it, for before that there is nothing to speak of."""
    said: list[Any] = [signal(minute, named, **impact) for minute, named, impact in stated]
    said.append(page("updated", "plain", priority=first, at_min=0))
    said += [person(minute, **impact) for minute, impact in later]
    said += [
        c.ChangeSeverity(severity=level, reason=f"seen at {minute}", occurred_at=at(minute))
        for minute, level in decided
    ]
    logs = []
    for order in (said, data.draw(st.permutations(said))):
        begins = next(each for each in order if isinstance(each, c.ReceiveAlert))
        log = Log()
        for place, command in enumerate([begins, *(each for each in order if each is not begins)]):
            outcome = log.run(command, at(24 * 60 + place))
            assume(outcome != "severity.below_floor")
            assert outcome in {"decided", "ignored", "severity.decided_then"}
            assert facts(log).severity is standing(facts(log))
        logs.append(log)
    one, other = map(facts, logs)
    assert one.severity is other.severity
    assert one.assessment.impact == other.assessment.impact
    assert (one.assessment.matrix, one.assessment.floor) == (
        other.assessment.matrix,
        other.assessment.floor,
    )
