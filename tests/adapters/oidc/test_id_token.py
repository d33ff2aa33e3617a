"""ID tokens: each way in which one does not hold is refused, and one that holds is taken."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from adapters.oidc.fault import LoginFault
from adapters.oidc.id_token import Expected, keys_of, verified

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
AT = int(NOON.timestamp())
ISSUER, CLIENT, NONCE = "https://login.example.com", "commandpost", "n-0S6_WzA2Mj"
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("one", "one"))
EC = ECKey.generate_key("P-256", {"kid": "two"})
ED = OKPKey.generate_key("Ed25519", {"kid": "three"})
LISTED = {"keys": [key.as_dict(private=False) for key in (KEY, EC, ED)]}
EXPECTED = Expected(ISSUER, CLIENT, NONCE)
DUE: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "248289761001",
    "aud": CLIENT,
    "iat": AT,
    "exp": AT + 300,
    "nonce": NONCE,
    "groups": ["sre", "payments"],
}


def signed(claims: dict[str, Any], key: Any = KEY, alg: str = "RS256", **header: Any) -> str:
    said = {"alg": alg, "kid": "one", **header}
    return jwt.encode({k: v for k, v in said.items() if v}, claims, key, [alg])


def taken(token: str, groups: str = "groups", listed: Any = LISTED, now: datetime = NOON) -> Any:
    return verified(token, keys_of(listed), EXPECTED, groups, now)


def refusal(token: str, **more: Any) -> str:
    with pytest.raises(LoginFault) as fault:
        taken(token, **more)
    assert (fault.value.status, fault.value.code) == (502, "login.issuer_invalid")
    assert token not in fault.value.detail
    return fault.value.detail


def bare(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (json.dumps(each).encode() for each in (header, claims))
    return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts) + "."


def test_a_token_that_holds_says_who_it_is():
    found = taken(signed(DUE))
    assert (found.claims.sub, found.groups) == ("248289761001", ("sre", "payments"))


def test_other_algorithms_with_a_private_key_are_taken():
    assert taken(signed(DUE, EC, "ES256", kid="two")).claims.sub
    assert taken(signed(DUE, ED, "EdDSA", kid="three")).claims.sub
    assert taken(signed(DUE, alg="PS256")).claims.sub


def test_nobody_has_signed():
    for alg in ("none", "None", "NONE"):
        assert "not signed" in refusal(bare({"alg": alg}, DUE))
        assert "not signed" in refusal(bare({"alg": alg, "kid": "one"}, DUE))


def test_a_public_key_is_no_shared_secret():
    for public in (KEY.as_pem(private=False), json.dumps(LISTED["keys"][0]).encode()):
        body = bare({"alg": "HS256", "kid": "one"}, DUE).rstrip(".")
        forged = hmac.digest(public, body.encode(), "sha256")
        tail = base64.urlsafe_b64encode(forged).rstrip(b"=").decode()
        assert "not signed" in refusal(f"{body}.{tail}")
    listed = {"keys": [*LISTED["keys"], OctKey.import_key("k" * 40, {"kid": "sh"}).as_dict()]}
    own = signed(DUE, OctKey.import_key("k" * 40), "HS256", kid="sh")
    assert "not signed" in refusal(own, listed=listed)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"iss": "https://evil.example.com"}, "another issuer"),
        ({"iss": f"{ISSUER}/"}, "another issuer"),
        ({"aud": "another-client"}, "another client"),
        ({"aud": ["another-client", "third"]}, "another client"),
        ({"aud": [CLIENT, "another-client"]}, "given to another client"),
        ({"azp": "another-client"}, "given to another client"),
        ({"nonce": "replayed"}, "another login"),
        ({"nonce": None}, "another login"),
        ({"exp": AT - 61}, "expired"),
        ({"iat": AT + 61, "exp": AT + 600}, "future"),
        ({"nbf": AT + 61}, "future"),
        ({"iat": AT - 3_600, "exp": AT + 3_600}, "long before"),
        ({"exp": None}, "is not one"),
        ({"exp": "tomorrow"}, "is not one"),
        ({"exp": True}, "is not one"),
        ({"sub": ""}, "is not one"),
        ({"sub": "a b"}, "is not one"),
        ({"sub": "x" * 256}, "is not one"),
        ({"aud": 7}, "is not one"),
    ],
)
def test_what_is_not_meant_for_us_now(change: dict[str, Any], says: str):
    claims = {name: value for name, value in {**DUE, **change}.items() if value is not None}
    assert says in refusal(signed(claims))


@pytest.mark.parametrize("seconds", [-50, 0, 50, 340])
def test_clocks_may_be_apart_by_a_minute(seconds: int):
    assert taken(signed(DUE), now=NOON + timedelta(seconds=seconds)).claims.sub


def test_a_key_that_is_not_listed_signs_nothing():
    assert "not signed" in refusal(signed(DUE, OTHER))
    assert "not signed" in refusal(signed(DUE, OTHER, kid="unheard-of"))
    own = {"jwk": OTHER.as_dict(private=False)}
    assert "not signed" in refusal(signed(DUE, OTHER, **own))


def test_what_was_changed_on_the_way_is_refused():
    head, _, tail = signed(DUE).split(".")
    body = signed({**DUE, "groups": ["admins"]}, OTHER).split(".")[1]
    assert "not signed" in refusal(f"{head}.{body}.{tail}")


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", "....", "é.é.é", "x" * 70_000, bare({"alg": "RS256"}, DUE)]
)
def test_what_is_no_token_at_all(token: str):
    with pytest.raises(LoginFault):
        taken(token)


@pytest.mark.parametrize(
    "listed",
    [
        {},
        {"keys": []},
        {"keys": "all"},
        {"keys": [7, {}, {"kty": "RSA"}, {"kty": "oct", "k": "aw"}]},
    ],
)
def test_an_issuer_without_keys(listed: dict[str, Any]):
    assert "no key" in refusal(signed(DUE), listed=listed)


def test_a_key_that_is_no_use_is_passed_over():
    odd: list[Any] = [{"kty": "lattice"}, {"kty": "RSA", "n": "x"}, {"kty": "EC", "crv": "P-1"}]
    assert taken(signed(DUE), listed={"keys": [*odd, *LISTED["keys"]]}).claims.sub


@pytest.mark.parametrize(
    ("claims", "where", "found"),
    [
        ({"groups": "sre"}, "groups", ("sre",)),
        ({"groups": ["sre", 7, None]}, "groups", ("sre",)),
        ({"groups": {"sre": True}}, "groups", ()),
        ({"groups": None}, "groups", ()),
        ({}, "groups", ()),
        ({"realm_access": {"roles": ["sre"]}}, "realm_access.roles", ("sre",)),
        ({"https://x.example/groups": ["sre"]}, "https://x.example/groups", ("sre",)),
    ],
)
def test_where_groups_are_listed(claims: dict[str, Any], where: str, found: tuple[str, ...]):
    others = {name: value for name, value in DUE.items() if name != "groups"}
    assert taken(signed({**others, **claims}), where).groups == found
