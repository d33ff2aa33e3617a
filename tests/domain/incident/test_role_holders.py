"""One person has a role, by whatever name; who is in no directory has it all the same."""

from datetime import UTC, datetime

from msgspec.structs import replace

from domain.incident import INCIDENT, Command, IncidentEvent
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.course.hypotheses import remark_on_owner
from domain.incident.notifiables import NOTIFIABLES
from domain.incident.presentation.lines import describe
from domain.incident.roles import remark_on_roles
from domain.incident.state import Facts, Undeclared
from domain.kernel.decider import Context
from domain.kernel.notifiable import NOTHING_TOLD, Notifiable
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson, RosterService
from domain.policy import DEFAULT, Role
from domain.policy.audience import Audience

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
COMMANDER, SCRIBE = Role.INCIDENT_COMMANDER, Role.SCRIBE
ADA = RosterPerson(id="ada", name="Ada Lovelace", handles={"slack": "U012AB3CD"})
ROSTER = Roster(people=(ADA, RosterPerson(id="grace", name="Grace Hopper", active=False)))
ADA_BY_ANY_NAME = ("ada", "Ada", "Ada Lovelace", "al (slack U012AB3CD)", "U012AB3CD")


class Response:
    """An incident, declared, and what is decided on it with a directory at hand."""

    def __init__(self, roster: Roster | None = ROSTER, **roles: str) -> None:
        self.roster, self.state = roster, INCIDENT.initial
        by_role = {Role(role): name for role, name in roles.items()}
        self.send(c.Declare(title="Checkout is down", roles=by_role))

    def send(
        self, command: Command, roster: Roster | None = None, actor: str = "x"
    ) -> list[IncidentEvent]:
        known = roster or self.roster
        context = Context(NOON, "c-1", DEFAULT, 1, actor, roster=known)
        events = INCIDENT.decide(command, self.state, context)
        self.state = INCIDENT.fold(self.state, events, actor)
        return events

    @property
    def facts(self) -> Facts:
        assert not isinstance(self.state, Undeclared)
        return self.state.facts


def line(event: IncidentEvent) -> str:
    found = describe(event)
    assert found is not None
    return found.text


def code_of(response: Response, command: Command) -> str:
    try:
        response.send(command)
    except Refused as refused:
        return refused.code
    raise AssertionError("not refused")


def test_a_role_is_assigned_and_handed_over_to_the_same_person_without_a_change():
    for first in ADA_BY_ANY_NAME:
        for second in ADA_BY_ANY_NAME:
            held = Response(incident_commander=first)
            assert held.send(c.AssignRole(role=COMMANDER, assignee=second)) == []
            assert held.send(c.HandOverRole(role=COMMANDER, assignee=second)) == []
            assert held.send(c.UnassignRole(role=COMMANDER, assignee=second))


def test_names_that_differ_in_case_are_one_without_a_directory_too():
    for roster in (None, Roster()):
        held = Response(roster, incident_commander="Ada")
        assert held.send(c.HandOverRole(role=COMMANDER, assignee="ada")) == []
        assert held.facts.response.holders == {}
        assert len(held.send(c.HandOverRole(role=COMMANDER, assignee="grace"))) == 1


def test_what_was_decided_stands_in_the_event():
    [assigned] = Response().send(c.AssignRole(role=COMMANDER, assignee="U012AB3CD"))
    assert isinstance(assigned, e.RoleAssigned)
    assert (assigned.assignee, assigned.person, assigned.doubt) == ("Ada Lovelace", "ada", None)


def test_who_is_not_in_the_directory_has_the_role_and_is_marked():
    incident = Response()
    assign = c.AssignRole(role=SCRIBE, assignee="linus")
    [assigned] = incident.send(assign)
    assert line(assigned) == "Scribe: linus (not in the directory)"
    [remark] = remark_on_roles(assign, incident.state)
    assert (remark.code, remark.detail) == ("person.unsure", "Scribe: linus (not in the directory)")
    assert remark_on_roles(c.AssignRole(role=COMMANDER, assignee="ada"), incident.state) == ()
    handed = incident.send(c.HandOverRole(role=SCRIBE, assignee="grace"))
    assert line(handed[0]) == (
        "Scribe handed over: linus → Grace Hopper (not active, as the directory has it)"
    )
    incident.send(c.HandOverRole(role=SCRIBE, assignee="ada"))
    assert incident.facts.response.holders[SCRIBE].doubt is None
    incident.send(c.UnassignRole(role=SCRIBE))
    assert incident.facts.response.holders == {}


def test_a_name_that_is_linked_later_is_that_person_from_then_on():
    incident = Response(incident_commander="linus")
    linked = Roster(people=(RosterPerson(id="torvalds", name="L. T.", known_as=("linus",)),))
    for name in ("torvalds", "L. T.", "linus"):
        assert incident.send(c.HandOverRole(role=COMMANDER, assignee=name), linked) == []
    assert incident.facts.response.roles[COMMANDER] == "linus", "the past stays as recorded"


def test_a_directory_that_changes_does_not_change_what_was_decided():
    incident = Response(incident_commander="ada")
    gone = Roster(people=(RosterPerson(id="other", name="Ada Lovelace"),))
    moved = incident.send(c.HandOverRole(role=COMMANDER, assignee="other"), gone)
    assert [type(each) for each in moved] == [e.RoleHandedOver], "another one of that name"


def test_the_declaration_again_by_another_of_the_names_says_nothing_new():
    incident = Response(incident_commander="ada")
    again = c.Declare(title="Checkout is down", roles={COMMANDER: "U012AB3CD"})
    assert incident.send(again) == []
    other = c.Declare(title="Checkout is down", roles={COMMANDER: "linus"})
    assert code_of(incident, other) == "incident.already_declared"


def test_services_go_by_their_slugs_whatever_they_are_called():
    roster = Roster(services=(RosterService(id="checkout", name="Checkout API"),))
    incident = Response(roster)
    named = c.Declare(title="Slow", services=("Checkout API", "checkout", "unheard-of"))
    incident.state = INCIDENT.initial
    incident.send(named)
    assert incident.facts.about.services == ("checkout", "unheard-of")
    assert incident.send(named) == [], "again it says nothing new"
    correct = c.Correct(services=("CHECKOUT API",), reason="the other one was well")
    incident.send(correct)
    assert incident.facts.about.services == ("checkout",)
    assert incident.send(correct) == []


def test_a_declaration_of_before_the_entry_is_the_same_afterwards():
    incident = Response(Roster())
    incident.state = INCIDENT.initial
    named = c.Declare(title="Slow", services=("Checkout API",))
    incident.send(named)
    later = Roster(services=(RosterService(id="checkout", name="Checkout API"),))
    assert incident.send(named, later) == []


def test_one_person_acknowledges_once_by_whichever_product():
    incident = Response()
    incident.send(c.Acknowledge(), actor="al (slack U012AB3CD)")
    assert incident.send(c.Acknowledge(), actor="Ada Lovelace") == []
    assert incident.send(c.Acknowledge(), actor="ada") == []
    assert len(incident.send(c.Acknowledge(), actor="grace")) == 1
    assert incident.send(c.Acknowledge(), actor="Grace Hopper") == []


def test_the_owner_of_a_hypothesis_is_a_person_by_whatever_name():
    incident = Response(incident_commander="ada", technical_lead="linus")
    for number, name in enumerate(ADA_BY_ANY_NAME):
        opened = c.OpenHypothesis(statement=f"cause {number}", owner=name)
        [event] = incident.send(opened)
        assert isinstance(event, e.HypothesisOpened)
        assert str(event.owner).startswith("Ada Lovelace")
        assert (event.person, event.doubt) == ("ada", None)
        assert remark_on_owner(opened, incident.state) == ()
    assert {path.person for path in incident.facts.response.hypotheses} == {"ada"}


def test_an_owner_who_is_nobody_is_taken_and_marked():
    incident = Response(incident_commander="ada", technical_lead="linus")
    opened = c.OpenHypothesis(statement="a full disk", owner="mh-1969")
    [event] = incident.send(opened)
    assert line(event) == "Hypothesis H1: a full disk — mh-1969 (not in the directory)"
    [remark] = remark_on_owner(opened, incident.state)
    assert (remark.code, remark.detail) == (
        "person.unsure",
        "Owner: mh-1969 (not in the directory)",
    )
    nobody = Response(None, incident_commander="ada", technical_lead="linus")
    [event] = nobody.send(opened)
    assert isinstance(event, e.HypothesisOpened)
    assert (event.owner, event.person, event.doubt) == ("mh-1969", None, None)
    assert line(event) == "Hypothesis H1: a full disk — mh-1969"


GONE = Roster(people=(replace(ADA, active=False), *ROSTER.people[1:]))


def noted(events: list[IncidentEvent]) -> list[str]:
    return [line(event) for event in events if isinstance(event, e.RoleHolderNoted)]


def test_who_leaves_while_on_a_role_is_noted_once_and_once_more_when_back():
    held = Response(incident_commander="ada")
    assert held.send(c.CheckHolders()) == []
    [said] = noted(held.send(c.CheckHolders(), GONE))
    assert said == (
        "Incident Commander: Ada Lovelace is not active any more, as the directory has it;"
        " hand_over_role passes it on"
    )
    assert held.facts.response.roles == {COMMANDER: "Ada Lovelace"}, "the role stays"
    assert held.send(c.CheckHolders(), GONE) == []
    assert noted(held.send(c.CheckHolders())) == [
        "Incident Commander: Ada Lovelace is active again, as the directory has it"
    ]
    assert held.send(c.CheckHolders()) == []
    assert len(noted(held.send(c.CheckHolders(), GONE))) == 1, "who leaves again is noted again"


def test_each_role_of_who_has_left_is_noted_and_no_role_that_others_have():
    held = Response(incident_commander="ada", scribe="ada", technical_lead="mh-1969")
    found = held.send(c.CheckHolders(), GONE)
    assert [event.role for event in found if isinstance(event, e.RoleHolderNoted)] == [
        COMMANDER,
        SCRIBE,
    ]


def test_who_was_given_a_role_while_not_active_is_known_to_be():
    held = Response(incident_commander="grace")
    assert held.send(c.CheckHolders()) == [], "the answer and the message said so then"
    held = Response(incident_commander="ada")
    held.send(c.HandOverRole(role=COMMANDER, assignee="grace"))
    assert held.send(c.CheckHolders(), GONE) == [], "ada has no role any more"


def test_a_name_that_nobody_was_known_by_is_noted_once_it_is_theirs_and_they_have_left():
    held = Response(incident_commander="countess")
    linked = replace(ADA, known_as=("countess",))
    assert held.send(c.CheckHolders(), Roster(people=(linked,))) == []
    left = Roster(people=(replace(linked, active=False),))
    assert len(noted(held.send(c.CheckHolders(), left))) == 1
    assert held.send(c.CheckHolders(), left) == []


def test_nothing_is_noted_without_a_directory_or_once_the_incident_is_over():
    held = Response(None, incident_commander="ada")
    assert held.send(c.CheckHolders()) == []
    over = Response(incident_commander="ada", technical_lead="ada")
    over.send(c.Cancel(reason="a test"))
    assert over.send(c.CheckHolders(), GONE) == []


def test_responders_alone_hear_that_a_holder_has_left():
    held = Response(incident_commander="ada")
    before = held.state
    [event] = held.send(c.CheckHolders(), GONE)
    rule = NOTIFIABLES.rules[type(event)]
    assert rule is not None
    told = rule(NOTHING_TOLD, before, event, held.state)
    assert told == Notifiable("role_changed", (Audience.ENGINEERING,))
