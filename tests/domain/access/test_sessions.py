"""Sessions of the register: links that are good once, logins, and their ends."""

from datetime import timedelta

from domain.access import ACCESS
from domain.access.events import SessionBegun, SessionEnded
from domain.access.grants import AccessRole
from domain.access.sessions import (
    LINK,
    LIVE_SESSIONS_MAX,
    OF_LINK,
    SESSION_MAX,
    BeginSession,
    EndSession,
    MakeLink,
    OpenLink,
    id_of,
)
from domain.access.tokens import RevokeToken
from domain.access.trail import sentence
from support.registers import FIRST, NOON, SECOND, THIRD, after, decided, issue, refusal

MAKE = MakeLink(digest=FIRST, name="admin", role=AccessRole.ADMIN)
OPEN = OpenLink(link=FIRST, digest=SECOND)
LOGIN = BeginSession(
    digest=SECOND,
    name="ada@example.com",
    role=AccessRole.RESPONDER,
    issuer="https://login.example.com",
    subject="s1",
    expires_at=NOON + timedelta(hours=8),
    person="ada",
)


def test_a_link_begins_a_session_of_whoever_made_it():
    session = after(MAKE, OPEN).session(SECOND, NOON)
    assert session is not None
    assert (session.name, session.role, session.expires_at) == (
        "admin", AccessRole.ADMIN, NOON + OF_LINK,
    )  # fmt: skip


def test_a_link_is_good_once_and_for_minutes():
    assert refusal(OpenLink(link=FIRST, digest=THIRD), after(MAKE, OPEN)) == "login.link_spent"
    assert refusal(OPEN, after(MAKE), NOON + LINK) == "login.link_spent"
    assert refusal(OPEN, after()) == "login.link_spent"
    assert decided(OPEN, after(MAKE), NOON + LINK - timedelta(seconds=1))


def test_a_session_of_a_link_is_worth_what_its_token_is():
    token = issue(THIRD, expires_at=NOON + timedelta(hours=1))
    made = MakeLink(digest=FIRST, name="ada", role=AccessRole.RESPONDER, token=THIRD)
    state = after(token, made, OPEN)
    assert state.session(SECOND, NOON)
    assert state.session(SECOND, NOON + timedelta(hours=1)) is None
    revoked = after(token, made, OPEN, RevokeToken(which=id_of(THIRD), reason="lost"))
    assert revoked.session(SECOND, NOON) is None


def test_a_session_ends_by_itself_by_its_holder_and_by_who_revokes_it():
    state = after(LOGIN)
    assert state.session(SECOND, NOON + timedelta(hours=7)) is not None
    assert state.session(SECOND, NOON + timedelta(hours=8)) is None
    assert after(LOGIN, EndSession(digest=SECOND)).session(SECOND, NOON) is None
    for which in ("ada@example.com", id_of(SECOND)):
        ended = after(LOGIN, RevokeToken(which=which, reason="left"))
        assert ended.session(SECOND, NOON) is None
    assert refusal(RevokeToken(which="grace", reason="left"), state) == "token.not_found"
    assert decided(EndSession(digest=THIRD), state) == []


def test_no_session_is_longer_than_a_week():
    long = BeginSession(**{**_fields(), "expires_at": NOON + timedelta(days=400)})  # type: ignore[arg-type]
    session = after(long).session(SECOND, NOON)
    assert session is not None
    assert session.expires_at == NOON + SESSION_MAX


def test_of_one_principal_a_bounded_number_lives_and_others_are_left_alone():
    state = after(MAKE, OpenLink(link=FIRST, digest=THIRD))
    for place in range(LIVE_SESSIONS_MAX + 5):
        command = BeginSession(**{**_fields(), "digest": f"{place:03x}{0:061}"})  # type: ignore[arg-type]
        state = ACCESS.fold(state, decided(command, state), "login")
    live = state.live_sessions(NOON)
    assert len(live) == LIVE_SESSIONS_MAX + 1
    assert live[0].name == "admin"
    assert live[-1].digest == f"{LIVE_SESSIONS_MAX + 4:03x}{0:061}"


def test_what_counts_no_more_is_forgotten():
    state = after(MAKE, LOGIN)
    later = NOON + timedelta(days=30)
    other = MakeLink(digest=THIRD, name="admin", role=AccessRole.ADMIN)
    state = ACCESS.fold(state, decided(other, state, later), "admin")
    assert (list(state.links), list(state.sessions)) == ([THIRD], [])


def test_a_login_that_is_written_twice_is_one():
    assert decided(LOGIN, after(LOGIN)) == []
    assert decided(MAKE, after(MAKE)) == []


def test_the_trail_says_who_logged_in_and_how():
    (begun,) = decided(LOGIN, after())
    assert isinstance(begun, SessionBegun)
    said = sentence(begun, after())
    assert "ada@example.com (responder, for ada) has logged in" in said
    assert "s1 at https://login.example.com" in said
    ended = SessionEnded(occurred_at=NOON, id=id_of(SECOND), name="ada", reason="logged out")
    assert sentence(ended, after()) == f"The session {id_of(SECOND)} of ada has ended: logged out"
    (made,) = decided(MAKE, after())
    assert FIRST[:20] not in sentence(made, after())


def _fields() -> dict[str, object]:
    return {name: getattr(LOGIN, name) for name in LOGIN.__struct_fields__}
