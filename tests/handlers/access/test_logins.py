"""Whom the directory takes somebody for who has logged in, and who has left."""

from datetime import timedelta
from typing import NamedTuple

import pytest

from domain.access.grants import AccessRole
from domain.access.principal import Unauthentic
from domain.access.sessions import Session
from domain.kernel.roster import Roster, RosterPerson
from handlers.access.logins import Login, People, login_of
from support.access import NOON


class Identity(NamedTuple):
    subject: str = "s1"
    email: str | None = None
    issuer: str = "https://login.example.com"
    role: AccessRole = AccessRole.RESPONDER


ADA = RosterPerson(id="ada", name="Ada Lovelace", email="Ada@Example.com")
GRACE = RosterPerson(id="grace", name="s2", handles={"oidc": "s1", "github": "s3"})
LEFT = RosterPerson(id="joan", name="Joan", email="joan@example.com", active=False)
ROSTER = Roster(people=(ADA, GRACE, LEFT))


@pytest.mark.parametrize(
    ("identity", "person"),
    [
        (Identity("s9", "ada@example.com"), "ada"),
        (Identity("s1", "ada@example.com"), "grace"),
        (Identity("s1"), "grace"),
        (Identity("s3"), None),
        (Identity("s2"), None),
        (Identity("ada"), None),
        (Identity("s9", "nobody@example.com"), None),
        (Identity("s9"), None),
    ],
)
def test_a_subject_or_an_address_that_the_issuer_vouches_for_says_who_it_is(
    identity: Identity, person: str | None
):
    """A name, a slug, or a handle at another product does not."""
    assert login_of(identity, ROSTER).person == person


def test_the_principal_goes_by_what_no_token_can_be_called():
    assert login_of(Identity("s9", "ada@example.com"), None) == Login(
        "ada@example.com", AccessRole.RESPONDER, None, "https://login.example.com", "s9"
    )
    assert login_of(Identity("admin"), ROSTER).name == "oidc:admin"


def test_who_has_left_is_not_logged_in_unless_somebody_else_has_the_address():
    with pytest.raises(Unauthentic) as refused:
        login_of(Identity("s9", "joan@example.com"), ROSTER)
    assert refused.value.code == "person.not_active"
    again = RosterPerson(id="joan2", name="Joan", email="joan@example.com")
    both = Roster(people=(LEFT, again))
    assert login_of(Identity("s9", "joan@example.com"), both).person == "joan2"
    third = RosterPerson(id="joan3", name="Joan", email="joan@example.com")
    two = Roster(people=(again, third))
    assert login_of(Identity("s9", "joan@example.com"), two).person is None


def session(name: str, person: str | None) -> Session:
    return Session(
        id="s", name=name, role=AccessRole.VIEWER, digest="d", begun_at=NOON, person=person,
        expires_at=NOON + timedelta(hours=1), issuer="https://login.example.com", subject="s9",
    )  # fmt: skip


def test_a_session_is_whom_it_fits_by_now_else_whom_it_fitted_then():
    people = People(ROSTER.people)
    assert people.behind(session("ada@example.com", None)) == "ada"
    assert people.behind(session("new@example.com", "newcomer")) == "newcomer"
    with pytest.raises(Unauthentic):
        people.behind(session("joan@example.com", None))
    with pytest.raises(Unauthentic):
        people.behind(session("other@example.com", "joan"))
