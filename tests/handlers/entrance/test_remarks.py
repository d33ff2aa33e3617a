"""What the answer to a command says beside what its aggregate does."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from domain.directory import PERSON
from domain.directory.person import DeactivatePerson, ReactivatePerson
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Role, Severity
from domain.sight import Viewer
from handlers.entrance.remarks import Remarks
from handlers.kernel.ports import NoRosters, Unavailable
from projections.incident.held_roles import HeldRole

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA = Viewer(people=frozenset({"ada"}), name="ada")
BOSS = Viewer(people=frozenset({"boss"}), name="boss")


@pytest.mark.parametrize(
    ("private", "viewer", "warned"),
    [
        (c.PrivateTo(people=("grace",)), BOSS, True),
        (c.PrivateTo(people=("grace", "boss")), BOSS, False),
        (c.PrivateTo(people=("grace",)), ADA, False),
        (None, BOSS, False),
    ],
)
async def test_who_declares_for_others_reads_that_it_is_not_for_them(
    private: c.PrivateTo | None, viewer: Viewer, *, warned: bool
):
    command = c.Declare(title="x", severity=Severity.SEV2, private=private)
    context = Context(NOON, "c-1", DEFAULT, 1, "ada")
    state = INCIDENT.fold(INCIDENT.initial, INCIDENT.decide(command, INCIDENT.initial, context))
    found = await remarks(Rows()).on(INCIDENT, "i-1", command, state, viewer)
    assert [each.code for each in found] == ["incident.not_for_you"] * warned
    said = "from now on you hear that there is no such incident, also if you send this again"
    assert all(said in it.detail for it in found)


class Rows:
    """Read models that know who has roles where, or are away."""

    def __init__(self, *held: HeldRole) -> None:
        self.held, self.away = held, False
        self.noted: list[str] = []

    async def head(self) -> int:
        return 7

    async def reach(self, _: str, position: int, __: float) -> None:
        assert position == 7
        if self.away:
            raise Unavailable("PostgreSQL is away")

    async def ask(self, viewer: Viewer, _: Any, *, people: tuple[str, ...]) -> list[HeldRole]:
        assert (viewer, people) == (BOSS, ("ada",))
        return list(self.held)

    async def of(self, _: Viewer) -> Any:
        return SimpleNamespace(seen=frozenset({"id-1"}))

    async def note(self, _: Viewer, ids: Any) -> None:
        self.noted += ids


def held(number: int, role: Role, person: str | None = "ada") -> HeldRole:
    return HeldRole(
        id=f"id-{number}", role=role.value, reference=f"INC-{number}", name="Ada", person=person,
        gone=False,
    )  # fmt: skip


def remarks(rows: Any) -> Remarks:
    executor: Any = SimpleNamespace(rosters=NoRosters())
    return Remarks(executor, rows, rows, rows)


async def on(rows: Rows, command: Any) -> list[tuple[str, str]]:
    found = await remarks(rows).on(PERSON, "ada", command, PERSON.initial, BOSS)
    return [(each.code, each.detail) for each in found]


GONE = DeactivatePerson(reason="left")


async def test_roles_of_who_has_left_are_named_and_what_of_it_is_private_is_noted():
    rows = Rows(held(1, Role.INCIDENT_COMMANDER), held(3, Role.SCRIBE, person=None))
    [(code, said)] = await on(rows, GONE)
    assert code == "person.has_roles"
    assert said.endswith("keeps them: Incident Commander in INC-1")
    assert rows.noted == ["id-1"]


async def test_nobody_asks_for_roles_of_who_has_not_left():
    rows = Rows(held(1, Role.SCRIBE))
    assert await on(rows, ReactivatePerson()) == []
    assert rows.noted == []


async def test_what_cannot_be_known_just_now_is_said_and_keeps_nobody_from_leaving():
    rows = Rows(held(1, Role.SCRIBE))
    rows.away = True
    [(code, _)] = await on(rows, GONE)
    assert code == "person.roles_unknown"
