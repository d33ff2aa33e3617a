"""An incident that was merged into another one, turned out to be none, and is private now: nothing
of it stands with the other one for whoever may not see it; and the other way round.
"""

import json
from typing import Any, NamedTuple

import msgspec
import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.impact import StatedImpact
from domain.incident.roles import Role
from domain.notification import LEDGER
from domain.policy import DEFAULT, Severity
from domain.sight import Viewer
from handlers.access.sights import Sights
from handlers.queries.commits import histories_of
from handlers.queries.incidents import replay_incident
from handlers.queries.unseen import readable, without
from projections.incident.explained import OfEvent, explain_incident
from projections.incident.known_then import known_then
from projections.incident.merged import merged_into
from projections.incident.reading import read_for
from projections.past import NOW, Cut
from support.delivery_harness import NOON, DeliveryHarness

CARRIES_ON = "0197000a-0000-7000-8000-000000000000"
DUPLICATE = "0197000b-0000-7000-8000-000000000000"
MALLORY = Viewer(name="mallory")
SECRET = "Somebody has read the salaries"


class Parted(NamedTuple):
    """Two incidents that were one for a while, and when they were."""

    harness: DeliveryHarness
    together: Cut

    async def commits(self, id_: str, hidden: str, cut: Cut = NOW) -> list[Any]:
        streams = (INCIDENT.stream(""), LEDGER.stream(""))
        return await histories_of(
            self.harness.store, streams, id_, cut, merged_into, frozenset({hidden})
        )

    async def reference(self, id_: str) -> str:
        state: Any = await self.harness.executor.state(INCIDENT, id_)
        return str(state.facts.reference)


@pytest.fixture
async def parted() -> Parted:
    harness = DeliveryHarness()
    await harness.run(CARRIES_ON, c.Declare(title="Search is slow", severity=Severity.SEV3))
    declared = c.Declare(
        title=SECRET,
        severity=Severity.SEV1,
        services=("salaries",),
        impact=StatedImpact(users_affected=7_654),
    )
    await harness.run(DUPLICATE, declared)
    for role in Role:
        await harness.run(DUPLICATE, c.AssignRole(role=role, assignee="secret-agent"))
    await harness.run(DUPLICATE, c.OpenHypothesis(statement=SECRET))
    await harness.run(DUPLICATE, c.Merge(into=CARRIES_ON, reason="the same database"))
    harness.pass_s(60)
    together = Cut(known_at=harness.now)
    harness.pass_s(60)
    await harness.run(DUPLICATE, c.Unmerge(reason="another database"))
    return Parted(harness, together)


WORDS = (SECRET, "salaries", "secret-agent", "7654", "7,654", "another database", "SEV1")
"""What only the duplicate had, and what was said of the two."""


@pytest.mark.parametrize("when", ["now", "then"])
async def test_nothing_of_the_duplicate_is_told_of_what_carried_it_on(parted: Parted, when: str):
    cut = NOW if when == "now" else parted.together
    commits = await parted.commits(CARRIES_ON, DUPLICATE, cut)
    replayed = await replay_incident(parted.harness.store, CARRIES_ON, cut, {DUPLICATE})
    told = [
        replayed,
        *(read_for(CARRIES_ON, it, commits, cut) for it in ("responders", "postmortem", "public")),
        explain_incident(OfEvent(id=CARRIES_ON), commits, cut, DEFAULT),
        known_then(CARRIES_ON, commits, parted.together),
        [list(each.commit.events) for each in commits],
    ]
    said = json.dumps(msgspec.to_builtins(told))
    names = (*WORDS, DUPLICATE, await parted.reference(DUPLICATE))
    assert [each for each in names if each in said] == []
    assert replayed.shown
    assert (replayed.shown.severity, replayed.shown.duplicates) == (Severity.SEV3, ())


async def test_nothing_of_what_carried_it_on_is_told_of_the_duplicate(parted: Parted):
    for cut in (NOW, parted.together):
        commits = await parted.commits(DUPLICATE, CARRIES_ON, cut)
        replayed = await replay_incident(parted.harness.store, DUPLICATE, cut, {CARRIES_ON})
        told = [replayed, known_then(DUPLICATE, commits, parted.together)]
        said = json.dumps(msgspec.to_builtins(told))
        reference = await parted.reference(CARRIES_ON)
        assert [
            each for each in (CARRIES_ON, f"{reference} ", "Search is slow") if each in said
        ] == []
        assert replayed.shown
        assert replayed.shown.status != "merged"


async def test_whoever_may_see_both_is_told_all(parted: Parted):
    replayed = await replay_incident(parted.harness.store, CARRIES_ON, NOW)
    said = json.dumps(msgspec.to_builtins(replayed))
    assert await parted.reference(DUPLICATE) in said
    assert SECRET in said


async def test_events_name_none_that_is_hidden_by_the_log(parted: Parted):
    """Rows need not know it yet."""
    harness = parted.harness
    private = c.SetVisibility(private=c.PrivateTo(people=("joan",)))
    await harness.run(DUPLICATE, private, actor="ada")
    rows: Any = None
    sights = Sights(harness.executor, rows, lambda: NOON)
    commits = await harness.store.load(INCIDENT.stream(CARRIES_ON))
    assert await sights.hidden_links(commits, MALLORY) == {DUPLICATE}
    kept = readable(commits, {DUPLICATE})
    said = json.dumps(msgspec.to_builtins([list(each.commit.events) for each in kept]))
    assert [each for each in (*WORDS, DUPLICATE) if each in said] == []


async def test_an_answer_of_rows_leaves_out_what_was_given_back(parted: Parted):
    """The state keeps the path of the duplicate, which was abandoned as it was that of another."""
    replayed = await replay_incident(parted.harness.store, CARRIES_ON, NOW)
    reference = await parted.reference(DUPLICATE)
    shown = without(replayed.shown, {DUPLICATE}, {reference})
    said = json.dumps(msgspec.to_builtins(shown))
    assert [each for each in (SECRET, reference, DUPLICATE) if each in said] == []
