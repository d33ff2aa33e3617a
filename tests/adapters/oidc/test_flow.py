"""A login at an issuer that answers, that is slow, that is down, and that lies."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey

from adapters.config.settings import OidcSettings
from adapters.oidc import issuer as issuer_module
from adapters.oidc.fault import LoginFault
from adapters.oidc.flow import Flow, Identity
from adapters.oidc.issuer import Issuer, OidcClient
from domain.access.grants import AccessRole
from support.http_server import Answer
from support.issuer import CLIENT, CLIENT_SECRET, LocalIssuer, issuing, rsa_key

BASE = "http://127.0.0.1:8080"
SECRET = f"cpl_{'s':s<43}"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return rsa_key("first")


@pytest.fixture
async def local(key: RSAKey) -> AsyncIterator[LocalIssuer]:
    async with issuing(key) as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient() as client:
        yield client


def flow_of(local: LocalIssuer, http: httpx2.AsyncClient, **more: Any) -> Flow:
    roles = {"sre": "responder", "leads": "commander"}
    settings = OidcSettings(issuer=local.url, client_id=CLIENT, **{"roles": roles, **more})
    asked = Issuer(local.url, OidcClient(CLIENT, CLIENT_SECRET), http)
    return Flow(settings, asked, BASE, lambda: datetime.now(UTC))  # noqa: TID251 - as the issuer


async def sent_back(flow: Flow, http: httpx2.AsyncClient, secret: str = SECRET) -> dict[str, str]:
    """What the browser brings back."""
    answer = await http.get(await flow.begin(secret))
    where = urlsplit(answer.headers["location"])
    assert where._replace(query="").geturl() == f"{BASE}/login/callback"
    return {name: values[0] for name, values in parse_qs(where.query).items()}


async def logged_in(flow: Flow, http: httpx2.AsyncClient) -> Identity:
    return await flow.finish(SECRET, await sent_back(flow, http))


async def fault_of(flow: Flow, http: httpx2.AsyncClient) -> LoginFault:
    with pytest.raises(LoginFault) as fault:
        await logged_in(flow, http)
    assert CLIENT_SECRET not in fault.value.detail
    return fault.value


async def test_who_logs_in_has_the_most_of_the_groups(local: LocalIssuer, http: httpx2.AsyncClient):
    found = await logged_in(flow_of(local, http), http)
    assert found == Identity(local.url, "248289761001", "ada@example.com", AccessRole.RESPONDER)
    local.claims = {"groups": ["sre", "leads", "others"]}
    assert (await logged_in(flow_of(local, http), http)).role is AccessRole.COMMANDER


async def test_without_a_group_that_has_a_role_nobody_is_let_in_unless_all_are(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    local.claims = {"groups": ["sales"]}
    fault = await fault_of(flow_of(local, http), http)
    assert (fault.status, fault.code) == (403, "login.no_role")
    assert "sales" in fault.detail
    assert (await logged_in(flow_of(local, http, default_role="viewer"), http)).role == "viewer"


async def test_an_address_counts_where_the_issuer_stands_for_it(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    for said in ({"email_verified": False}, {"email_verified": None}, {"email": "policy"}):
        local.claims = said
        assert (await logged_in(flow_of(local, http), http)).email is None
    local.claims = {"email_verified": None}
    trusting = flow_of(local, http, trust_email=True)
    assert (await logged_in(trusting, http)).email == "ada@example.com"


async def test_another_key_counts_at_once_and_the_one_before_no_more(
    local: LocalIssuer, http: httpx2.AsyncClient, key: RSAKey
):
    flow = flow_of(local, http)
    assert await logged_in(flow, http)
    local.rotate("second")
    assert await logged_in(flow, http)
    new = local.keys
    local.sign = lambda it, claims: (setattr(it, "keys", [key]), it.signed(claims))[1]
    said = await sent_back(flow, http)

    def before(it: LocalIssuer, claims: dict[str, Any]) -> str:
        it.keys = [key]
        token = it.signed(claims)
        it.keys = new
        return token

    local.sign = before
    with pytest.raises(LoginFault, match="not signed by the issuer"):
        await flow.finish(SECRET, said)


async def test_a_code_is_good_once_and_with_the_verifier_alone(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    flow = flow_of(local, http)
    said = await sent_back(flow, http)
    assert await flow.finish(SECRET, said)
    with pytest.raises(LoginFault) as fault:
        await flow.finish(SECRET, said)
    assert (fault.value.status, fault.value.code) == (400, "login.spent")


@pytest.mark.parametrize("kept", [None, "", f"cpl_{'o':o<43}"])
async def test_an_answer_counts_in_the_browser_that_has_asked(
    local: LocalIssuer, http: httpx2.AsyncClient, kept: str | None
):
    flow = flow_of(local, http)
    said = await sent_back(flow, http)
    with pytest.raises(LoginFault) as fault:
        await flow.finish(kept, said)
    assert (fault.value.code, fault.value.status) == ("login.state_mismatch", 400)
    assert f"{BASE}/login" in fault.value.detail
    for wrong in ("", "é", said["state"][:-1]):
        with pytest.raises(LoginFault, match="no login of this browser"):
            await flow.finish(SECRET, {**said, "state": wrong})


async def test_what_the_browser_is_sent_with_tells_no_secret(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    where = await flow_of(local, http).begin(SECRET)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    assert SECRET not in where
    assert CLIENT_SECRET not in where
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"].split() == ["openid", "email", "profile"]
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    other = await flow_of(local, http).begin(f"cpl_{'o':o<43}")
    assert asked["state"] not in other


async def test_the_answer_of_another_issuer_is_refused(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    local.sent_back = {"iss": "https://evil.example.com"}
    assert "another issuer than was asked" in (await fault_of(flow_of(local, http), http)).detail
    local.sent_back = {"iss": ""}
    assert await logged_in(flow_of(local, http), http)
    local.described = {"authorization_response_iss_parameter_supported": True}
    assert "another issuer than was asked" in (await fault_of(flow_of(local, http), http)).detail


async def test_the_person_there_says_no(local: LocalIssuer, http: httpx2.AsyncClient):
    local.sent_back = {"code": "", "error": "access_denied", "error_description": "not <b>you</b>"}
    fault = await fault_of(flow_of(local, http), http)
    assert (fault.status, fault.code) == (403, "login.denied")
    local.sent_back = {"code": ""}
    assert "neither a code nor an error" in (await fault_of(flow_of(local, http), http)).detail


def _plain(_: LocalIssuer, claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    said = (base64.urlsafe_b64encode(json.dumps(it).encode()).rstrip(b"=") for it in parts)
    return b".".join((*said, b"")).decode()


async def test_a_token_that_nobody_signed_logs_nobody_in(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    local.sign = _plain
    fault = await fault_of(flow_of(local, http), http)
    assert (fault.status, fault.code) == (502, "login.issuer_invalid")


WELL_KNOWN = "/.well-known/openid-configuration"
LIES: list[tuple[str, dict[str, Any], dict[str, Answer], int, str]] = [
    ("another name", {"issuer": "https://evil.example.com"}, {}, 502, "calls itself"),
    ("no TLS", {"token_endpoint": "http://login.example.com/t"}, {}, 502, "not encrypted"),
    ("within", {"token_endpoint": "https://169.254.169.254/t"}, {}, 502, "not its own"),
    ("this machine", {"jwks_uri": "http://localhost:8222/varz"}, {}, 502, "not its own"),
    ("as six", {"jwks_uri": "https://[::ffff:10.0.0.7]/k"}, {}, 502, "not its own"),
    ("no URL", {"jwks_uri": "file:///etc/passwd"}, {}, 502, "not understood"),
    ("no JSON", {}, {WELL_KNOWN: Answer(200, {}, b"<html>")}, 502, "not understood"),
    ("another shape", {}, {WELL_KNOWN: Answer(200, {}, b"[]")}, 502, "not understood"),
    ("deep", {}, {WELL_KNOWN: Answer(200, {}, b"[" * 100_000)}, 502, "not understood"),
    ("gone", {}, {WELL_KNOWN: Answer(404)}, 502, "HTTP 404"),
    ("elsewhere", {}, {WELL_KNOWN: Answer(302, {"location": "http://e/"})}, 502, "HTTP 302"),
    ("broken", {}, {WELL_KNOWN: Answer(500)}, 503, "HTTP 500"),
    ("hangs up", {}, {WELL_KNOWN: Answer(0)}, 503, "cannot be asked now"),
    ("endless", {}, {"/keys": Answer(200, {}, b" " * 1_100_000)}, 502, "more than there is"),
    ("no keys", {}, {"/keys": Answer(200, {}, b"{}")}, 502, "no key"),
    ("no token", {}, {"/token": Answer(200, {}, b"{}")}, 502, "not understood"),
    ("unknown here", {}, {"/token": Answer(401, {}, b'{"error":"invalid_client"}')}, 502,
     "invalid_client"),
]  # fmt: skip


@pytest.mark.parametrize(("described", "paths", "status", "says"), [it[1:] for it in LIES],
    ids=[it[0] for it in LIES])  # fmt: skip
async def test_an_issuer_that_lies_logs_nobody_in(
    local: LocalIssuer,
    http: httpx2.AsyncClient,
    described: dict[str, Any],
    paths: dict[str, Answer],
    status: int,
    says: str,
):
    local.described, local.paths = described, paths
    fault = await fault_of(flow_of(local, http), http)
    assert fault.status == status
    assert says in fault.detail


async def test_an_issuer_that_is_slow_or_down_keeps_nobody_waiting(
    local: LocalIssuer, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(issuer_module, "TIMEOUT_S", 0.2)
    local.paths = {"/token": Answer(200, {}, b"{}", wait_s=30)}
    fault = await fault_of(flow_of(local, http), http)
    assert (fault.status, fault.code) == (503, "login.issuer_unreachable")
    assert "commandpost login" in fault.detail
    nowhere = Issuer("http://127.0.0.1:1", OidcClient(CLIENT, None), http)
    with pytest.raises(LoginFault) as away:
        await nowhere.describe()
    assert away.value.code == "login.issuer_unreachable"


async def test_a_client_without_a_secret_says_who_it_is_in_the_form(
    local: LocalIssuer, http: httpx2.AsyncClient
):
    settings = OidcSettings(issuer=local.url, client_id=CLIENT, default_role="viewer")
    flow = Flow(settings, Issuer(local.url, OidcClient(CLIENT, None), http), BASE,
        lambda: datetime.now(UTC))  # fmt: skip # noqa: TID251
    await fault_of(flow, http)
    asked = parse_qs(local.receiver.requests[-1].body.decode())
    assert asked["client_id"] == [CLIENT]
    assert "client_secret" not in asked
