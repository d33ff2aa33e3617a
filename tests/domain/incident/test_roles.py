"""Who has which role: free ones are assigned, held ones are handed over."""

from domain.incident import commands as c
from domain.incident import events as e
from domain.policy import Role
from support.spec import (
    NOW,
    declared,
    given,
    staffed,
)

COMMANDER, LEAD = Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD


def test_a_free_role_is_assigned_and_a_held_one_only_handed_over():
    assign = c.AssignRole(role=COMMANDER, assignee="ada")
    held = given(declared(), *staffed())
    assert given(declared()).when(assign) == [
        e.RoleAssigned(occurred_at=NOW, role=COMMANDER, assignee="ada", announced=True)
    ]
    assert held.outcome(assign) == "ignored"
    refused = held.refusal(c.AssignRole(role=COMMANDER, assignee="grace"))
    assert (refused.code, refused.field) == ("role.already_assigned", "role")


def test_a_handover_names_both_and_carries_the_note():
    hand_over = c.HandOverRole(role=COMMANDER, assignee="grace", note="end of shift")
    assert given(declared(), *staffed()).when(hand_over) == [
        e.RoleHandedOver(
            occurred_at=NOW,
            role=COMMANDER,
            previous="ada",
            assignee="grace",
            note="end of shift",
            announced=True,
        )
    ]


def test_only_a_role_that_is_held_can_be_handed_over_and_not_to_its_holder():
    incident = given(declared(), *staffed())
    assert incident.outcome(c.HandOverRole(role=Role.SCRIBE, assignee="x")) == "role.not_assigned"
    assert incident.outcome(c.HandOverRole(role=COMMANDER, assignee="ada")) == "ignored"


def test_one_person_may_hold_two_roles():
    assert (
        given(declared(), *staffed()).outcome(c.AssignRole(role=Role.SCRIBE, assignee="ada"))
        == "decided"
    )
