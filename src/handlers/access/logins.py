"""Who has logged in, as the directory knows them."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple, Protocol

from domain.access.grants import AccessRole
from domain.access.principal import Unauthentic
from domain.access.sessions import Session
from domain.access.token_register import Token
from domain.kernel.roster import Roster, RosterPerson, plain

HOUR = timedelta(hours=1)
HANDLE = "oidc"
"""Under which a person of the directory is known to the issuer, by the subject."""


class Login(NamedTuple):
    """Who has logged in at an issuer: as which principal here, as which person of the directory, if
    that is known, and as which subject there.
    """

    name: str
    role: AccessRole
    person: str | None
    issuer: str
    subject: str


class Identified(Protocol):
    """Who an issuer says it is. The `email` is there only where the issuer stands for it."""

    @property
    def issuer(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def role(self) -> AccessRole: ...


class People:
    """The people of the directory, at hand for who is let in."""

    def __init__(self, everybody: tuple[RosterPerson, ...]) -> None:
        self.everybody = everybody
        self._by_id = {each.id: each for each in everybody}
        self._by_subject = defaultdict[str, list[RosterPerson]](list)
        self._by_email = defaultdict[str, list[RosterPerson]](list)
        for each in everybody:
            if HANDLE in each.handles:
                self._by_subject[each.handles[HANDLE]].append(each)
            if each.email:
                self._by_email[plain(each.email)].append(each)

    def has_left(self, slug: str) -> bool:
        """Whether the directory says so of somebody."""
        found = self._by_id.get(slug)
        return found is not None and not found.active

    def behind(self, proof: Token | Session) -> str | None:
        """The person whom a token or a session stands for, by slug: of who has logged in at an
        issuer, the one that fits by now, else the one of then. Raises `Unauthentic` for who has
        left.
        """
        if isinstance(proof, Session) and proof.subject is not None:
            found = self.fitting(proof.subject, proof.name if "@" in proof.name else None)
            if found is not None:
                return found
        if proof.person in self._by_id:
            _check_active(self._by_id[proof.person])
        return proof.person

    def fitting(self, subject: str, email: str | None) -> str | None:
        """The person with that subject as a handle, else with that address, by slug; None: nobody,
        or several. Names that somebody gives to oneself at the issuer count for nothing. Raises
        `Unauthentic` for who has left.
        """
        by_email = self._by_email.get(plain(email), []) if email else []
        found = self._by_subject.get(subject) or by_email
        candidates = [each for each in found if each.active] or found
        if len(candidates) != 1:
            return None
        _check_active(candidates[0])
        return candidates[0].id


def _check_active(person: RosterPerson) -> None:
    if not person.active:
        why = f"{person.id} is not active, as the directory has it"
        raise Unauthentic("person.not_active", why)


def login_of(identified: Identified, roster: Roster | None) -> Login:
    """As which principal somebody is logged in: under the e-mail address, which no token can be
    called, or else the subject. Raises `Unauthentic` for who has left.
    """
    subject, email = identified.subject, identified.email
    return Login(
        name=email or f"{HANDLE}:{subject}",
        role=identified.role,
        person=People(roster.people).fitting(subject, email) if roster else None,
        issuer=identified.issuer,
        subject=subject,
    )
