"""Login of people: at an issuer, in a browser, and by a link; what becomes of their sessions."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from support.access import bearer
from support.browser import browser
from support.http_server import Answer
from support.issuer import CLIENT, CLIENT_SECRET, LocalIssuer, issuing
from support.patience import PATIENT_S, eventually
from support.service_process import CONFIG, Finished, Process, outside
from support.webhooks import deliver, page

OIDC = """
[oidc]
issuer = "{issuer}"
client_id = "{client}"
client_secret = "{secret}"
roles = {{ sre = "responder", leads = "commander" }}
"""
COOKIE = "commandpost-session"


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[LocalIssuer]:
    async with issuing() as found:
        yield found


@pytest.fixture(scope="module")
async def served(issuer: LocalIssuer) -> AsyncIterator[Process]:
    more = OIDC.format(issuer=issuer.url, client=CLIENT, secret=CLIENT_SECRET)
    async with outside(CONFIG + more) as process:
        yield process


@pytest.fixture(autouse=True)
def honest(issuer: LocalIssuer) -> None:
    """As each test finds it."""
    issuer.claims, issuer.paths, issuer.asks, issuer.sign = {}, {}, False, None


@pytest.fixture
async def visitor(served: Process) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser, as far as HTTP goes: it keeps cookies and says where its forms stand."""
    url = served.where["http_url"]
    async with httpx2.AsyncClient(base_url=url, headers={"origin": url}, timeout=20) as client:
        yield client


async def at_issuer(visitor: httpx2.AsyncClient) -> httpx2.Response:
    """Log in there, and come back; what is answered then."""
    sent = await visitor.get("/login/oidc")
    assert sent.status_code == 303, sent.text
    async with httpx2.AsyncClient() as elsewhere:
        back = await elsewhere.get(sent.headers["location"])
    return await visitor.get(back.headers["location"])


async def whoami(visitor: httpx2.AsyncClient) -> Any:
    return (await visitor.get("/v1/whoami")).json()


async def acts_as(visitor: httpx2.AsyncClient, actor: str) -> bool:
    return bool((await whoami(visitor))["actor"] == actor)


def secret_in(done: Finished) -> str:
    assert done.status == 0, done.err
    return done.out.splitlines()[0].partition("#")[2]


async def test_a_person_logs_in_at_the_issuer_and_is_who_the_directory_knows(
    served: Process, issuer: LocalIssuer, visitor: httpx2.AsyncClient, unique: str
):
    email = f"{unique}@example.com"
    body = {"slug": f"p{unique}", "name": "Ada Lovelace", "email": email}
    assert (await served.post("/v1/people", body)).status == 201
    issuer.claims = {"email": email, "groups": ["leads"]}
    answer = await at_issuer(visitor)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "HttpOnly" in answer.headers["set-cookie"]
    await eventually(lambda: acts_as(visitor, f"p{unique}"))
    found = await whoami(visitor)
    assert (found["name"], found["role"]) == (email, "commander")
    declared = await visitor.post("/v1/incidents", json={"title": f"Said by {unique}"})
    assert declared.status_code == 201, declared.text
    (event, *_) = await served.events(declared.json()["reference"])
    assert event["actor"] == f"p{unique}"
    refused = await visitor.get("/v1/tokens")
    assert (refused.status_code, refused.json()["rule"]) == (403, "access.manage")
    assert f"You are p{unique}" in (await visitor.get("/login")).text

    assert (await visitor.post("/logout")).status_code == 303
    assert (await whoami(visitor))["code"] == "token.missing"
    trail = [each["text"] for each in await served.get("/v1/audit")]
    assert any(email in text and "has logged in" in text for text in trail)
    assert any(email in text and "logged out" in text for text in trail)


async def test_a_session_that_was_ended_counts_nowhere_though_a_browser_kept_it(
    served: Process, visitor: httpx2.AsyncClient, issuer: LocalIssuer, unique: str
):
    issuer.claims = {"email": f"{unique}@example.com"}
    await at_issuer(visitor)
    kept = visitor.cookies[COOKIE]
    done = await served.cli("token", "revoke", f"{unique}@example.com", "--reason", "left")
    assert done.status == 0, done.err

    async def refused() -> bool:
        answer = await visitor.get("/v1/incidents", headers={"cookie": f"{COOKIE}={kept}"})
        return bool(answer.status_code == 401 and answer.json()["code"] == "session.ended")

    await eventually(refused)


async def test_a_change_by_a_session_comes_from_our_own_page(
    visitor: httpx2.AsyncClient, issuer: LocalIssuer, unique: str
):
    issuer.claims = {"email": f"{unique}@example.com"}
    await at_issuer(visitor)
    body = {"title": f"Forged {unique}"}
    for headers, code in (
        ({"origin": "https://evil.example.com"}, "origin.not_allowed"),
        ({"origin": "null"}, "origin.not_allowed"),
        ({"sec-fetch-site": "cross-site"}, "origin.not_allowed"),
        ({"sec-fetch-site": "same-site"}, "origin.not_allowed"),
    ):
        answer = await visitor.post("/v1/incidents", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    del visitor.headers["origin"]
    answer = await visitor.post("/v1/incidents", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin.missing")
    assert (await visitor.get("/v1/incidents")).status_code == 200
    found = (await visitor.get("/v1/incidents")).text
    assert f"Forged {unique}" not in found


async def test_without_the_issuer_pages_and_tokens_and_links_and_sessions_go_on(
    served: Process, visitor: httpx2.AsyncClient, issuer: LocalIssuer, unique: str
):
    issuer.claims = {"email": f"{unique}@example.com"}
    await at_issuer(visitor)
    issuer.paths = {"/.well-known/openid-configuration": Answer(0)}
    refused = await visitor.get("/login/oidc")
    assert refused.status_code == 503
    assert "login.issuer_unreachable" in refused.text
    assert "commandpost login" in refused.text
    assert (await deliver(served, page("triggered", unique, f"e{unique}"))).status in {200, 202}
    assert (await visitor.get("/v1/incidents")).status_code == 200
    taken = await visitor.post("/v1/emergency", json={"reason": "nobody else answers"})
    assert taken.status_code == 200, taken.text
    assert "incidents.command" in (await whoami(visitor))["permissions"]
    assert secret_in(await served.cli("login"))


async def test_who_comes_back_without_a_login_of_this_browser_is_told(
    visitor: httpx2.AsyncClient, issuer: LocalIssuer
):
    issuer.claims = {"groups": ["sales"]}
    answer = await at_issuer(visitor)
    assert (answer.status_code, "login.no_role" in answer.text) == (403, True)
    for query in ("", "?code=a&state=b", "?error=access_denied&state=<script>"):
        answer = await visitor.get(f"/login/callback{query}")
        assert answer.status_code == 400
        assert "login.state_mismatch" in answer.text
        assert "<script>" not in answer.text.partition("role=")[2].partition("</p>")[0]
    assert COOKIE not in visitor.cookies


async def test_who_has_left_is_not_let_in_and_is_let_out(
    served: Process, visitor: httpx2.AsyncClient, issuer: LocalIssuer, unique: str
):
    slug, email = f"l{unique}", f"{unique}@example.com"
    await served.post("/v1/people", {"slug": slug, "name": "Grace", "email": email})
    issuer.claims = {"email": email}
    await at_issuer(visitor)
    await eventually(lambda: acts_as(visitor, slug))
    await served.cli("token", "create", f"t{unique}", "--role", "viewer", "--person", slug)
    ref = (await served.declare())["reference"]
    path = f"/v1/incidents/{ref}/events"
    stream = {"accept": "text/event-stream"}
    async with visitor.stream("GET", path, headers=stream, timeout=PATIENT_S) as followed:
        lines = followed.aiter_lines()
        assert (await anext(lines)).startswith("id: ")
        assert (await served.post(f"/v1/people/{slug}/deactivate", {})).status == 200
        async with asyncio.timeout(PATIENT_S):
            assert [line async for line in lines]

    async def out() -> bool:
        return (await whoami(visitor)).get("code") == "person.not_active"

    await eventually(out)
    again = await at_issuer(visitor)
    assert "person.not_active" in again.text
    assert (await served.post(f"/v1/people/{slug}/reactivate", {})).status == 200


async def test_a_link_is_good_once_and_is_worth_what_its_token_is(
    served: Process, visitor: httpx2.AsyncClient, unique: str
):
    made = await served.cli("token", "create", f"t{unique}", "--role", "viewer")
    token = made.out.strip()
    code = secret_in(await served.cli("login", COMMANDPOST_TOKEN=token))
    assert (await visitor.post("/login/link", data={"code": code})).status_code == 303
    assert (await whoami(visitor))["name"] == f"t{unique}"
    again = await visitor.post("/login/link", data={"code": code})
    assert (again.status_code, "login.link_spent" in again.text) == (409, True)
    assert code not in again.text
    await served.cli("token", "revoke", f"t{unique}", "--reason", "lost")

    async def out() -> bool:
        return (await whoami(visitor)).get("code") == "session.ended"

    await eventually(out)
    for said in ("", "x", "cpl_" + "x" * 43, "é" * 40):
        answer = await visitor.post("/login/link", data={"code": said})
        assert "login.link_spent" in answer.text


async def test_a_header_counts_before_a_cookie_and_two_cookies_are_none(
    served: Process, visitor: httpx2.AsyncClient, issuer: LocalIssuer, unique: str
):
    issuer.claims = {"email": f"{unique}@example.com"}
    await at_issuer(visitor)
    own = await visitor.get("/v1/whoami", headers=bearer(served.token))
    assert own.json()["name"] == "admin"
    kept = visitor.cookies[COOKIE]
    visitor.cookies.clear()
    for cookie in (f"{COOKIE}={kept}; {COOKIE}=cps_{'x' * 43}", f"{COOKIE}=x", f"x={kept}"):
        answer = await visitor.get("/v1/whoami", headers={"cookie": cookie})
        assert answer.status_code == 401
    secrets = (kept, CLIENT_SECRET)
    written = served.log() + (served.state / "commandpost.json").read_text()
    assert not any(secret in written for secret in secrets)


async def test_played_in_a_browser_at_the_issuer(served: Process, issuer: LocalIssuer, unique: str):
    issuer.asks = True
    issuer.claims = {"email": f"{unique}@example.com"}
    url = served.where["http_url"]
    async with browser() as page:
        await page.without_policy()
        await page.go(f"{url}/login")
        await page.click("a.button")
        await page.shows("Who are you?")
        await page.click("#yes")
        assert "responder" in await page.shows(f"You are {unique}@example.com")
        (cookie,) = [each for each in await page.cookies() if each["name"] == COOKIE]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        assert COOKIE not in str(await page.run("document.cookie"))
        script = (
            "fetch('/v1/incidents', {method: 'POST', headers: {'content-type':"
            " 'application/json'}, body: JSON.stringify({title: 'From a page'})})"
            ".then(it => it.status)"
        )
        assert await page.run(script) == 201
        # Another site in the same browser: its form comes without the cookie.
        await page.go(f"{issuer.url}/authorize?state=x")
        await page.shows("Who are you?")
        forged = script.replace("'/v1", f"'{url}/v1").replace("method:", "mode: 'no-cors', method:")
        assert await page.run(forged.replace("application/json", "text/plain")) in {0, 403}
        await page.go(f"{url}/login")
        await page.click("form button")
        await page.shows("Log in")


async def test_played_in_a_browser_by_a_link(served: Process):
    done = await served.cli("login")
    link = done.out.splitlines()[0]
    async with browser() as page:
        await page.go(link)
        # Somebody else's link must log nobody in who merely follows it.
        await page.shows("You have opened such a link")
        assert not [each for each in await page.cookies() if each["name"] == COOKIE]
        await page.click("#link button")
        await page.shows("You are admin")
        assert "#" not in str(await page.run("location.href"))
        assert secret_in(done) not in str(await page.run("document.documentElement.outerHTML"))
    async with browser() as page:
        await page.go(link)
        await page.click("#link button")
        await page.shows("login.link_spent")
