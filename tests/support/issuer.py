"""A small issuer of OpenID Connect on loopback, with keys of its own; it lies as it is told."""

import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from support.http_server import Answer, Receiver, Request, receiving

CLIENT, CLIENT_SECRET = "commandpost", "a-public-test-client-secret"
JSON = {"content-type": "application/json"}
FORM = """<!doctype html><title>Issuer</title><h1>Who are you?</h1>
<form action="/approve"><input type="hidden" name="asked" value="{asked}">
<button id="yes">It is me</button></form>"""


def rsa_key(kid: str) -> RSAKey:
    """A key of an issuer."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class LocalIssuer:
    """`claims` go into each token, over those that are due; `described` over what it says of
    itself. `asks`: a person has to click before it sends the browser back.
    """

    receiver: Receiver
    keys: list[RSAKey]
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    sent_back: dict[str, str] = field(default_factory=dict)
    sign: Callable[["LocalIssuer", dict[str, Any]], str] | None = None
    asks: bool = False
    paths: dict[str, Answer] = field(default_factory=dict)
    """What is answered at a path, whatever is asked."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.receiver.url.removesuffix("/hooks")

    def rotate(self, kid: str) -> None:
        """Sign by another key from now on, and list it alone."""
        self.keys = [rsa_key(kid)]

    def respond(self, request: Request) -> Answer:
        parts = urlsplit(request.path)
        if parts.path in self.paths:
            return self.paths[parts.path]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                return _json(self._description())
            case "/keys":
                return _json({"keys": [key.as_dict(private=False) for key in self.keys]})
            case "/authorize" if self.asks:
                page = FORM.format(asked=parts.query.replace("&", "&amp;"))
                return Answer(200, {"content-type": "text/html"}, page.encode())
            case "/authorize":
                return self._send_back(query)
            case "/approve":
                asked = parse_qs(query["asked"])
                return self._send_back({name: values[0] for name, values in asked.items()})
            case "/token":
                return self._token(request)
        return Answer(404)

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.described,
        }

    def _send_back(self, asked: dict[str, str]) -> Answer:
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        said = {"code": code, "state": asked["state"], "iss": self.url, **self.sent_back}
        where = f"{asked['redirect_uri']}?{urlencode({k: v for k, v in said.items() if v})}"
        return Answer(302, {"location": where})

    def _token(self, request: Request) -> Answer:
        """Once for a code, to whom it was given, with the verifier (RFC 7636, 4.6)."""
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return _json({"error": "invalid_client"}, 401)
        challenge = sha256(form.get("code_verifier", "").encode()).digest()
        made = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if (
            asked is None
            or (made, "S256") != (asked["code_challenge"], asked["code_challenge_method"])
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return _json({"error": "invalid_grant"}, 400)
        claims = self.due(asked["nonce"]) | self.claims
        token = self.sign(self, claims) if self.sign else self.signed(claims)
        return _json({"id_token": token, "access_token": "unused", "token_type": "Bearer"})

    def due(self, nonce: str) -> dict[str, Any]:
        """What a token says that is right."""
        now = int(time.time())
        return {
            "iss": self.url,
            "sub": "248289761001",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "ada@example.com",
            "email_verified": True,
            "groups": ["sre"],
        }

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        """A token by the key that is in use."""
        key = self.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid, **header}, claims, key)


@asynccontextmanager
async def issuing(key: RSAKey | None = None) -> AsyncIterator[LocalIssuer]:
    """An issuer while the block lasts."""
    async with receiving() as receiver:
        issuer = LocalIssuer(receiver, [key or rsa_key("first")])
        receiver.respond = issuer.respond
        yield issuer


def _json(said: Any, status: int = 200) -> Answer:
    return Answer(status, JSON, json.dumps(said).encode())
