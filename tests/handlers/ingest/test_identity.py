"""What is the same and what is new (decision 30), against a model that knows one thing of each key:
whether it is on.

Products fire, change and end the same alerts again and again; deliveries are doubled, held back and
worked off again; people resolve and reopen. After each step, the alerts with an open incident are
those that the model says are on, each with one.
"""

from collections.abc import Collection, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple, TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.alerting import identity
from domain.incident import INCIDENT
from domain.incident.commands import Reopen, Resolve
from domain.incident.state import LIVE
from handlers.ingest import firing_log
from handlers.kernel.asks import Meta

MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
NEVER = "0001-01-01T00:00:00Z"

Found = TypeVar("Found")
Key = tuple[str, str]
"""A source and an alert of it."""

RECURRING = ("am", "gf", "tools", "shop")
"""Use a key again and again."""
NAMING = ("shop", "pd")
"""Give each delivery an id."""
KEYS = [(source, name) for source in (*RECURRING, "pd") for name in "ab"]


Sent = tuple[Key, bool, str, int, bool]
"""A key, whether it is on, in which words, with which oddity, and whether it is held back."""
SENT: list[Sent] = list(
    product(KEYS, (False, True), ("91 %", "99 %"), range(3), (False, False, False, True))
)
"""Drawn at once: of all that it does, a test of thousands of steps spends most on drawing."""


class Delivery(NamedTuple):
    """What a product sends: whether it says that the alert is on or over, when by its clock, and
    the bytes.
    """

    key: Key
    on: bool
    at: datetime
    body: bytes


def written(key: Key, *, on: bool, at: datetime, number: int, words: str, odd: int) -> bytes:
    """A body as the product writes it; `odd` varies what products and clocks differ in."""
    source, name = key
    iso = at.isoformat()
    match source:
        case "am" | "gf":
            began = (None, at - timedelta(days=odd), at + timedelta(seconds=15))[odd]
            alert = {
                "status": "firing" if on else "resolved",
                "fingerprint": name,
                "labels": {"alertname": name},
                "annotations": {"summary": f"{name} {words}"},
                "startsAt": began.isoformat() if began else NEVER,
                "endsAt": NEVER if on or odd == 0 else (at - timedelta(hours=odd)).isoformat(),
            }
            said: Any = {"version": "4", "groupKey": "g", "alerts": [alert]}
        case "tools":
            payload = {"summary": words, "source": "db"}
            stamped = {"timestamp": (at - timedelta(hours=odd)).isoformat()} if odd else {}
            said = {
                "event_action": "trigger" if on else "resolve",
                "dedup_key": name,
                "payload": {**payload, **stamped},
            }
        case "shop":
            said = {
                "specversion": "1.0",
                "id": str(number),
                "source": "/x",
                "type": "x.alert",
                "time": iso,
                "data": {
                    "action": "trigger" if on else "resolve",
                    "dedup_key": name,
                    "summary": words,
                },
            }
        case _:
            said = {
                "event": {
                    "id": f"E{number}",
                    "event_type": f"incident.{'reopened' if on else 'resolved'}",
                    "occurred_at": iso,
                    "data": {"id": name, "type": "incident", "title": words},
                }
            }
    return msgspec.json.encode(said)


class Identity(RuleBasedStateMachine):
    """Deliveries to a desk, and what the model makes of them."""

    new_desk: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.desk = self.new_desk()
        self.desk.now = MORNING
        self.sent: list[Delivery] = []
        self.held: list[Delivery] = []
        self.known: set[bytes] = set()
        self.positions = 0
        self.on: set[Key] = set()
        self.ended_at: dict[Key, datetime] = {}
        self.fired_at: dict[Key, datetime] = {}
        self.led: set[Key] = set()
        self.folded: dict[str, Any] = {}
        self.folded_to = 0

    # --- the model

    def hear(self, it: Delivery) -> None:
        """What comes in last counts; but a product that names its deliveries repeats them, and may
        date them.
        """
        source, _ = it.key
        if source in NAMING:
            if it.body in self.known:
                return
            self.known.add(it.body)
            if self.is_late(it):
                return
        (self.on.add if it.on else self.on.discard)(it.key)

    def is_late(self, it: Delivery) -> bool:
        """Dated before the end that we know of; of PagerDuty's, which have an id for each time that
        they fire, an end may come late as well.
        """
        if not it.on:
            ended_at = max(it.at, self.ended_at.get(it.key, it.at))
            self.ended_at[it.key] = ended_at
            return it.key[0] == "pd" and self.fired_at.get(it.key, it.at) > it.at
        self.fired_at[it.key] = max(it.at, self.fired_at.get(it.key, it.at))
        return it.key in self.ended_at and it.at < self.ended_at[it.key]

    # --- products

    @rule(said=st.sampled_from(SENT))
    def send(self, said: Sent) -> None:
        key, on, words, odd, hold = said
        if not on and key in self.led:
            return  # whether an end counts that a person has overruled is another question
        self.tick()
        number = len(self.sent) + len(self.held)
        body = written(key, on=on, at=self.desk.now, number=number, words=words, odd=odd)
        it = Delivery(key, on, self.desk.now, body)
        if hold:
            self.held.append(it)
        else:
            self.deliver(it)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_pass(self, data: st.DataObject) -> None:
        """What was held back on the way comes in behind others."""
        it = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
        if not it.on and it.key in self.led:
            return
        self.tick()
        self.deliver(it)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """The same bytes."""
        it = data.draw(st.sampled_from(self.sent))
        if not it.on and it.key in self.led:
            return
        self.tick()
        self.deliver(it)

    @precondition(lambda self: self.positions)
    @rule(data=st.data())
    def work_off_again(self, data: st.DataObject) -> None:
        """The stream hands a signal out again that was not acknowledged in time."""
        self.translate(data.draw(st.integers(1, self.positions)))
        self.check()

    # --- people

    @precondition(lambda self: self.on)
    @rule(data=st.data())
    def resolve(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.on)))
        self.tick()
        (incident,) = self.open_of(key)
        self.ask(incident, Resolve(resolution="restarted", override="nobody else is there"))
        self.on.discard(key)
        self.led.discard(key)
        if key[0] == "pd":
            self.ended_at[key] = self.desk.now  # of one clock with what it dates
        self.check()

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        """The last incident of an alert, where none is open."""
        key = data.draw(st.sampled_from(sorted({it.key for it in self.sent})))
        had = self.incidents_of(key)
        if key in self.on or not had:
            return
        self.tick()
        self.ask(had[-1], Reopen(reason="not over"))
        self.on.add(key)
        self.led.add(key)
        self.check()

    # --- how it is done

    def tick(self) -> None:
        self.desk.now += timedelta(minutes=1)

    def deliver(self, it: Delivery) -> None:
        self.hear(it)
        self.sent.append(it)
        # A delivery of its own each time, as if the memory of the reception had run out.
        headers = {"x_webhook_id": str(self.positions)}
        self.positions = done(self.desk.accept(it.key[0], it.body, **headers))
        self.translate(self.positions)
        self.check()

    def translate(self, position: int) -> None:
        done(self.desk.intake.translate(done(self.desk.signal(position))))

    def ask(self, incident: str, command: Any) -> None:
        meta = Meta(command_id=str(self.desk.now), actor="ada", correlation_id="c")
        done(self.desk.executor.run(INCIDENT, incident, command, meta))

    def states(self) -> dict[str, Any]:
        """The incidents as they stand, by what the log has gained since they were asked for."""

        async def followed() -> None:
            async for batch in self.desk.store.read(self.folded_to):
                for recorded in batch:
                    self.folded_to = recorded.position
                    kind, _, incident = recorded.stream.partition(".")
                    if kind == "incident":
                        before = self.folded.get(incident, INCIDENT.initial)
                        self.folded[incident] = INCIDENT.follow(before, recorded.commit)

        done(followed())
        return self.folded

    def incidents_of(self, key: Key) -> list[str]:
        return [incident for incident, state in self.states().items() if key in keys_of(state)]

    def open_of(self, key: Key) -> list[str]:
        states = self.states()
        return [each for each in self.incidents_of(key) if isinstance(states[each], LIVE)]

    def check(self) -> None:
        """The open set, each alert once."""
        live = [state for state in self.states().values() if isinstance(state, LIVE)]
        found = sorted(key for state in live for key in keys_of(state))
        assert found == sorted(self.on), f"open {found}, and not {sorted(self.on)}"


def done(work: Coroutine[Any, Any, Found]) -> Found:
    """What comes of work on stores in memory, which waits for nothing and needs no event loop."""
    try:
        work.send(None)
    except StopIteration as found:
        return found.value  # type: ignore[no-any-return]
    raise AssertionError("it waits")


def keys_of(state: Any) -> set[Key]:
    return {(member.key[1], member.key[2]) for member in state.facts.alerts.members}


def tried(new_desk: Any, examples: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    machine = type("Tried", (Identity,), {"new_desk": staticmethod(new_desk)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            phases=phases,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """Thousands of deliveries are not worth a line each."""
    import structlog  # noqa: PLC0415

    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.configure(**before)


def test_whatever_happens_the_open_incidents_are_those_of_what_is_on(new_desk):
    tried(new_desk, 2_000)


def test_without_the_rule_of_identity_the_model_finds_out(new_desk, monkeypatch):
    """Bytes and starts in its place, as it was once."""

    def by_start(said: Any, history: Any, left_at: Any = None) -> Any:
        firing = identity.followed(said, history)
        news = identity.News.FOLLOWS if firing else identity.News.BEGINS
        return identity.Judgement(news, firing)

    monkeypatch.setattr(firing_log, "judge", by_start)
    with pytest.raises(BaseException, match="open"):
        tried(new_desk, 200, phases=[Phase.generate])
