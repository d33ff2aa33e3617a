"""Two incidents that are one, and that were not after all."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.state import Closed, Duplicate, Facts, FalsePositive, Open
from domain.kernel.refusal import Refused
from domain.policy import Role, Severity
from domain.policy.audience import Audience
from support.merged import Pair
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    Log,
    acknowledged,
    at,
    declared,
    given,
    hypothesis,
    page,
    paged,
    reassessed,
    resolved,
    staffed,
)
from support.stated import signal


def update(*audiences: Audience) -> e.UpdatePosted:
    return e.UpdatePosted(
        occurred_at=at(8),
        text="We are looking into it.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=audiences,
        headline="Search is slow" if Audience.CUSTOMERS in audiences else None,
    )


RICH = (
    declared(SEV1, services=("search", "api"), impact_started_at=at(-20), detected_at=at(-10)),
    acknowledged(2),
    *staffed(),
    reassessed(5, users_affected=900, data_integrity_concern=True),
    hypothesis("H1", "a bad index"),
    update(*Audience),
)
POOR = (
    declared(SEV3, services=("api",), impact_started_at=at(-5), detected_at=at(-4)),
    reassessed(5, users_affected=100, percent_affected=2.0),
)


def test_the_survivor_takes_what_it_lacks():
    pair = Pair(poor=POOR, rich=RICH)
    pair.merge("rich", into="poor")
    facts = pair.facts("poor")
    assert isinstance(pair["rich"], Duplicate)
    assert (facts.severity, facts.assessment.floor) == (SEV1, SEV1)
    assert facts.about.services == ("api", "search")
    assert (facts.assessment.impact.users_affected, facts.assessment.impact.percent_affected) == (
        900,
        2.0,
    )
    assert (facts.acknowledged, facts.acknowledged_by) == (True, "ada")
    assert facts.response.roles[Role.INCIDENT_COMMANDER] == "ada"
    assert [path.statement for path in facts.response.hypotheses] == ["a bad index"]
    assert (facts.milestones.impact_started_at, facts.milestones.detected_at) == (at(-20), at(-10))
    assert facts.milestones.acknowledged_at == at(2)


def test_the_survivor_keeps_what_it_has():
    held = e.RoleAssigned(occurred_at=at(1), role=Role.INCIDENT_COMMANDER, assignee="edsger")
    pair = Pair(one=(*POOR, held, acknowledged(1)), rich=RICH)
    pair.merge("rich", into="one")
    facts = pair.facts("one")
    assert facts.response.roles[Role.INCIDENT_COMMANDER] == "edsger"
    assert facts.response.roles[Role.TECHNICAL_LEAD] == "grace"
    assert facts.milestones.acknowledged_at == at(1)


def test_who_was_told_of_the_duplicate_is_known_to_the_survivor():
    found = Pair(poor=POOR, rich=RICH).merge("rich", into="poor")
    brought = found["poor"][0].brought
    assert set(brought.audiences) == set(Audience)
    assert brought.headline == "Search is slow"


def test_a_merge_is_on_record_once_and_repeats_as_the_same():
    pair = Pair(poor=POOR, rich=RICH)
    pair.merge("rich", into="poor")
    before = pair["poor"]
    assert pair.merge("rich", into="poor") == {"rich": []}
    assert pair["poor"] == before


REFUSED = [
    ((), (resolved(),), "merge.into_resolved"),
    ((), (e.Canceled(occurred_at=at(9), reason="a probe"),), "incident.wrong_phase"),
]


@pytest.mark.parametrize(("source", "target", "code"), REFUSED)
def test_what_goes_on_is_merged_into_what_goes_on(source: Any, target: Any, code: str):
    pair = Pair(one=(declared(), *source), two=(declared(), *target))
    assert pair.refusal("one", c.Merge(into="two")).code == code


def test_what_is_over_may_be_part_of_what_goes_on_or_is_over():
    for target in ((), (resolved(),)):
        pair = Pair(one=(declared(), resolved()), two=(declared(), *target))
        pair.merge("one", into="two")
        assert isinstance(pair["one"], Duplicate)


@pytest.mark.parametrize("kind", [e.Kind.DRILL, e.Kind.TEST])
def test_a_drill_and_what_is_real_are_never_one(kind: e.Kind):
    pair = Pair(real=(declared(),), drill=(declared(kind=kind),))
    assert pair.refusal("real", c.Merge(into="drill")).code == "incident.exercise"
    assert pair.refusal("drill", c.Merge(into="real")).code == "incident.exercise"


def test_circles_and_merged_ones_are_refused_with_the_one_that_carries_on():
    pair = Pair(a=(declared(),), b=(declared(),), c=(declared(),))
    pair.merge("a", into="b")
    assert pair.refusal("b", c.Merge(into="a")).code == "incident.wrong_phase"
    assert pair.refusal("b", c.Merge(into="b")).code == "incident.merge_into_itself"
    assert "merged into INC-2, merge into that" in pair.refusal("c", c.Merge(into="a")).detail
    assert pair.refusal("a", c.Merge(into="c")).code == "incident.wrong_phase"
    pair.merge("b", into="c")
    assert pair.facts("c").about.duplicates == ("b",)


KNOWN = st.fixed_dictionaries(
    {
        "severity": st.sampled_from(Severity),
        "users": st.none() | st.sampled_from([10, 100, 5_000]),
        "regions": st.none() | st.sampled_from([1, 7]),
        "concern": st.none() | st.booleans(),
        "services": st.sampled_from([(), ("a",), ("a", "b"), ("c",)]),
        "taken": st.booleans(),
        "started": st.none() | st.sampled_from([-30, -10]),
    }
)


def incident(known: dict[str, Any]) -> tuple[Any, ...]:
    started = known["started"]
    begun = declared(
        known["severity"],
        services=known["services"],
        impact_started_at=None if started is None else at(started),
    )
    figures = {
        "users_affected": known["users"],
        "regions": known["regions"],
        "data_integrity_concern": known["concern"],
    }
    events = given(begun).when(
        c.ReassessImpact(**{name: value for name, value in figures.items() if value is not None}),
        at(5),
    )
    return (begun, *events, *((acknowledged(3),) if known["taken"] else ()))


def summary(facts: Facts) -> tuple[Any, ...]:
    return (
        facts.severity,
        facts.assessment.impact,
        facts.assessment.floor,
        set(facts.about.services),
        facts.acknowledged,
        facts.milestones.impact_started_at,
    )


@settings(max_examples=60, deadline=None)
@over(KNOWN, KNOWN, KNOWN)
def test_merging_is_associative_and_keeps_maxima(one: Any, two: Any, three: Any):
    """(a, b), c and a, (b, c), and whoever carries on."""
    known = {"a": incident(one), "b": incident(two), "c": incident(three)}
    highest = min(Pair(**known).facts(name).severity for name in known)
    found = []
    for a, b, last in permutations("abc"):
        left, right = Pair(**known), Pair(**known)
        left.merge(b, into=a)
        left.merge(last, into=a)
        right.merge(last, into=b)
        right.merge(b, into=a)
        found += [summary(left.facts(a)), summary(right.facts(a))]
    assert all(each == found[0] for each in found)
    assert found[0][0] <= highest


def figured(users: int, *more: Any) -> tuple[Any, ...]:
    return (declared(SEV3), reassessed(5, users_affected=users), *more)


def says(pair: Pair, name: str, **figures: Any) -> list[Any]:
    """The raises that follow from an assessment, and those it takes back."""
    pair.minute += 1
    events = pair.decide(name, c.ReassessImpact(**figures), 0, "")
    pair.known[name] = INCIDENT.fold(pair[name], events, "ada")
    return [each for each in events if not isinstance(each, e.ImpactReassessed)]


@pytest.mark.parametrize("brought", [110, 190, 200, 300])
def test_figures_that_are_taken_over_are_the_baseline_of_what_doubles(brought: int):
    """The figures of the other have not grown by the merge; those that grow afterwards have."""
    pair = Pair(one=figured(100), two=figured(brought))
    pair.merge("two", into="one")
    assert pair.facts("one").severity is SEV3
    assert says(pair, "one", users_affected=brought + 10) == []
    assert says(pair, "one", users_affected=2 * brought - 1) == []
    (raised,) = says(pair, "one", users_affected=2 * brought)
    assert raised.reason == f"impact doubled: users affected {brought} → {2 * brought}"


def test_the_own_figures_stay_the_baseline_where_they_were_the_worse():
    pair = Pair(one=figured(300), two=figured(100))
    pair.merge("two", into="one")
    assert says(pair, "one", users_affected=590) == []
    assert len(says(pair, "one", users_affected=600)) == 1


def test_after_an_unmerge_the_own_figures_are_the_baseline_again():
    pair = Pair(one=figured(100), two=figured(300))
    pair.merge("two", into="one")
    pair.unmerge("two")
    assert says(pair, "one", users_affected=199) == []
    assert len(says(pair, "one", users_affected=200)) == 1


def test_what_is_told_later_of_the_time_before_a_merge_leaves_the_merge_as_it_was():
    """The severity came with the other one: no figure of this one has to explain it."""
    for figures in ({}, {"users_affected": 300}):
        two = (declared(SEV1), *([reassessed(5, **figures)] if figures else []))
        pair = Pair(one=figured(100), two=two)
        pair.merge("two", into="one")
        found = says(pair, "one", users_affected=90, occurred_at=at(20))
        assert (found, pair.facts("one").severity) == ([], SEV1), figures


# --- unmerge


PEOPLE = st.none() | st.sampled_from(["ada", "grace"])
THEORIES = st.none() | st.sampled_from(["a bad index", "the last deploy"])


def known_to_responders(known: dict[str, Any], commander: str | None, theory: str | None) -> Any:
    """An incident that somebody may command, and may have a theory of."""
    more: list[Any] = []
    if commander:
        role = Role.INCIDENT_COMMANDER
        more.append(e.RoleAssigned(occurred_at=at(4), role=role, assignee=commander))
    if theory:
        more.append(hypothesis("H1", theory))
    return (*incident(known), *more)


def all_that_is_taken(facts: Facts) -> tuple[Any, ...]:
    pursued = {path.statement for path in facts.response.pursued}
    return (*summary(facts), facts.acknowledged_by, facts.response.roles, pursued)


@settings(max_examples=150, deadline=None)
@over(
    st.lists(st.tuples(KNOWN, PEOPLE, THEORIES), min_size=4, max_size=4),
    st.permutations("abc"),
    st.lists(st.sampled_from("abc"), unique=True, min_size=1),
)
def test_what_is_unmerged_takes_nothing_that_another_one_has_too(
    known: Any, merged: list[str], unmerged: list[str]
):
    """It is as if the others alone had been merged, in that order."""
    incidents = {name: known_to_responders(*each) for name, each in zip("abcs", known, strict=True)}
    pair, without = Pair(**incidents), Pair(**incidents)
    for name in merged:
        pair.merge(name, into="s")
        if name not in unmerged:
            without.merge(name, into="s")
    for name in unmerged:
        pair.unmerge(name)
    assert all_that_is_taken(pair.facts("s")) == all_that_is_taken(without.facts("s"))
    for name in unmerged:
        assert summary(pair.facts(name)) == summary(Pair(**incidents).facts(name))


@settings(max_examples=60, deadline=None)
@over(KNOWN, KNOWN, KNOWN)
def test_a_chain_that_is_unmerged_from_its_end_leaves_no_trace_of_its_beginning(
    one: Any, two: Any, three: Any
):
    """As the refusal says: b out of c, a out of b, and b into c again."""
    known = {"a": incident(one), "b": incident(two), "c": incident(three)}
    chain, without = Pair(**known), Pair(**known)
    chain.merge("a", into="b")
    chain.merge("b", into="c")
    with pytest.raises(Refused, match="unmerge INC-2 from INC-3 first"):
        chain.unmerge("a")
    for name in ("b", "a"):
        chain.unmerge(name)
    for pair in (chain, without):
        pair.merge("b", into="c")
    assert summary(chain.facts("c")) == summary(without.facts("c"))


def test_one_of_two_that_are_as_severe_is_unmerged_and_the_severity_stays():
    pair = Pair(
        one=(declared(SEV1),), two=(declared(SEV1),), three=(declared(SEV2),), s=(declared(),)
    )
    for name in ("one", "three", "two"):
        pair.merge(name, into="s")
    assert not any(isinstance(each, e.SeverityRaiseWithdrawn) for each in pair.unmerge("one")["s"])
    assert pair.facts("s").severity is SEV1
    (fallen,) = [
        each for each in pair.unmerge("two")["s"] if isinstance(each, e.SeverityRaiseWithdrawn)
    ]
    assert (fallen.withdrawn, fallen.severity) == (SEV1, SEV2)
    assert pair.facts("s").severity is SEV2
    pair.unmerge("three")
    assert pair.facts("s").severity is SEV3


@pytest.mark.parametrize("opens", ["incident", "triage"])
@pytest.mark.parametrize("priority", [None, "P2", "P3", "P4"])
def test_one_of_two_is_unmerged_from_what_only_a_page_has_opened(priority: str | None, opens: str):
    paged_ = (paged(priority=priority, opens=opens),)
    pair = Pair(one=(declared(SEV1),), two=(declared(SEV2),), s=paged_)
    before = pair.facts("s").severity
    for name in ("one", "two"):
        pair.merge(name, into="s")
    pair.unmerge("one")
    assert pair.facts("s").severity is SEV2
    pair.unmerge("two")
    assert pair.facts("s").severity is before


def test_what_was_wanted_while_a_page_claimed_as_much_outlasts_a_merge_and_its_end():
    """Found by the judge: nothing fell at the merge, and all of it as that was undone."""
    opened = (paged(priority="P1"),)
    pair = Pair(one=(declared(SEV2), reassessed(5, percent_affected=100.0)), s=opened)
    says(pair, "s", percent_affected=100.0)
    pair.minute += 1
    lower = page("priority_updated", "lower", priority="P4", at_min=pair.minute)
    pair.known["s"] = INCIDENT.fold(pair["s"], pair.decide("s", lower, 0, ""), "ada")
    says(pair, "s", percent_affected=10.0)
    assert pair.facts("s").severity is SEV1
    pair.merge("one", into="s")
    says(pair, "s", regions=2)
    pair.unmerge("one")
    assert pair.facts("s").severity is SEV1


def test_who_commands_what_is_still_part_of_it_commands_where_the_other_is_gone():
    def led(name: str) -> tuple[Any, ...]:
        role = Role.INCIDENT_COMMANDER
        return (declared(), e.RoleAssigned(occurred_at=at(1), role=role, assignee=name))

    pair = Pair(one=led("ada"), two=led("grace"), s=(declared(),))
    for name in ("one", "two"):
        pair.merge(name, into="s")
    (handed,) = [each for each in pair.unmerge("one")["s"] if isinstance(each, e.RoleHandedOver)]
    assert (handed.previous, handed.assignee, handed.note) == (
        "ada",
        "grace",
        "it was that of INC-1",
    )


def test_an_unmerged_incident_is_what_it_was_and_the_other_gives_back_what_it_took():
    pair = Pair(poor=POOR, rich=RICH)
    before = {name: pair.facts(name) for name in ("poor", "rich")}
    pair.merge("rich", into="poor")
    pair.unmerge("rich")
    assert isinstance(pair["rich"], Open)
    for name in ("poor", "rich"):
        after = pair.facts(name)
        assert summary(after) == summary(before[name]), name
        assert after.response.roles == before[name].response.roles
        assert after.milestones == before[name].milestones
        assert after.about.duplicates == ()
    (path,) = pair.facts("poor").response.hypotheses
    assert path.status.value == "abandoned"


def test_what_people_have_said_since_stays():
    pair = Pair(poor=POOR, rich=RICH)
    pair.merge("rich", into="poor")
    for said in (
        c.ReassessImpact(users_affected=950),
        c.ChangeSeverity(severity=SEV1, reason="seen by ourselves"),
    ):
        pair.minute += 1
        events = pair.decide("poor", said, 0, "")
        pair.known["poor"] = INCIDENT.fold(pair["poor"], events, "ada")
    pair.unmerge("rich")
    facts = pair.facts("poor")
    assert (facts.severity, facts.assessment.impact.users_affected) == (SEV1, 950)


def test_unmerging_twice_is_refused_and_merging_again_is_a_merge():
    pair = Pair(one=(declared(SEV2),), two=(declared(),))
    with pytest.raises(Refused) as refused:
        pair.unmerge("one")
    assert refused.value.code == "incident.wrong_phase"
    pair.merge("one", into="two")
    pair.unmerge("one")
    with pytest.raises(Refused):
        pair.unmerge("one")
    pair.merge("one", into="two")
    assert pair.facts("two").about.duplicates == ("one",)
    assert pair.facts("two").severity is SEV2


def test_an_incident_is_unmerged_from_what_is_over():
    pair = Pair(one=(declared(SEV2),), two=(declared(),))
    pair.merge("one", into="two")
    pair.known["two"] = INCIDENT.fold(pair["two"], [resolved(70)], "ada")
    pair.unmerge("one")
    assert isinstance(pair["one"], Open)
    assert isinstance(pair["two"], Closed)
    assert pair.facts("two").about.duplicates == ()


def test_a_chain_is_unmerged_from_its_end_where_what_was_brought_is():
    pair = Pair(one=(declared(SEV1),), two=(declared(),))
    pair.merge("one", into="two")
    merged_on = e.Merged(occurred_at=at(70), into="three", into_number=3)
    apart = e.Unmerged(occurred_at=at(80), reason="no", out_of="three", out_of_number=3)
    pair.known["two"] = INCIDENT.fold(pair["two"], [merged_on], "ada")
    with pytest.raises(Refused) as refused:
        pair.unmerge("one")
    assert refused.value.code == "merge.passed_on"
    assert "unmerge INC-2 from INC-3 first" in refused.value.detail
    assert refused.value.rule == (
        "What was merged in a chain is unmerged from its end: unmerge INC-2, then INC-1, and merge"
        " INC-2 into INC-3 again if these are one."
    )
    pair.known["two"] = INCIDENT.fold(pair["two"], [apart], "ada")
    pair.unmerge("one")
    assert isinstance(pair["one"], Open)


def grown(*states: tuple[int, int], opens: int = 1) -> tuple[Any, ...]:
    """A page of SEV3 that states how many users are affected, at each of these minutes."""
    log = Log()
    assert log.run(page("updated", "opens", priority="P3", at_min=opens), at(50)) == "decided"
    for minute, users in states:
        said = signal(minute, "P3", users_affected=users)
        assert log.run(said, at(50)) == "decided"
    return tuple(log.events)


@pytest.mark.parametrize("pages", [((1, 100), (5, 250)), ((5, 250), (1, 100))])
def test_a_page_that_has_doubled_brings_its_level_and_takes_it_back(
    pages: tuple[tuple[int, int], ...],
):
    pair = Pair(page=grown(*pages), other=(declared(SEV3),))
    assert pair.facts("page").severity is SEV2
    pair.merge("page", into="other")
    assert pair.facts("other").severity is SEV2
    pair.unmerge("page")
    assert (pair.facts("page").severity, pair.facts("other").severity) == (SEV2, SEV3)


@pytest.mark.parametrize("first", ["merged", "doubled"])
def test_a_page_that_carries_on_doubles_before_the_merge_and_after_it(first: str):
    """What the other one brought is no growth; what is stated since is compared to it."""
    states: dict[str, tuple[tuple[int, int], ...]] = {
        "merged": ((1, 100),),
        "doubled": ((1, 100), (5, 250)),
    }
    pair = Pair(page=grown(*states[first]), other=(declared(SEV3), reassessed(5, regions=4)))
    pair.merge("other", into="page")
    if first == "merged":
        pair.run("page", signal(pair.minute + 1, "P3", users_affected=250))
    assert pair.facts("page").severity is SEV2
    assert pair.facts("page").assessment.impact.regions == 4
    pair.unmerge("other")
    assert pair.facts("page").severity is SEV2
    assert pair.facts("page").assessment.impact.regions is None
    pair.run("page", signal(pair.minute + 1, "P3", users_affected=500))
    assert pair.facts("page").severity is SEV1


def test_what_was_resolved_before_it_was_merged_is_resolved_again():
    pair = Pair(one=(declared(), resolved()), two=(declared(),))
    pair.merge("one", into="two")
    pair.unmerge("one")
    assert isinstance(pair["one"], Closed)
    assert pair["one"].by == "ada"


def test_a_merge_of_an_earlier_release_takes_nothing_and_is_unmerged():
    attached = e.DuplicateAttached(occurred_at=at(9), duplicate="one", duplicate_number=1)
    merged = e.Merged(occurred_at=at(9), into="two", into_number=2)
    pair = Pair(one=(declared(SEV1), merged), two=(declared(), attached))
    assert pair.facts("two").severity is SEV3
    pair.unmerge("one")
    assert isinstance(pair["one"], Open)
    assert pair.facts("two").about.duplicates == ()
    assert not isinstance(pair["two"], FalsePositive)


@pytest.mark.parametrize(
    ("duplicate", "survivor", "since"),
    [
        ((declared(SEV2, 5),), (declared(SEV3),), at(5)),
        ((declared(SEV2, 5),), (declared(SEV2),), at(5)),
        ((declared(SEV3, 5),), (declared(SEV2),), None),
        ((declared(SEV2, 5), resolved(9)), (declared(SEV3),), None),
    ],
)
def test_a_merge_carries_on_since_when_the_duplicate_was_so_severe(
    duplicate: tuple[Any, ...], survivor: tuple[Any, ...], since: Any
) -> None:
    pair = Pair(duplicate=duplicate, survivor=survivor)
    [attached, *_] = pair.merge("duplicate", "survivor")["survivor"]
    assert attached.brought.severe_since == since
