"""The gate: whom it lets in, and when it looks into the log again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace

from domain.access.events import SessionBegun, TokenIssued, TokenRevoked
from domain.access.grants import AccessRole, Permission
from domain.access.principal import Principal, Unauthentic
from domain.access.sessions import id_of
from domain.access.token_register import Register
from domain.access.tokens import evolve
from domain.kernel.roster import RosterPerson
from handlers.access.gate import Gate
from handlers.kernel.ports import Unavailable
from support.access import NOON, bearer, secret_of

SECRET = secret_of(AccessRole.RESPONDER)
DIGEST = sha256(SECRET.encode()).hexdigest()


class Log:
    """Holds a register, and counts who reads it."""

    def __init__(self) -> None:
        self.register, self.reads, self.away = Register(), 0, False

    async def state(self, *_: Any) -> Register:
        self.reads += 1
        if self.away:
            raise Unavailable("the log is away")
        return self.register

    def record(self, *events: Any) -> None:
        for event in events:
            self.register = evolve(self.register, event, "grace")


class Clock:
    now = NOON

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def gate(log: Log, clock: Clock) -> Gate:
    executor: Any = log
    return Gate(executor, clock)


ISSUED = TokenIssued(occurred_at=NOON, name="ada", digest=DIGEST, role=AccessRole.RESPONDER)
REVOKED = TokenRevoked(occurred_at=NOON, id=id_of(DIGEST), reason="lost")
SHOWN = bearer(SECRET)["Authorization"]


async def code_of(gate: Gate, shown: str | None) -> str:
    with pytest.raises(Unauthentic) as refused:
        await gate.admit(shown)
    assert SECRET not in str(refused.value), "a refusal repeats no secret"
    return refused.value.code


async def test_a_token_counts_as_soon_as_it_stands_in_the_log(gate: Gate, log: Log):
    assert await code_of(gate, SHOWN) == "token.unknown"
    log.record(ISSUED)
    found = await gate.admit(SHOWN)
    assert (found.name, found.role, found.actor) == ("ada", AccessRole.RESPONDER, "ada")
    before = log.reads
    await gate.admit(SHOWN)
    assert log.reads == before, "whoever is known costs no look into the log"


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (None, "token.missing"),
        ("", "token.missing"),
        ("Bearer", "token.malformed"),
        ("Bearer ", "token.malformed"),
        (SECRET, "token.malformed"),
        (f"Basic {SECRET}", "token.malformed"),
        (f"Bearer {SECRET} {SECRET}", "token.malformed"),
        (f"Bearer {SECRET}, Bearer {SECRET}", "token.malformed"),
        ("Bearer another-long-random-text", "token.malformed"),
        (f"Bearer {SECRET}a", "token.malformed"),
        (f"Bearer {SECRET[:-1]}é", "token.malformed"),
        (f"Bearer {SECRET[:-1]}b", "token.unknown"),
        (f"Bearer {SECRET.upper()}", "token.malformed"),
    ],
)
async def test_what_is_no_token(gate: Gate, log: Log, shown: str | None, code: str):
    log.record(ISSUED)
    assert await code_of(gate, shown) == code


async def test_the_scheme_has_any_case(gate: Gate, log: Log):
    log.record(ISSUED)
    assert (await gate.admit(f"bearer   {SECRET} ")).name == "ada"


async def test_expired_and_revoked_are_told_apart(gate: Gate, log: Log, clock: Clock):
    log.record(
        TokenIssued(
            occurred_at=NOON,
            name="ada",
            digest=DIGEST,
            role=AccessRole.VIEWER,
            expires_at=NOON + timedelta(days=1),
        )
    )
    known = await gate.admit(SHOWN)
    clock.now = NOON + timedelta(days=1)
    assert await code_of(gate, SHOWN) == "token.expired"
    assert not gate.still_admits(known, Permission.INCIDENTS_READ)
    log.record(REVOKED)
    await gate.refresh()
    assert await code_of(gate, SHOWN) == "token.revoked"


async def test_who_follows_is_asked_again(gate: Gate, log: Log):
    log.record(ISSUED)
    known = await gate.admit(SHOWN)
    assert gate.still_admits(known, Permission.INCIDENTS_READ)
    assert not gate.still_admits(known, Permission.ACCESS_MANAGE)
    log.record(REVOKED)
    await gate.refresh()
    assert not gate.still_admits(known, Permission.INCIDENTS_READ)


async def test_while_the_log_is_away_those_who_are_known_are_let_in(gate: Gate, log: Log):
    log.record(ISSUED)
    await gate.refresh()
    log.away = True
    assert (await gate.admit(SHOWN)).name == "ada"
    with pytest.raises(Unavailable):  # it may have been made just now
        await gate.admit(f"Bearer {secret_of(AccessRole.ADMIN)}")


async def test_one_who_shows_nothing_is_whom_the_way_in_stands_for(gate: Gate):
    nats = Principal(name="nats", role=AccessRole.INTEGRATION)
    assert await gate.admit(None, nats) == nats
    for shown in ("Bearer nonsense", "", " "):  # neither a wrong token is overlooked nor none
        with pytest.raises(Unauthentic):
            await gate.admit(shown, nats)


async def test_the_last_use_is_known_to_a_minute(gate: Gate, log: Log, clock: Clock):
    log.record(ISSUED)
    assert gate.used == {}
    for seconds, noted in ((0, 0), (59, 0), (61, 61), (62, 61)):
        clock.now = NOON + timedelta(seconds=seconds)
        await gate.admit(SHOWN)
        assert gate.used == {id_of(DIGEST): NOON + timedelta(seconds=noted)}


async def test_a_flood_of_guesses_reads_no_log(gate: Gate, log: Log):
    for _ in range(10):
        with pytest.raises(Unauthentic) as refused:
            await gate.admit(bearer(SECRET)["Authorization"], look_again=False)
        assert refused.value.code == "token.unknown"
    assert log.reads == 0


class Shared:
    """What instances tell each other."""

    def __init__(self) -> None:
        self.known: dict[str, datetime] = {}
        self.since, self.away = NOON, False

    async def share(
        self, used: Mapping[str, datetime], since: datetime
    ) -> tuple[dict[str, datetime], datetime]:
        if self.away:
            raise Unavailable("the table is away")
        self.since = min(self.since, since)
        for token, at in used.items():
            self.known[token] = max(at, self.known.get(token, at))
        return dict(self.known), self.since


async def test_when_a_token_was_used_is_known_whichever_instance_saw_it(log: Log, clock: Clock):
    log.record(ISSUED)
    executor: Any = log
    shared = Shared()
    one, other = Gate(executor, clock), Gate(executor, clock)
    one.uses = other.uses = shared
    clock.now = NOON + timedelta(minutes=5)
    await one.admit(SHOWN)
    shared.away = True
    await one.share_uses()
    assert one.used == {id_of(DIGEST): clock.now}, "nothing is lost meanwhile"
    shared.away = False
    await one.share_uses()
    await other.share_uses()
    assert other.used == {id_of(DIGEST): clock.now}
    clock.now += timedelta(minutes=5)
    await other.admit(SHOWN)
    await other.share_uses()
    await one.share_uses()
    assert one.used[id_of(DIGEST)] == clock.now


def logged_in(log: Log, **more: Any) -> str:
    secret = f"cps_{'s':s<43}"
    log.record(
        SessionBegun(
            occurred_at=NOON,
            digest=sha256(secret.encode()).hexdigest(),
            name="ada@example.com",
            role=AccessRole.RESPONDER,
            expires_at=NOON + timedelta(hours=1),
            **more,
        )
    )
    return secret


async def test_a_session_counts_as_long_as_it_lasts(gate: Gate, log: Log, clock: Clock):
    secret = logged_in(log)
    known = await gate.admit_session(secret)
    assert (known.name, known.session) == ("ada@example.com", True)
    assert gate.still_admits(known, Permission.INCIDENTS_READ)
    assert gate.used == {}
    clock.now = NOON + timedelta(hours=1)
    assert not gate.still_admits(known, Permission.INCIDENTS_READ)
    with pytest.raises(Unauthentic) as refused:
        await gate.admit_session(secret)
    assert (refused.value.code, secret in str(refused.value)) == ("session.ended", False)
    with pytest.raises(Unauthentic):
        await gate.admit(f"Bearer {secret}")
    with pytest.raises(Unauthentic):
        await gate.admit_session(SECRET)


async def test_who_has_left_is_let_in_neither_by_a_token_nor_by_a_session(log: Log, clock: Clock):
    people = (RosterPerson(id="ada", name="Ada", email="ada@example.com"),)

    async def find() -> tuple[RosterPerson, ...]:
        return people

    executor: Any = log
    gate = Gate(executor, clock, find)
    log.record(replace(ISSUED, person="ada"))
    secret = logged_in(log, issuer="https://login.example.com", subject="s1")
    await gate.look_at_people()
    token, session = await gate.admit(SHOWN), await gate.admit_session(secret)
    assert (token.actor, session.actor) == ("ada", "ada")
    people = (replace(people[0], active=False),)
    await gate.look_at_people()
    assert not gate.still_admits(token, Permission.INCIDENTS_READ)
    assert not gate.still_admits(session, Permission.INCIDENTS_READ)
    assert await code_of(gate, SHOWN) == "person.not_active"
    with pytest.raises(Unauthentic):
        await gate.admit_session(secret)


async def test_while_the_directory_is_away_those_hold_who_were_known(log: Log, clock: Clock):
    async def find() -> tuple[RosterPerson, ...]:
        raise Unavailable("PostgreSQL is away")

    executor: Any = log
    gate = Gate(executor, clock, find)
    log.record(replace(ISSUED, person="ada"))
    await gate.look_at_people()
    assert (await gate.admit(SHOWN)).actor == "ada"
