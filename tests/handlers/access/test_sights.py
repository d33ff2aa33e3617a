"""Whom the service takes somebody for who asks, and what that one may see."""

from typing import Any

import pytest

from domain.access.grants import AccessRole, Permission
from domain.access.principal import Principal
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.relation import Relation
from domain.incident.roles import Role
from domain.kernel.roster import Roster, RosterPerson, RosterTeam
from domain.policy import Severity
from domain.sight import Sight, Viewer
from handlers.access.sights import Sights, viewer_of
from handlers.kernel.ports import Unavailable
from support.delivery_harness import NOON, DeliveryHarness

ID = "0197000a-0000-7000-8000-000000000000"
ROSTER = Roster(
    people=(RosterPerson(id="grace", name="Grace"), RosterPerson(id="joan", name="Joan")),
    teams=(RosterTeam(id="security", name="Security", members=("grace",)),),
)
PRIVATE = Sight(people=("ada",), teams=("security",))


@pytest.mark.parametrize(
    ("role", "admins", "in_emergency", "sees"),
    [
        (AccessRole.ADMIN, False, False, False),
        (AccessRole.ADMIN, True, False, True),
        (AccessRole.ADMIN, False, True, True),
        (AccessRole.COMMANDER, True, False, False),
        (AccessRole.RESPONDER, True, True, False),
    ],
)
def test_administrators_see_it_where_the_policy_says_so_or_in_an_emergency(
    role: AccessRole, *, admins: bool, in_emergency: bool, sees: bool
):
    extra = frozenset({Permission.INCIDENTS_READ}) if in_emergency else frozenset()
    principal = Principal(name="boss", role=role, extra=extra)
    assert viewer_of(principal, ROSTER, admins=admins).sees(PRIVATE) is sees


@pytest.mark.parametrize(
    ("principal", "sees"),
    [
        ({"name": "ada"}, True),
        ({"name": "ci", "person": "grace"}, True),
        ({"name": "x"}, False),
        ({"name": "grace"}, False),
        ({"name": "ci", "person": "joan"}, False),
    ],
)
def test_a_token_of_a_person_is_in_the_teams_of_that_one(principal: Any, *, sees: bool):
    found = Principal(role=AccessRole.VIEWER, **principal)
    assert viewer_of(found, ROSTER, admins=False).sees(PRIVATE) is sees
    assert viewer_of(found, None, admins=False).sees(PRIVATE) is (principal["name"] == "ada")


async def test_whoever_declares_one_and_whoever_has_a_role_sees_it():
    harness, role = DeliveryHarness(), Role.INCIDENT_COMMANDER
    declared = c.Declare(title="x", severity=Severity.SEV2, private=c.PrivateTo(people=("joan",)))
    await harness.run(ID, declared, actor="ada")
    await harness.run(ID, c.AssignRole(role=role, assignee="grace"), actor="ada")
    await harness.run(ID, c.HandOverRole(role=role, assignee="ray"), actor="joan")
    state: Any = await harness.executor.state(INCIDENT, ID)
    assert state.facts.about.private == Sight(people=("joan", "ada", "grace", "ray"))
    await harness.run(ID, c.SetVisibility(private=c.PrivateTo()), actor="ada")
    state = await harness.executor.state(INCIDENT, ID)
    assert state.facts.about.private == Sight(people=("ada", "ray"))


class NoRows:
    """Read models that are away."""

    async def ask(self, *_: Any, **__: Any) -> Any:
        raise Unavailable("PostgreSQL is away")


async def test_a_link_to_what_became_private_is_left_out_while_no_rows_can_be_asked():
    harness, other = DeliveryHarness(), ID.replace("000a", "000b")
    for each in (ID, other):
        await harness.run(each, c.Declare(title="x", severity=Severity.SEV2), actor="ada")
    linked = c.Link(to=other, relation=Relation.RELATED)
    await harness.run(ID, linked, actor="ada")
    rows: Any = NoRows()
    sights = Sights(harness.executor, rows, lambda: NOON)
    commits = await harness.store.load(INCIDENT.stream(ID))
    assert await sights.hidden_links(commits, Viewer(name="mallory")) == frozenset()
    await harness.run(other, c.SetVisibility(private=c.PrivateTo(people=("joan",))), actor="ada")
    assert await sights.hidden_links(commits, Viewer(name="mallory")) == {other}
    joan = Viewer(people=frozenset({"joan"}), name="joan")
    assert await sights.hidden_links(commits, joan) == frozenset()
