"""Changes of systems reach the timelines of incidents, whichever of both is heard of first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.alerting import ChangeReported
from domain.incident import INCIDENT
from domain.incident.commands import Declare, Resolve
from domain.incident.events import ChangeNoted, Kind
from domain.incident.view import IncidentView, view
from handlers.consumers import StreamMessage
from handlers.ingest.note_changes import ChangeNotes
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Unavailable
from projections.alerting.changes import ANY_CHANGE, CHANGES_WITHIN, KnownChange
from projections.incident.incident_list import LIST_INCIDENTS
from projections.incident.lines import entries
from support.answers import Answers


class Timelines:
    """A desk whose log is followed by who notes changes; `pump` hands over what is new."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.heard = 0
        self.down = False
        answers = {
            LIST_INCIDENTS: self._incidents,
            CHANGES_WITHIN: self._within,
            ANY_CHANGE: self._any,
        }
        self.notes = ChangeNotes(desk.executor, desk.store, Answers(answers), lambda: desk.now)

    async def change(self, minutes_ago: float = 3, **more: Any) -> Any:
        """CI tells of a change."""
        at = None if minutes_ago is None else self.desk.now - timedelta(minutes=minutes_ago)
        body = {
            "event_action": "change",
            "payload": {"summary": "Deployed 1.4.2", "timestamp": at, **more},
        }
        return await self.desk.deliver("tools", msgspec.json.encode(body))

    async def declare(self, id_: str, *services: str, **more: Any) -> str:
        command = Declare(title="It fails", services=services, **more)
        return await self.run(id_, command)

    async def run(self, id_: str, command: Any) -> str:
        meta = Meta(command_id=f"{type(command).__name__}-{id_}", actor="ada", correlation_id="c")
        await self.desk.executor.run(INCIDENT, id_, command, meta)
        return id_

    async def pump(self, *, again: bool = False) -> None:
        seen = 0 if again else self.heard
        async for batch in self.desk.store.read(after=seen):
            for it in batch:
                if it.aggregate == "change":
                    await self.notes.hear(StreamMessage(it.stream, b"", it.position))
                elif it.aggregate == "incident":
                    await self.notes.follow(it.stream, [it])
                self.heard = it.position

    async def shown(self, id_: str) -> list[str]:
        """What a timeline says of changes."""
        return [
            line.text
            for recorded in await self.desk.store.load(INCIDENT.stream(id_))
            for line in entries(recorded)
            if line.kind == "change_noted"
        ]

    async def _commits(self) -> list[Any]:
        if self.down:
            raise Unavailable("the test has taken the read models away")
        return [it async for batch in self.desk.store.read() for it in batch]

    async def _incidents(self, _: Any) -> list[IncidentView]:
        states: dict[str, Any] = {}
        for it in await self._commits():
            if it.aggregate == "incident":
                before = states.get(it.key, INCIDENT.initial)
                states[it.key] = INCIDENT.follow(before, it.commit)
        found = (view(key, state, 1) for key, state in states.items())
        return [each for each in found if each]

    async def _within(self, asked: Any) -> list[KnownChange]:
        return [
            KnownChange(id=event.change.id, at=event.occurred_at, change=event.change)
            for it in await self._commits()
            for event in it.commit.events
            if isinstance(event, ChangeReported)
            if asked.since <= event.occurred_at <= asked.until
        ][: asked.limit]

    async def _any(self, _: Any) -> list[str]:
        commits = await self._commits()
        return ["one" for it in commits if it.aggregate == "change"][:1]


A, B, C = (f"01890a5d-ac96-774b-bcce-b302099a805{n}" for n in range(3))
LINE = "Change of checkout: Deployed 1.4.2 (tools)"
CHECKOUT = {"component": "checkout"}


@pytest.fixture
def told(desk: Any) -> Timelines:
    return Timelines(desk)


@pytest.mark.parametrize("incident_first", [True, False])
async def test_a_change_stands_on_the_timelines_of_its_service(
    told: Timelines, incident_first: bool
):
    steps: list[Callable[[], Any]] = [
        lambda: told.declare(A, "checkout"),
        lambda: told.change(**CHECKOUT),
    ]
    for step in steps if incident_first else reversed(steps):
        await step()
        await told.pump()
    await told.declare(B, "search")
    await told.pump()
    assert await told.shown(A) == [LINE]
    assert await told.shown(B) == []


async def test_told_and_heard_of_twice_it_is_one_line(told: Timelines):
    await told.declare(A, "checkout")
    verdicts = [await told.change(**CHECKOUT) for _ in range(2)]
    await told.pump()
    await told.pump(again=True)
    assert [each.outcome for each in verdicts] == ["used", "used"]
    assert verdicts[1].reason == "a change that is known already"
    assert await told.shown(A) == [LINE]


async def test_an_alert_that_opens_an_incident_finds_what_was_changed_before(told: Timelines):
    await told.change(**CHECKOUT)
    trigger = {
        "event_action": "trigger",
        "dedup_key": "k",
        "payload": {"summary": "Errors", "severity": "critical", "component": "checkout"},
    }
    (opened,) = (await told.desk.deliver("tools", msgspec.json.encode(trigger))).incidents
    await told.pump()
    assert await told.shown(opened) == [LINE]


async def test_an_hour_before_is_long_enough(told: Timelines):
    await told.change(61, **CHECKOUT)
    await told.change(59, **CHECKOUT)
    await told.pump()
    await told.declare(A, "checkout")
    await told.pump()
    assert await told.shown(A) == [f"{LINE[:-1]}, heard of 59 min later)"]


async def test_what_names_no_service_may_have_to_do_with_any(told: Timelines):
    await told.declare(A, "checkout")
    await told.declare(B)
    await told.change(source="jenkins-7")
    await told.pump()
    await told.declare(C, "search")
    await told.pump()
    for id_ in (A, B, C):
        assert await told.shown(id_) == ["Change: Deployed 1.4.2 (jenkins-7)"]


async def test_where_it_was_made_may_be_its_service(told: Timelines):
    await told.declare(A, "checkout")
    await told.declare(B, "search")
    await told.change(source="checkout")
    await told.pump()
    assert len(await told.shown(A)) == 1
    assert await told.shown(B) == []


async def test_services_that_a_declaration_names_later_count(told: Timelines):
    trigger = {
        "event_action": "trigger",
        "payload": {"summary": "Errors", "severity": "critical", "component": "db-7"},
    }
    (opened,) = (await told.desk.deliver("tools", msgspec.json.encode(trigger))).incidents
    await told.change(**CHECKOUT)
    await told.pump()
    assert await told.shown(opened) == []
    await told.declare(opened, "checkout")
    await told.pump()
    assert await told.shown(opened) == [LINE]


async def test_what_is_over_takes_what_was_made_in_its_time(told: Timelines):
    await told.declare(A, "checkout")
    told.desk.now += timedelta(minutes=10)
    await told.run(A, Resolve(resolution="rolled back", override="nobody else is there"))
    told.desk.now += timedelta(minutes=60)
    await told.change(0, **CHECKOUT)
    await told.change(62, **CHECKOUT)
    await told.pump()
    assert await told.shown(A) == [f"{LINE[:-1]}, heard of 1 h 2 min later)"]
    (state,) = [await told.desk.executor.state(INCIDENT, A)]
    assert state.facts.milestones.resolved_at is not None


async def test_a_change_without_an_incident_is_on_record(told: Timelines):
    verdict = await told.change(**CHECKOUT)
    await told.pump()
    assert (verdict.outcome, verdict.incidents) == ("used", ())
    assert verdict.reason == "a change, for the timelines of incidents of its service"


async def test_a_change_of_the_future_was_made_when_it_was_heard_of(told: Timelines):
    await told.declare(A, "checkout")
    await told.change(-30, **CHECKOUT)
    await told.pump()
    (event,) = [
        event
        for recorded in await told.desk.store.load(INCIDENT.stream(A))
        for event in recorded.commit.events
        if isinstance(event, ChangeNoted)
    ]
    assert event.occurred_at == told.desk.now


async def test_read_models_that_are_away_only_delay_it(told: Timelines):
    await told.declare(A, "checkout", kind=Kind.STANDARD)
    await told.change(**CHECKOUT)
    told.down = True
    with pytest.raises(Unavailable):
        await told.pump()
    told.down = False
    await told.pump()
    assert await told.shown(A) == [LINE]
