"""Who answers for services commands their incidents, and those alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from adapters.storage.memory.event_store import MemoryReferences
from domain.access.grants import AccessRole, Permission
from domain.access.principal import Principal
from domain.incident import INCIDENT
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson, RosterService, RosterTeam
from domain.policy import DEFAULT
from domain.sight import SERVICE
from handlers.access.own_services import owns
from handlers.entrance.service import Service
from handlers.kernel.executor import Executor
from handlers.kernel.provenance import Caller
from support.access import NOON, OPEN_SIGHTS
from support.delivery_harness import Store

ROSTER = Roster(
    people=tuple(RosterPerson(id=each, name=each.title()) for each in ("ada", "grace", "joan")),
    teams=(
        RosterTeam(id="payments", name="Payments", members=("ada",), leads=("grace",)),
        RosterTeam(id="gone", name="Gone", members=("ada",), active=False),
    ),
    services=(
        RosterService(id="checkout", name="Checkout", owner="team:payments"),
        RosterService(id="ledger", name="Ledger", owner="team:payments"),
        RosterService(id="search", name="Search", owner="person:joan"),
        RosterService(id="old", name="Old", owner="team:gone"),
        RosterService(id="nobodys", name="Nobody's"),
    ),
)
ADA = Principal(name="ada", role=AccessRole.RESPONDER, person="ada")


@pytest.mark.parametrize(
    ("person", "service", "own"),
    [
        ("ada", "checkout", True),
        ("grace", "Checkout", True),
        ("joan", "checkout", False),
        ("joan", "search", True),
        ("ada", "search", False),
        ("ada", "old", False),
        ("ada", "nobodys", False),
        ("ada", "unheard-of", False),
    ],
)
def test_whose_a_service_is(person: str, service: str, *, own: bool):
    assert owns(ROSTER, person, service) is own


class Served:
    """A service over a log in memory, with a directory."""

    def __init__(self) -> None:
        async def known(*_: Any, **__: Any) -> Roster:
            return ROSTER

        store, observer = Store(), SimpleNamespace(command=lambda *_: None)
        self._count = 0
        executor = Executor(store, MemoryReferences(), lambda: NOON, DEFAULT)
        rosters: Any = SimpleNamespace(for_names=known, now=known, soon=known)
        executor.rosters = rosters
        nothing: Any = None
        self.service = Service(
            executor,
            store,
            nothing,
            nothing,
            nothing,
            observer,
            self._new_id,  # type: ignore[arg-type]
            OPEN_SIGHTS,
        )

    def _new_id(self) -> str:
        self._count += 1
        return f"01970001-0000-7000-8000-{self._count:012}"

    async def send(self, name: str, ref: str | None, body: bytes, who: Principal) -> Any:
        sender = Caller("c", SERVICE, None, None, who)
        return (await self.service.send(INCIDENT, name, ref, body, sender)).answer

    async def declared(self, *services: str) -> str:
        listed = ", ".join(f'"{each}"' for each in services)
        body = f'{{"title": "It fails", "severity": "SEV3", "services": [{listed}]}}'
        return str((await self.send("declare", None, body.encode(), ADA)).reference)

    async def refusal(self, name: str, ref: str, body: bytes, who: Principal) -> Refused:
        with pytest.raises(Refused) as refused:
            await self.send(name, ref, body, who)
        assert (refused.value.code, refused.value.rule) == (
            "permission.missing",
            "incidents.command",
        )
        return refused.value


WHY = b'{"reason": "it was none"}'


async def test_an_incident_of_ones_own_services_is_commanded_as_a_responder():
    served = Served()
    ref = await served.declared("checkout", "ledger")
    assert (await served.send("cancel", ref, WHY, ADA)).outcome == "decided"


@pytest.mark.parametrize("services", [(), ("search",), ("checkout", "search"), ("unheard-of",)])
async def test_an_incident_that_others_answer_for_too_is_not(services: tuple[str, ...]):
    served = Served()
    said = await served.refusal("cancel", await served.declared(*services), WHY, ADA)
    assert "belong to ada, or to a team of ada" in said.detail
    assert "emergency take" in said.detail


async def test_of_two_that_are_joined_both_are_ones_own():
    served = Served()
    own, other, foreign = [await served.declared(each) for each in ("checkout", "ledger", "search")]
    into = f'{{"into": "{foreign}", "reason": "one cause"}}'.encode()
    await served.refusal("merge", own, into, ADA)
    await served.refusal("merge", foreign, f'{{"into": "{own}"}}'.encode(), ADA)
    merged = await served.send("merge", own, f'{{"into": "{other}"}}'.encode(), ADA)
    assert merged.outcome == "decided"
    undone = b'{"reason": "two after all"}'
    assert (await served.send("unmerge", own, undone, ADA)).outcome == "decided"


@pytest.mark.parametrize(
    "who",
    [
        Principal(name="p", role=AccessRole.RESPONDER),
        Principal(name="joan", role=AccessRole.RESPONDER, person="joan"),
        Principal(name="ada", role=AccessRole.VIEWER, person="ada"),
        Principal(
            name="ada", role=AccessRole.RESPONDER, person="ada",
            scopes=frozenset({Permission.INCIDENTS_RESPOND}),
        ),
    ],
    ids=["a program", "of another team", "a viewer", "a narrow token"],
)  # fmt: skip
async def test_others_may_not(who: Principal):
    served = Served()
    await served.refusal("cancel", await served.declared("checkout"), WHY, who)
