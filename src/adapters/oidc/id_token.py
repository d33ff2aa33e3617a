"""What an ID token proves (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec

from adapters.oidc.fault import lies

if TYPE_CHECKING:  # only who logs in by an issuer needs it, and it takes a while to load
    from joserfc.jwk import KeySet

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""By a private key of the issuer. With `none` nobody has signed, and with HS256 whoever knows the
client's secret, or takes a public key for one.
"""
KINDS = frozenset({"RSA", "EC", "OKP"})
SKEW_S = 60
"""So far apart two clocks may be."""
AGE_MAX_S = 900
"""An answer to a login that was begun just now is not older."""
TOKEN_BYTES_MAX = 64 * 1024
GROUPS_MAX = 1_000


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """The claims that are looked at; times in seconds since 1970."""

    iss: str
    sub: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
    aud: str | tuple[str, ...]
    exp: float
    iat: float
    nonce: str | None = None
    nbf: float | None = None
    azp: str | None = None
    email: Annotated[str, msgspec.Meta(max_length=320)] | None = None
    email_verified: bool | str | None = None
    name: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None


class Expected(NamedTuple):
    """Whose token for whom is awaited, in answer to which login."""

    issuer: str
    client_id: str
    nonce: str


class Verified(NamedTuple):
    """The claims of a token that holds, and the groups that a claim of some name lists."""

    claims: Claims
    groups: tuple[str, ...]


def verified(
    token: str, keys: "KeySet", expected: Expected, groups_claim: str, now: datetime
) -> Verified:
    """What a token says, if it is signed by one of the keys and meant for us, now. Raises
    `LoginFault`.
    """
    from joserfc import jwt  # noqa: PLC0415 - see above, as the others
    from joserfc.errors import JoseError  # noqa: PLC0415

    if len(token) > TOKEN_BYTES_MAX:
        raise lies("the ID token is larger than any is")
    try:
        said: dict[str, Any] = dict(jwt.decode(token, keys, ALGORITHMS).claims)
        claims = msgspec.convert(said, Claims)
    except msgspec.ValidationError as error:
        raise lies(f"the ID token is not one: {error}") from None
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        why = f"{type(error).__name__}: {error}"
        raise lies(f"the ID token is not signed by the issuer ({why[:200]})") from None
    _check_meant(claims, expected)
    _check_times(claims, now.timestamp())
    return Verified(claims, _groups(said, groups_claim))


def keys_of(document: Mapping[str, Any]) -> "KeySet":
    """The public keys for signatures in a JSON Web Key Set; what is of another kind, or no key, is
    passed over. Raises `LoginFault` where none is left.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet, import_key  # noqa: PLC0415

    found = []
    listed = document.get("keys")
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, dict) or each.get("kty") not in KINDS or each.get("use") == "enc":
            continue
        try:
            found.append(import_key({name: each[name] for name in each if name != "d"}))
        except (JoseError, ValueError, TypeError):
            continue
    if not found:
        raise lies("the issuer lists no key by which it signs")
    return KeySet(found)


def _check_meant(claims: Claims, expected: Expected) -> None:
    if claims.iss != expected.issuer:
        raise lies(f"the ID token is of another issuer ({claims.iss[:200]})")
    audiences: Collection[str] = {claims.aud} if isinstance(claims.aud, str) else set(claims.aud)
    if expected.client_id not in audiences:
        raise lies("the ID token is meant for another client than this service")
    if (len(audiences) > 1 or claims.azp is not None) and claims.azp != expected.client_id:
        raise lies("the ID token was given to another client than this service")
    if claims.nonce is None or not compare_digest(claims.nonce.encode(), expected.nonce.encode()):
        raise lies("the ID token answers another login (its nonce is not the one that was sent)")


def _check_times(claims: Claims, now_s: float) -> None:
    if claims.exp <= now_s - SKEW_S:
        raise lies("the ID token has expired: is the clock of this machine right?")
    begins = max(claims.iat, claims.nbf or claims.iat)
    if begins > now_s + SKEW_S:
        raise lies("the ID token is of the future: is the clock of this machine right?")
    if claims.iat < now_s - SKEW_S - AGE_MAX_S:
        raise lies("the ID token was made long before this login")


def _groups(said: Mapping[str, Any], claim: str) -> tuple[str, ...]:
    """A claim may be one name or a list; `a.b` is the member `b` of `a`."""
    found: Any = said.get(claim)
    if found is None:
        found = said
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    names: Iterable[Any] = [found] if isinstance(found, str) else found or ()
    if not isinstance(names, list | tuple):
        return ()
    return tuple(each for each in names[:GROUPS_MAX] if isinstance(each, str))
