"""A login from its beginning to its end (OpenID Connect Core 1.0, 3.1; RFC 7636, 9207 and 9700).

The browser keeps one secret of the login in a cookie. The state, the nonce and the verifier are
made of it, each in one direction: so no instance has to remember a login that another one ends, and
the answer counts in the browser that has asked, and in no other.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple
from urllib.parse import urlencode

from adapters.config.settings import OidcSettings
from adapters.oidc.fault import LoginFault, lies
from adapters.oidc.id_token import Expected, verified
from adapters.oidc.issuer import Issuer
from domain.access.grants import AccessRole

CALLBACK = "/login/callback"
SAID_MAX = 200


class Identity(NamedTuple):
    """Who has logged in: the `subject` at the issuer, and the `role` that the groups have here. The
    `email` is there only where the issuer stands for it.
    """

    issuer: str
    subject: str
    email: str | None
    role: AccessRole


class Flow:
    """Logs in at the issuer that is configured, for a service that is reached at `base`."""

    def __init__(
        self, settings: OidcSettings, issuer: Issuer, base: str, now: Callable[[], datetime]
    ) -> None:
        self.settings, self.base = settings, base.rstrip("/")
        self._issuer, self._now = issuer, now

    @property
    def redirect_uri(self) -> str:
        """Where the issuer sends the browser back to."""
        return f"{self.base}{CALLBACK}"

    async def begin(self, secret: str) -> str:
        """Where the browser goes that keeps this secret. Raises `LoginFault`."""
        described = await self._issuer.describe()
        challenge = sha256(_made(secret, "verifier").encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(dict.fromkeys(("openid", *self.settings.scopes))),
            "state": _made(secret, "state"),
            "nonce": _made(secret, "nonce"),
            "code_challenge": _base64(challenge),
            "code_challenge_method": "S256",
        }
        endpoint = described.authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def finish(self, secret: str | None, said: Mapping[str, str]) -> Identity:
        """Who has logged in, by what the browser brings from the issuer. Raises `LoginFault`."""
        state = said.get("state", "")
        if not secret or not compare_digest(state.encode(), _made(secret, "state").encode()):
            raise LoginFault(
                400,
                "login.state_mismatch",
                "this answer belongs to no login of this browser, or to one of more than ten"
                f" minutes ago; begin again at {self.base}/login",
            )
        if "error" in said:
            raise _denied(said)
        described = await self._issuer.describe()
        by = said.get("iss")
        if by != described.issuer and (
            by is not None or described.authorization_response_iss_parameter_supported
        ):
            raise lies("the answer comes from another issuer than was asked")
        if not said.get("code"):
            raise lies("the issuer has sent neither a code nor an error")
        token = await self._issuer.redeem(
            described, said["code"], _made(secret, "verifier"), self.redirect_uri
        )
        expected = Expected(described.issuer, self.settings.client_id, _made(secret, "nonce"))
        keys = await self._issuer.keys(described)
        claims, groups = verified(token, keys, expected, self.settings.groups_claim, self._now())
        stands = claims.email_verified in {True, "true"} or self.settings.trust_email
        email = claims.email if stands and claims.email and "@" in claims.email else None
        return Identity(claims.iss, claims.sub, email, self._role(groups))

    def _role(self, groups: tuple[str, ...]) -> AccessRole:
        """The most that one of the groups has."""
        mapped = [self.settings.roles[each] for each in groups if each in self.settings.roles]
        if self.settings.default_role is not None:
            mapped.append(self.settings.default_role)
        if not mapped:
            raise LoginFault(
                403,
                "login.no_role",
                "none of your groups has a role here"
                f" ({_listed(groups)}); whoever configures the service gives one under"
                " [oidc.roles], or puts you into a group at the issuer",
            )
        order = list(AccessRole)
        return max(map(AccessRole, mapped), key=order.index)


def _denied(said: Mapping[str, str]) -> LoginFault:
    """The issuer, or the person there, has not let it happen (RFC 6749, 4.1.2.1)."""
    code, more = said["error"], said.get("error_description", "")
    words = "".join(char for char in f"{code} {more}".strip() if char.isprintable())[:SAID_MAX]
    return LoginFault(403, "login.denied", f"the issuer has not logged you in: {words}")


def _listed(groups: tuple[str, ...]) -> str:
    if not groups:
        return "the issuer names no group of yours"
    shown = ", ".join(each[:80] for each in groups[:10])
    return f"{shown} and {len(groups) - 10} more" if len(groups) > 10 else shown


def _made(secret: str, what: str) -> str:
    return _base64(sha256(f"{what}:{secret}".encode()).digest())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
