"""A principal: who is known to have sent something, and what it may do."""

from datetime import datetime

import msgspec

from domain.access.grants import EMERGENCY_RIGHTS, PERMISSIONS, AccessRole, Permission, holders
from domain.access.sessions import Session
from domain.access.token_register import Register, Token
from domain.kernel.refusal import Refused

THE_WAY = (
    "send `Authorization: Bearer <token>`; whoever runs the service finds a first one in"
    " admin-token in its state folder, and makes others with `commandpost token create`"
)


class Unauthentic(Refused):
    """Nobody is known to have sent it: its code begins with `token.`. `why` is without the way to
    a token.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, f"{why}: {THE_WAY}", field="Authorization")
        self.why = why


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends something: a `name`, its `role`, and the `person` of the directory that it is, if
    it is one. `digest` is that of the token that was shown, or of the `session`; None: there is
    another proof. `extra`: what it may do beside, in an emergency. `scopes`: no more than this of
    what its role may; none: all of that.
    """

    name: str
    role: AccessRole
    person: str | None = None
    digest: str | None = None
    extra: frozenset[Permission] = frozenset()
    scopes: frozenset[Permission] = frozenset()
    session: bool = False

    @property
    def actor(self) -> str:
        """As whom it acts unless it speaks for somebody else."""
        return self.person or self.name

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that it may do now."""
        of_role = PERMISSIONS[self.role]
        return (of_role & self.scopes if self.scopes else of_role) | self.extra

    def may(self, permission: Permission) -> bool:
        """Whether it has a permission."""
        return permission in self.permissions

    def demand(self, permission: Permission) -> None:
        """Raises `Refused` if it has not."""
        if self.may(permission):
            return
        if permission in PERMISSIONS[self.role]:
            said = (
                f"{self.name} ({self.role}) may not do this by this token: {permission} is none of"
                f" its scopes ({', '.join(sorted(self.scopes))}); an admin can give one that has it"
            )
            raise Refused("permission.missing", said, field="Authorization", rule=str(permission))
        names = [role for role in holders(permission) if role is not AccessRole.ADMIN]
        has = f"{', '.join(names)} or admin" if names else "admin"
        said = (
            f"{self.name} ({self.role}) may not do this: {permission} is missing; an admin can give"
            f" a token with the role {has}"
        )
        if self.may(Permission.EMERGENCY) and permission in EMERGENCY_RIGHTS:
            said += (
                "; in an emergency `commandpost emergency take --reason …` (POST /v1/emergency)"
                " gives it for an hour, and nobody has to agree"
            )
        raise Refused("permission.missing", said, field="Authorization", rule=str(permission))


def principal_of(register: Register, proof: Token | Session, now: datetime) -> Principal:
    """Who shows a token, or is logged in by a session, that counts. Emergency rights are of use to
    what may take them. A session that a token has begun has its scopes.
    """
    token = register.tokens.get(proof.token or "") if isinstance(proof, Session) else proof
    scopes = frozenset(token.scopes) if token else frozenset()
    may_take = Permission.EMERGENCY in (PERMISSIONS[proof.role] & (scopes or frozenset(Permission)))
    taken = may_take and register.in_emergency(proof.name, now)
    return Principal(
        name=proof.name,
        role=proof.role,
        person=proof.person,
        digest=proof.digest,
        extra=EMERGENCY_RIGHTS if taken else frozenset(),
        scopes=scopes,
        session=isinstance(proof, Session),
    )
