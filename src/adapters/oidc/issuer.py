"""An issuer of OpenID Connect, asked over HTTP: what it says of itself, its keys, and tokens.

Nothing that it says is kept: a login asks three questions, and a key that it takes back is worth
nothing from then on.
"""

import asyncio
import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar
from urllib.parse import quote_plus, urlsplit

import httpx2
import msgspec

from adapters.oidc.fault import LoginFault, away, lies
from adapters.oidc.id_token import keys_of
from adapters.products.kit.outgoing import is_meant, is_this_machine

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

_T = TypeVar("_T")

TIMEOUT_S = 10.0
"""For one question, whatever the issuer does meanwhile."""
ANSWER_BYTES_MAX = 1 << 20
WELL_KNOWN = "/.well-known/openid-configuration"

Url = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^https?://[^\s/?#]+[^\s#]*$")]


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What an issuer says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: Url
    token_endpoint: Url
    jwks_uri: Url
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(msgspec.Struct, frozen=True, kw_only=True):
    id_token: str


class OidcClient(NamedTuple):
    """As whom the service is known to its issuer; without a secret it is a public client."""

    id: str
    secret: str | None


class Issuer:
    """The one of this URL, exactly as it names itself."""

    def __init__(self, url: str, client: OidcClient, http: httpx2.AsyncClient) -> None:
        self.url, self.client = url, client
        self._http = http

    async def describe(self) -> Description:
        """What it says of itself. Raises `LoginFault`."""
        said = await self._ask("GET", f"{self.url.rstrip('/')}{WELL_KNOWN}")
        found = _taken(said, Description, "what the issuer says of itself")
        if found.issuer != self.url:
            raise lies(f"{self.url} calls itself {found.issuer[:200]}")
        for url in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            if not is_safe(url):
                raise lies(f"the issuer names {url[:200]}, which is not encrypted")
            if not self._may_name(url):
                raise lies(f"the issuer names {url[:200]}, an address that is not its own")
        return found

    def _may_name(self, url: str) -> bool:
        """Whether we may be sent there. An address that the configuration names is meant; one that
        somebody else names may lead anywhere within, so it has to be that of the issuer itself. Of
        names it is looked where they lead as they are connected to.
        """
        host = urlsplit(url).hostname or ""
        return not is_meant(host) or host == urlsplit(self.url).hostname

    async def keys(self, description: Description) -> "KeySet":
        """The keys by which it signs now. Raises `LoginFault`."""
        said = await self._ask("GET", description.jwks_uri)
        return keys_of(_taken(said, dict[str, Any], "the list of its keys"))

    async def redeem(
        self, description: Description, code: str, verifier: str, redirect_uri: str
    ) -> str:
        """The ID token for a code (RFC 6749, 4.1.3; RFC 7636, 4.5). Raises `LoginFault`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        if self.client.secret is None:
            form["client_id"] = self.client.id
        elif "client_secret_basic" in description.token_endpoint_auth_methods_supported:
            both = f"{quote_plus(self.client.id)}:{quote_plus(self.client.secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        else:
            form |= {"client_id": self.client.id, "client_secret": self.client.secret}
        said = await self._ask("POST", description.token_endpoint, form, headers)
        return _taken(said, _Tokens, "its answer to the code").id_token

    async def _ask(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        shown = {"accept": "application/json", "user-agent": "commandpost", **(headers or {})}
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._http.stream(method, url, data=form, headers=shown) as answer,
            ):
                body = await _beginning(answer)
        except TimeoutError:
            raise away(self.url, f"no answer within {TIMEOUT_S:.0f} s") from None
        except httpx2.HTTPError as error:
            raise away(self.url, f"{type(error).__name__}: {error}"[:200]) from None
        if answer.status_code >= 500:
            raise away(self.url, f"HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise _refused(answer.status_code, body, asked_tokens=form is not None)
        return body


def is_safe(url: str) -> bool:
    """Whether nobody on the way reads it: over TLS, or within this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_this_machine(parts.hostname or "")


def _refused(status: int, body: bytes, *, asked_tokens: bool) -> LoginFault:
    """A code that is refused was spent or is too old; or we are not who the issuer knows."""
    try:
        code = msgspec.json.decode(body, type=dict[str, Any]).get("error", "")
    except (msgspec.DecodeError, UnicodeDecodeError):
        code = ""
    said = f"HTTP {status}{f', {code}' if isinstance(code, str) and code.isidentifier() else ''}"
    if asked_tokens and code == "invalid_grant":
        detail = f"the issuer does not take this login any more ({said}); begin again"
        return LoginFault(400, "login.spent", detail)
    return lies(f"the issuer answers {said}")


async def _beginning(answer: httpx2.Response) -> bytes:
    said = b""
    async for chunk in answer.aiter_bytes():
        said += chunk
        if len(said) > ANSWER_BYTES_MAX:
            raise lies("the issuer says more than there is to say")
    return said


def _taken(body: bytes, kind: type[_T], what: str) -> _T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise lies(f"{what} is not understood: {str(error)[:200]}") from None
