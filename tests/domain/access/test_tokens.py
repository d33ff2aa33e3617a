"""Tokens of the register: two of a name, one principal, expiry and revocation."""

from datetime import timedelta

import pytest

from domain.access import ACCESS, REGISTER
from domain.access.events import (
    EmergencyEnded,
    EmergencyTaken,
    TokenIssued,
    TokenRevoked,
)
from domain.access.grants import EMERGENCY_RIGHTS, PERMISSIONS, AccessRole, Permission
from domain.access.principal import Principal, principal_of
from domain.access.sessions import MakeLink, OpenLink, id_of
from domain.access.token_register import Register
from domain.access.tokens import (
    EndEmergency,
    IssueToken,
    RevokeToken,
    TakeEmergency,
    UseConfiguration,
)
from domain.access.trail import sentence, trail
from domain.kernel.commit import Commit, Recorded
from domain.kernel.refusal import Refused
from support.registers import FIRST, NOON, SECOND, THIRD, after, decided, issue, refusal


def test_a_token_has_who_made_it_and_is_found_by_its_digest():
    token = after(issue(FIRST, person="ada")).tokens[FIRST]
    assert (token.name, token.made_by, token.made_at, token.id) == (
        "ada",
        "grace",
        NOON,
        FIRST[:12],
    )
    assert token.standing(NOON) == "live"


def test_the_same_secret_again_changes_nothing():
    assert decided(issue(FIRST), after(issue(FIRST))) == []


def test_two_of_a_name_live_at_once_and_no_third():
    both = after(issue(FIRST), issue(SECOND))
    assert refusal(issue(THIRD), both) == "token.two_live"
    one = after(issue(FIRST), issue(SECOND), RevokeToken(which=id_of(FIRST), reason="replaced"))
    assert len(decided(issue(THIRD), one)) == 1


def test_an_expired_one_makes_room():
    soon = NOON + timedelta(minutes=1)
    both = after(issue(FIRST, expires_at=soon), issue(SECOND))
    assert refusal(issue(THIRD), both) == "token.two_live"
    assert len(decided(issue(THIRD), both, soon)) == 1
    assert both.tokens[FIRST].standing(soon) == "expired"


def test_a_name_is_one_principal_as_long_as_a_token_of_it_lives():
    one = after(issue(FIRST))
    assert refusal(issue(SECOND, AccessRole.ADMIN), one) == "token.other_principal"
    assert refusal(issue(SECOND, person="ada"), one) == "token.other_principal"
    gone = after(issue(FIRST), RevokeToken(which="ada", reason="left"))
    assert len(decided(issue(SECOND, AccessRole.ADMIN), gone)) == 1


@pytest.mark.parametrize("name", ["policy", "intake", "unknown", "nats", "slack", "commandpost"])
def test_nobody_is_called_as_the_service_or_a_way_in(name: str):
    asked = IssueToken(name=name, digest=FIRST, role=AccessRole.ADMIN)
    assert refusal(asked, Register()) == "token.name_reserved"


@pytest.mark.parametrize("person", ["policy", "intake", "unknown", "commandpost", "admin"])
def test_no_token_acts_under_the_name_of_the_service_or_its_owner(person: str):
    assert refusal(issue(FIRST, person=person), Register()) == "token.name_reserved"


def test_what_is_expired_at_once_is_not_made():
    assert refusal(issue(FIRST, expires_at=NOON), Register()) == "token.expires_in_past"


def test_all_of_a_name_are_revoked_and_one_is_by_its_id():
    both = after(issue(FIRST), issue(SECOND))
    ends = decided(RevokeToken(which="ada", reason="lost"), both)
    assert [each.id for each in ends if isinstance(each, TokenRevoked)] == [
        id_of(FIRST),
        id_of(SECOND),
    ]
    gone = ACCESS.fold(both, ends, "grace")
    assert decided(RevokeToken(which="ada", reason="again"), gone) == []
    found = gone.tokens[FIRST]
    assert (found.revoked_by, found.revoked_because) == ("grace", "lost")
    assert refusal(RevokeToken(which="bob", reason="x"), gone) == "token.not_found"


def test_a_revoked_token_is_not_expired_afterwards():
    soon = NOON + timedelta(minutes=1)
    gone = after(issue(FIRST, expires_at=soon), RevokeToken(which="ada", reason="lost"))
    assert gone.tokens[FIRST].standing(soon) == "revoked"


def test_emergency_rights_last_an_hour():
    (taken,) = decided(TakeEmergency(name="ada", reason="nobody answers"), Register())
    assert isinstance(taken, EmergencyTaken)
    assert taken.until == NOON + timedelta(hours=1)
    state = ACCESS.fold(after(issue(FIRST)), [taken], "ada")
    token = state.tokens[FIRST]
    merge = Permission.INCIDENTS_COMMAND
    assert principal_of(state, token, NOON).may(merge)
    assert not principal_of(state, token, taken.until).may(merge)
    assert decided(TakeEmergency(name="ada", reason="again"), state) == []
    ended = ACCESS.fold(state, decided(EndEmergency(name="ada"), state), "ada")
    assert not principal_of(ended, token, NOON).may(merge)
    assert decided(EndEmergency(name="ada"), ended) == []


def test_emergency_rights_end_with_the_last_token_of_whoever_took_them():
    taken = after(issue(FIRST), issue(SECOND), TakeEmergency(name="ada", reason="nobody answers"))
    rotated = decided(RevokeToken(which=id_of(FIRST), reason="replaced"), taken)
    assert [type(each) for each in rotated] == [TokenRevoked]
    left = ACCESS.fold(taken, rotated, "grace")
    assert left.in_emergency("ada", NOON)
    ends = decided(RevokeToken(which="ada", reason="lost"), left)
    assert [type(each) for each in ends] == [TokenRevoked, EmergencyEnded]
    assert not ACCESS.fold(left, ends, "grace").in_emergency("ada", NOON)


def test_whoever_gets_a_name_that_expired_gets_no_emergency_rights_with_it():
    soon = NOON + timedelta(minutes=1)
    taken = TakeEmergency(name="ada", reason="nobody answers")
    state = after(issue(FIRST, expires_at=soon), taken)
    assert [type(each) for each in decided(issue(SECOND), state)] == [TokenIssued]
    later = decided(issue(SECOND, person="bob"), state, soon)
    assert [type(each) for each in later] == [EmergencyEnded, TokenIssued]
    assert not ACCESS.fold(state, later, "grace").in_emergency("ada", soon)


def test_a_role_that_takes_no_emergency_rights_has_none_of_whoever_had_its_name_before():
    soon = NOON + timedelta(minutes=1)
    state = after(issue(FIRST, expires_at=soon), TakeEmergency(name="ada", reason="nobody answers"))
    events = decided(issue(SECOND, AccessRole.SCRAPE), state, soon)
    made = [each for each in events if isinstance(each, TokenIssued)]
    state = ACCESS.fold(state, made, "grace")  # as of a log in which the name was given on
    assert state.in_emergency("ada", soon)
    assert principal_of(state, state.tokens[SECOND], soon).extra == frozenset()


def test_the_configuration_is_recorded_where_it_differs():
    first = UseConfiguration(settings={"policy": "1", "sources.pd": "pagerduty"})
    state = after(first)
    assert decided(first, state) == []
    other = UseConfiguration(settings={"policy": "2", "channels.ops": "slack"})
    (used,) = decided(other, state)
    assert sentence(used, state) == (
        "The service runs by this configuration:"
        " + channels.ops slack, policy 1 → 2, - sources.pd pagerduty"
    )


def test_the_trail_says_who_did_what():
    commands = (
        issue(FIRST, person="ada"),
        RevokeToken(which="ada", reason="lost"),
        TakeEmergency(name="ada", reason="nobody answers"),
        EndEmergency(name="ada"),
    )
    state, history = ACCESS.initial, []
    for position, command in enumerate(commands, start=1):
        events = decided(command, state)
        state = ACCESS.fold(state, events, "grace")
        commit = Commit(
            id="c", actor="grace", correlation_id="c", recorded_at=NOON, events=tuple(events),
            via="bot" if position == 1 else None,
        )  # fmt: skip
        history.append(Recorded(position, ACCESS.stream(REGISTER), commit))
    entries = list(trail(history))
    assert [(each.position, each.actor, each.via) for each in entries] == [
        (1, "grace", "bot"), (2, "grace", None), (3, "grace", None), (4, "grace", None),
    ]  # fmt: skip
    assert [each.text for each in entries] == [
        f"A token of ada (responder, for ada) was made: {FIRST[:12]}, for ever",
        f"The token {FIRST[:12]} of ada was revoked: lost",
        "ada has taken emergency rights until 2026-05-04 13:00 UTC: nobody answers",
        "The emergency rights of ada have ended",
    ]


def test_of_an_emergency_somebody_hears_and_of_a_token_nobody():
    assert ACCESS.notifiables is not None
    told = {kind for kind, rule in ACCESS.notifiables.rules.items() if rule is not None}
    assert told == {EmergencyTaken}


def test_no_role_has_what_a_greater_one_has_not():
    order = [AccessRole.SCRAPE, AccessRole.VIEWER, AccessRole.RESPONDER, AccessRole.COMMANDER]
    for less, more in zip(order, [*order[1:], AccessRole.ADMIN], strict=True):
        assert PERMISSIONS[less] < PERMISSIONS[more]
    assert PERMISSIONS[AccessRole.ADMIN] == set(Permission)


def test_an_emergency_gives_nobody_the_tokens():
    assert not EMERGENCY_RIGHTS & {Permission.ACCESS_MANAGE, Permission.ON_BEHALF}


def test_a_refusal_names_the_permission_and_who_could_give_it():
    viewer = Principal(name="wall", role=AccessRole.VIEWER)
    with pytest.raises(Refused) as refused:
        viewer.demand(Permission.INCIDENTS_COMMAND)
    assert refused.value.code == "permission.missing"
    assert refused.value.rule == "incidents.command"
    assert "commander, integration or admin" in refused.value.detail
    assert "emergency" not in refused.value.detail


def test_the_digest_stands_in_the_event_and_the_secret_nowhere():
    (made,) = decided(issue(FIRST), Register())
    assert isinstance(made, TokenIssued)
    assert made.digest == FIRST


def test_a_token_may_be_narrower_than_its_role_and_never_wider():
    narrow = issue(FIRST, scopes=(Permission.INCIDENTS_READ, Permission.INCIDENTS_READ))
    state = after(narrow)
    assert state.tokens[FIRST].scopes == (Permission.INCIDENTS_READ,)
    found = principal_of(state, state.tokens[FIRST], NOON)
    assert found.permissions == {Permission.INCIDENTS_READ}
    with pytest.raises(Refused) as refused:
        found.demand(Permission.INCIDENTS_RESPOND)
    assert refused.value.rule == "incidents.respond"
    assert "none of its scopes (incidents.read)" in refused.value.detail
    wider = issue(FIRST, scopes=(Permission.ACCESS_MANAGE,))
    assert refusal(wider, after()) == "token.scope_beyond_role"
    assert "for incidents.read alone" in sentence(decided(narrow, after())[0], after())


def test_emergency_rights_are_of_no_use_to_a_token_that_may_not_take_them():
    narrow = issue(FIRST, scopes=(Permission.INCIDENTS_READ,))
    wide = issue(SECOND)
    state = after(narrow, wide, TakeEmergency(name="ada", reason="nobody answers"))
    assert principal_of(state, state.tokens[SECOND], NOON).may(Permission.INCIDENTS_COMMAND)
    assert not principal_of(state, state.tokens[FIRST], NOON).may(Permission.INCIDENTS_COMMAND)


def test_the_session_of_a_link_has_the_scopes_of_the_token_that_made_it():
    narrow = issue(FIRST, scopes=(Permission.INCIDENTS_READ,))
    link = MakeLink(digest=SECOND, name="ada", role=AccessRole.RESPONDER, token=FIRST)
    state = after(narrow, link, OpenLink(link=SECOND, digest=THIRD))
    session = state.session(THIRD, NOON)
    assert session is not None
    assert principal_of(state, session, NOON).permissions == {Permission.INCIDENTS_READ}
