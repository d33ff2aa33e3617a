"""Where somebody is said to have left, the roles that they keep are named."""

from domain.directory.leaving import NAMED_MOST, remark_on_roles
from domain.policy.role import HeldIn, Role


def test_it_names_each_role():
    held = (
        HeldIn("INC-1", Role.INCIDENT_COMMANDER),
        HeldIn("INC-1", Role.SCRIBE),
        HeldIn("INC-2", Role.TECHNICAL_LEAD),
    )
    [said] = remark_on_roles("ada", held)
    assert said.code == "person.has_roles"
    assert said.detail == (
        "ada has roles in open incidents, and keeps them: Incident Commander and Scribe in INC-1,"
        " Technical Lead in INC-2"
    )


def test_of_many_it_says_how_many_more_and_of_none_nothing():
    many = [HeldIn(f"INC-{number}", Role.SCRIBE) for number in range(NAMED_MOST + 5)]
    [said] = remark_on_roles("ada", many)
    assert said.detail.endswith(", roles in 5 more")
    assert remark_on_roles("ada", ()) == ()


def test_what_cannot_be_known_just_now_is_said():
    [said] = remark_on_roles("ada", None)
    assert said.code == "person.roles_unknown"
