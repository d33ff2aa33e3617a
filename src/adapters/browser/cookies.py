"""What a browser keeps for us: the session, and while somebody logs in, the secret of the login.

No script reads them (`HttpOnly`), no page of another site sends them with a change (`SameSite`),
and over TLS no neighbour of the same domain can set them (`__Host-`, RFC 6265bis, 4.1.3.2).
"""

import re
from typing import Any, NamedTuple

from litestar import Request
from litestar.datastructures import Cookie

LOGIN_S = 600
"""So long may whoever logs in take at the issuer."""
PLACE = re.compile(r"/(?![/\\])[A-Za-z0-9_./?=&%:~-]{0,500}")
"""A page of ours, and no other site."""
SECRET = re.compile(r"[A-Za-z0-9_-]{40,60}")
"""What a secret of ours looks like; all else is none."""


class Cookies(NamedTuple):
    """By their names; `secure`: the service is reached over TLS."""

    secure: bool

    @property
    def session(self) -> str:
        """The name of the one that stands for a session."""
        return self._name("commandpost-session")

    @property
    def login(self) -> str:
        """The name of the one that is kept while somebody logs in."""
        return self._name("commandpost-login")

    @property
    def place(self) -> str:
        """The name of the one that says which page was asked for before the login."""
        return self._name("commandpost-place")

    def asked_for(self, request: Request[Any, Any, Any]) -> str | None:
        """The page that a browser asked for before its login; None: no page of ours."""
        found = request.cookies.get(self.place, "")
        return found if PLACE.fullmatch(found) else None

    def given(self, request: Request[Any, Any, Any], name: str) -> str | None:
        """The secret in a cookie of this name; None where there is none, or more than one."""
        sent = request.headers.getall("cookie", [])
        pairs = (part.strip().partition("=") for line in sent for part in line.split(";"))
        found = {value for key, _, value in pairs if key == name}
        only = found.pop() if len(found) == 1 else ""
        return only if SECRET.fullmatch(only) else None

    def keep(self, name: str, secret: str, seconds: int) -> Cookie:
        """To be sent back from now on, for so long."""
        return Cookie(
            key=name,
            value=secret,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, name: str) -> Cookie:
        """Not to be sent any more."""
        return self.keep(name, "", 0)

    def _name(self, plain: str) -> str:
        return f"__Host-{plain}" if self.secure else plain


IN_PLAIN = Cookies(secure=False)


def cookies_of(public_url: str | None) -> Cookies:
    """By how the service is reached from outside."""
    return Cookies(secure=(public_url or "").startswith("https://"))
