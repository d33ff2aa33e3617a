"""Histories under another policy: nothing differs where it decides alike, and what differs is what
would have come of the same commands had it been in force, as a run from the beginning shows.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Escalated
from domain.incident.impact import StatedImpact
from domain.kernel.commit import Event, Recorded, name_of
from domain.kernel.refusal import Refused
from domain.learning.replay import Consequence, replayed
from domain.learning.what_if import IncidentUnderPolicy, under_both
from domain.policy import DEFAULT, Functionality, Policy, Role, Severity
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.processes.runner import ACTOR
from support.spec import SEV1, SEV2, at

ID = "00000000-0000-0000-0000-000000000001"
STREAM = f"incident.{ID}"
END_MIN = 5 * 60
UNTIL = at(END_MIN)
Said = tuple[float, Any]


def with_level(policy: Policy, severity: Severity, **changes: Any) -> Policy:
    level = replace(policy.levels[severity], **changes)
    return replace(policy, levels={**policy.levels, severity: level})


STRICT = replace(
    with_level(
        with_level(DEFAULT, SEV2, response_s=300, escalate_after_s=300), SEV1, response_s=60
    ),
    version="strict",
    major_percent=5.0,
    outage_percent=50.0,
    doubling_factor=1.5,
)


def declare(**fields: Any) -> c.Declare:
    roles = {Role.INCIDENT_COMMANDER: "ada", Role.TECHNICAL_LEAD: "grace"}
    return c.Declare(title="Slow", services=("shop",), roles=roles, **fields)


async def recorded(policy: Policy, said: Sequence[Said]) -> list[Recorded[Event]]:
    """The log of these commands under a policy, with all that its clocks do: by brute force, asking
    each deadline after each command, and again once it is due.
    """
    now = at(0)
    store = MemoryEventStore()
    executor = Executor(store, MemoryReferences(), lambda: now, policy)
    deadlines = INCIDENT.deadlines
    assert deadlines is not None
    history, position = deadlines.initial, 0
    for number, (minutes, command) in enumerate((*said, (END_MIN, None))):
        until, asked = at(minutes), set[str]()
        while True:
            for each in await store.load(STREAM, after=position):
                history = deadlines.follow(history, each, policy, INCIDENT.evolve)
                position = each.position
            due = [deadlines.next_expiry(each, history, now, policy) for each in deadlines.all]
            soon = [each for each in due if each and each.fires_at <= until]
            soon = [each for each in soon if f"{each}" not in asked]
            if not soon:
                break
            expire = min(soon, key=lambda each: each.fires_at)
            asked.add(f"{expire}")
            now = max(now, expire.fires_at)
            meta = Meta(command_id=f"{expire}", actor=ACTOR, correlation_id="clock")
            await executor.run(INCIDENT, ID, expire, meta)
        now = until
        if command is not None:
            meta = Meta(command_id=f"command-{number}", actor="ada", correlation_id="said")
            await executor.run(INCIDENT, ID, command, meta)
    return await store.load(STREAM)


def compared(commits: list[Recorded[Event]], then: Policy) -> IncidentUnderPolicy | None:
    return under_both(ID, commits, DEFAULT, then, at(0), UNTIL)


def shown(found: IncidentUnderPolicy | None) -> dict[str, tuple[datetime | None, datetime | None]]:
    assert found is not None
    return {each.what: (each.now_at, each.then_at) for each in reversed(found.differences)}


STORY: tuple[Said, ...] = (
    (0, declare(impact=StatedImpact(percent_affected=10.0))),
    (3, c.ReassessImpact(percent_affected=18.0)),
    (20, c.Acknowledge()),
    (40, c.ReassessImpact(percent_affected=60.0)),
    (90, c.Mitigate(mitigation="rolled back")),
)


async def test_the_policy_in_force_differs_in_nothing_and_decides_what_is_on_record() -> None:
    commits = await recorded(DEFAULT, STORY)
    assert compared(commits, DEFAULT) is None
    assert compared(commits, replace(DEFAULT, version="renamed")) is None


async def test_a_stricter_policy_shows_each_difference_with_both_times() -> None:
    found = compared(await recorded(DEFAULT, STORY), STRICT)
    assert found is not None
    assert (found.severity_now, found.severity_then) == (SEV2, SEV1)
    rows = shown(found)
    assert rows["classified SEV3"] == (at(0), None)
    assert rows["classified SEV2"] == (None, at(0))
    assert rows["escalated to engineering_manager"] == (at(55), None)
    assert rows["told executives: escalated"] == (None, at(3))
    assert rows["upgraded to SEV1 by escalation.impact_doubled"] == (None, at(3))


IMPACTS = st.builds(
    c.ReassessImpact,
    percent_affected=st.sampled_from((1.0, 4.0, 6.0, 20.0, 26.0, 60.0, 100.0)),
    users_affected=st.sampled_from((1, 10, 25, 1000)),
)
MOVES = st.one_of(
    IMPACTS,
    st.just(c.Acknowledge()),
    st.just(c.Mitigate(mitigation="rolled back")),
    st.builds(c.ChangeSeverity, severity=st.sampled_from(tuple(Severity)), reason=st.just("so")),
)
SHARES = st.builds(StatedImpact, percent_affected=st.sampled_from((None, 4.0, 30.0)))
BROKEN = st.builds(StatedImpact, functionality=st.sampled_from(Functionality))
STARTS = st.one_of(
    st.builds(declare, impact=st.one_of(SHARES, BROKEN)),
    st.builds(declare, severity=st.sampled_from(tuple(Severity))),
)
SAID = st.lists(st.tuples(st.integers(1, 200), MOVES), max_size=4, unique_by=lambda it: it[0])


@given(STARTS, SAID)
@settings(max_examples=15, deadline=None)
async def test_what_would_have_been_is_what_the_same_commands_give_from_the_beginning(
    start: c.Declare, moves: list[Said]
) -> None:
    said = [(0.0, start), *sorted(moves, key=lambda it: it[0])]
    try:
        logs = [await recorded(policy, said) for policy in (DEFAULT, STRICT)]
    except Refused:  # by one of them, so that they are not told the same
        return
    for policy, log in zip((DEFAULT, STRICT), logs, strict=True):
        what_if = replayed(logs[0], policy, UNTIL)
        ruled = [each for each in what_if.found if not each.what.startswith("told ")]
        assert ruled == list(on_record(log))
        state = INCIDENT.initial
        for each in log:
            state = INCIDENT.follow(state, each.commit)
        assert what_if.incident.facts.severity is state.facts.severity
        assert what_if.found == replayed(log, policy, UNTIL).found


def on_record(log: list[Recorded[Event]]) -> Iterator[Consequence]:
    """What rules have decided, as the log has it."""
    for each in log:
        for event in each.commit.events:
            rule = event.automatic.rule if getattr(event, "automatic", None) else None
            what = None
            if isinstance(event, e.Declared) and event.because:
                what = f"classified {event.severity}"
            elif isinstance(event, e.SeverityUpgraded):
                what = f"upgraded to {event.severity} by {rule}"
            elif rule and isinstance(event, Escalated):
                what = f"escalated to {event.tier}"
            elif rule:
                what = f"{name_of(type(event))} by {rule}"
            if what:
                yield Consequence(each.commit.recorded_at, what)


async def test_what_lies_before_the_period_is_left_out() -> None:
    commits = await recorded(DEFAULT, STORY)
    found = under_both(ID, commits, DEFAULT, STRICT, at(30), UNTIL)
    assert found is not None
    assert all(max(filter(None, (it.now_at, it.then_at))) >= at(30) for it in found.differences)


async def test_one_that_is_open_for_ever_ends() -> None:
    commits = await recorded(DEFAULT, STORY[:1])
    found = replayed(commits, DEFAULT, UNTIL + timedelta(days=40))
    assert 0 < len(found.found) < 5_000
