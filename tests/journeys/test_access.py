"""Who is let in, over HTTP, NATS and the command line, and who is on record for what."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator

import nats
import pytest
from nats.aio.client import Client

from support.access import bearer
from support.patience import PATIENT_S, eventually
from support.service_process import Process, admin_of, outside

EVENT_STREAM = {"accept": "text/event-stream"}


@pytest.fixture
async def bus(service: Process) -> AsyncIterator[Client]:
    client = await nats.connect(service.where["nats_url"])
    yield client
    await client.close()


async def made(service: Process, name: str, role: str, *more: str) -> str:
    """The secret of a new token."""
    done = await service.cli("token", "create", name, "--role", role, *more)
    assert done.status == 0, done.err
    return done.out.strip()


async def code_of(service: Process, path: str, secret: str | None) -> str:
    shown = {"authorization": "" if secret is None else f"Bearer {secret}"}
    answer = await service.http.get(path, headers=shown)
    return "" if answer.status_code == 200 else str(answer.json()["code"])


async def test_the_first_token_is_its_owners_alone(service: Process):
    file = service.state / "admin-token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in (service.state / "out.txt").read_text()
    assert (await service.get("/v1/whoami"))["role"] == "admin"


async def test_a_token_counts_at_once_and_a_revoked_one_no_more(service: Process, unique: str):
    secret = await made(service, unique, "viewer")
    assert await code_of(service, "/v1/incidents", secret) == ""
    done = await service.cli("token", "revoke", unique, "--reason", "lost")
    assert done.status == 0, done.err

    async def refused() -> bool:
        return await code_of(service, "/v1/incidents", secret) == "token.revoked"

    await eventually(refused)
    assert await code_of(service, "/health/live", secret) == ""
    assert await code_of(service, "/v1/incidents", None) == "token.missing"


async def test_a_live_stream_ends_when_its_token_is_revoked(service: Process, unique: str):
    secret, ref = await made(service, unique, "viewer"), (await service.declare())["reference"]
    path, shown = f"/v1/incidents/{ref}/events", {**bearer(secret), **EVENT_STREAM}
    async with service.http.stream("GET", path, headers=shown, timeout=PATIENT_S) as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith("id: ")
        await service.cli("token", "revoke", unique, "--reason", "left")
        async with asyncio.timeout(PATIENT_S):
            rest = [line async for line in lines]
    assert stream.status_code == 200
    await service.act(ref, "add_note", text="said when nobody listens")
    assert "said when nobody listens" not in "".join(rest)


async def test_nobody_claims_to_be_another_unless_the_role_speaks_for_others(
    service: Process, unique: str
):
    person, robot = await made(service, f"p{unique}", "responder"), await made(
        service, f"r{unique}", "integration"
    )  # fmt: skip
    claims = {"commandpost-actor": "grace", "content-type": "application/json"}
    path, body = "/v1/incidents", {"title": f"Said by {unique}"}
    refused = await service.http.post(path, json=body, headers={**bearer(person), **claims})
    assert (refused.status_code, refused.json()["rule"]) == (403, "act.on_behalf")

    own = (await service.http.post(path, json=body, headers=bearer(person))).json()
    (event, *_) = await service.events(own["reference"])
    assert (event["actor"], event.get("via")) == (f"p{unique}", None)

    told = (await service.http.post(path, json=body, headers={**bearer(robot), **claims})).json()
    (event, *_) = await service.events(told["reference"])
    assert (event["actor"], event["via"]) == ("grace", f"r{unique}")

    for name in ("policy", "intake", "source:pd"):
        claims["commandpost-actor"] = name
        refused = await service.http.post(path, json=body, headers={**bearer(robot), **claims})
        assert (refused.status_code, refused.json()["code"]) == (422, "actor.reserved")


async def test_a_key_is_its_principals_own_and_goes_on_with_the_next_token(
    service: Process, unique: str
):
    first, other = await made(service, f"a{unique}", "responder"), await made(
        service, f"b{unique}", "responder"
    )  # fmt: skip
    second = await made(service, f"a{unique}", "responder")
    headers, body = {"idempotency-key": unique}, {"title": f"Once {unique}"}
    refs = []
    for secret in (first, first, second, other):
        shown = {**headers, **bearer(secret)}
        answer = await service.http.post("/v1/incidents", json=body, headers=shown)
        refs.append((answer.json()["reference"], answer.json()["outcome"]))
    assert [outcome for _, outcome in refs] == ["decided", "repeated", "repeated", "decided"]
    assert len({ref for ref, _ in refs}) == 2


async def test_over_nats_a_token_counts_where_one_is_shown(
    service: Process, bus: Client, unique: str
):
    async def declared(**headers: str) -> dict[str, str]:
        body = json.dumps({"title": f"Over NATS {unique}"}).encode()
        reply = await bus.request("commands.incident.declare", body, 20, headers=headers)
        found: dict[str, str] = json.loads(reply.data)
        return found

    viewer, robot = await made(service, f"v{unique}", "viewer"), await made(
        service, f"i{unique}", "integration"
    )  # fmt: skip
    assert (await declared(authorization=f"Bearer {viewer}"))["code"] == "permission.missing"
    assert (await declared(Authorization="Bearer nonsense"))["code"] == "token.malformed"
    assert (await declared(Authorization=""))["code"] == "token.missing"
    both = {"Authorization": f"Bearer {viewer}", "AUTHORIZATION": f"Bearer {robot}"}
    assert (await declared(**both))["code"] == "token.malformed"
    done = await declared(Authorization=f"Bearer {robot}")
    (event, *_) = await service.events(done["reference"])
    assert event["actor"] == f"i{unique}"
    (event, *_) = await service.events((await declared(who="nobody"))["reference"])
    assert event["actor"] == "admin", "the passwords stand in the folder of the administrator"


async def test_the_command_line_acts_as_the_token_that_it_is_given(service: Process, unique: str):
    viewer = await made(service, unique, "viewer")
    asked = ("declare", f"By {unique}", "--format", "json")
    refused = await service.cli(*asked, COMMANDPOST_TOKEN=viewer)
    assert refused.status == 5
    assert "permission.missing" in refused.err
    assert "responder" in refused.err
    person = await made(service, f"p{unique}", "responder", "--person", "grace")
    done = await service.cli(*asked, COMMANDPOST_TOKEN=person, USER="root")
    (event, *_) = await service.events(done.json["reference"])
    assert (event["actor"], event.get("via")) == ("grace", None)
    claimed = await service.cli(*asked, "--actor", "Ada", COMMANDPOST_TOKEN=person, USER="root")
    assert "act.on_behalf" in claimed.err
    denied = await service.cli("token", "create", "x", "--role", "admin", COMMANDPOST_TOKEN=person)
    assert "access.manage" in denied.err


async def test_the_command_line_asks_what_a_token_may(service: Process, unique: str):
    viewer = await made(service, unique, "viewer")
    for words, missing in (
        (("incidents",), None),
        (("person", "list"), None),
        (("token", "list"), "access.manage"),
        (("quarantine", "discard", "1", "none of ours"), "quarantine.manage"),
        (("log", "skip", "1", "none of ours"), "service.manage"),
        (("audit",), "audit.read"),
        (("rebuild", "board"), "service.manage"),
        (("channels", "list"), None),
        (("channels", "test", "console"), "service.manage"),
    ):
        done = await service.cli(*words, COMMANDPOST_TOKEN=viewer)
        assert (done.status == 0) is (missing is None), (words, done.err)
        assert missing is None or f"{missing} is missing" in done.err
    done = await service.cli("incidents", COMMANDPOST_TOKEN=f"{viewer[:-1]}~")
    assert "token.malformed [COMMANDPOST_TOKEN]: this is no token of this service" in done.err
    assert "Bearer" not in done.err, "nobody sends a header on the command line"


async def test_the_list_says_who_made_it_and_when_it_was_used(service: Process, unique: str):
    secret = await made(service, unique, "viewer", "--days", "1")

    async def listed() -> dict[str, str]:
        found = (await service.cli("token", "list", "--format", "json")).json
        return next(dict(each) for each in found if each["name"] == unique)

    before = await listed()
    assert (before["last_used_at"], before["standing"]) == (None, "live")
    assert before["use_known_since"]
    await code_of(service, "/v1/incidents", secret)

    async def used() -> bool:
        return bool((await listed())["last_used_at"])

    await eventually(used)
    await made(service, f"{unique}-unused", "viewer")
    assert "not known" in (await service.cli("token", "list")).out
    assert secret not in json.dumps(await listed())


async def test_tokens_over_http(service: Process, unique: str):
    body = {"name": unique, "role": "scrape", "expires_in_days": None}
    made_now = (await service.post("/v1/tokens", body)).body
    secret, token = made_now["secret"], made_now["token"]
    assert token["expires_at"] is None
    assert await code_of(service, "/metrics", secret) == ""
    assert await code_of(service, "/health/ready", secret) == ""
    assert await code_of(service, "/v1/incidents", secret) == "permission.missing"
    assert await code_of(service, "/v1/tokens", secret) == "permission.missing"
    reply = await service.post(f"/v1/tokens/{token['id']}/revoke", {"reason": "moved"})
    assert reply.body[0]["standing"] == "revoked"
    assert await code_of(service, "/metrics", secret) == "token.revoked"
    for wrong, code in (
        ({"name": "policy", "role": "admin"}, "token.name_reserved"),
        ({"name": unique, "role": "king"}, "field.unknown_value"),
        ({"name": unique, "role": "admin", "expires_in_days": 0}, "field.invalid"),
    ):
        assert (await service.post("/v1/tokens", wrong)).body["code"] == code
    assert (await service.post("/v1/tokens/nobody/revoke", {"reason": "x"})).status == 404


async def test_an_emergency_gives_what_is_missing_for_an_hour(service: Process, unique: str):
    """Without any other service, and without anybody who agrees."""
    person = bearer(await made(service, unique, "responder"))
    viewer = bearer(await made(service, f"v{unique}", "viewer"))
    ref = (await service.declare())["reference"]
    path, why = f"/v1/incidents/{ref}/cancel", {"reason": "it was a test of ours"}

    async def sent(to: str, body: dict[str, str], shown: dict[str, str]) -> tuple[int, str]:
        answer = await service.http.post(to, json=body, headers=shown)
        return answer.status_code, answer.text

    status, said = await sent(path, why, person)
    assert status == 403
    assert "commandpost emergency take" in said
    assert (await sent("/v1/emergency", {"reason": "x"}, viewer))[0] == 403
    assert (await sent("/v1/emergency", {}, person))[0] == 422
    status, said = await sent("/v1/emergency", {"reason": "nobody answers"}, person)
    assert (status, "until" in said) == (200, True)
    assert (await sent(path, why, person))[0] == 200
    assert (await sent("/v1/tokens", {"name": "x", "role": "admin"}, person))[0] == 403
    assert (await sent("/v1/emergency/end", {}, person))[0] == 200
    other = (await service.declare())["reference"]
    assert (await sent(f"/v1/incidents/{other}/cancel", why, person))[0] == 403
    assert (await service.http.get("/v1/audit", headers=person)).status_code == 403
    texts = [each["text"] for each in await service.get("/v1/audit")]
    assert any("nobody answers" in each and unique in each for each in texts)
    listed = await service.cli("audit", "--format", "json")
    assert [each["text"] for each in listed.json] == texts


async def test_the_trail_begins_with_the_first_token_and_the_configuration(service: Process):
    first, second, *_ = await service.get("/v1/audit")
    assert first["actor"] == second["actor"] == "state folder"
    assert first["text"].startswith("A token of admin (admin) was made")
    assert "sources.pd pagerduty, 1 secret" in second["text"]


async def test_no_secret_is_written_anywhere(service: Process, unique: str):
    secret = await made(service, unique, "viewer")
    await code_of(service, "/v1/incidents", secret)
    await code_of(service, "/v1/incidents", f"{secret[:-1]}x")
    kept = [service.log(), json.dumps(service.where), json.dumps(await service.get("/v1/tokens"))]
    kept.append((await service.http.get("/metrics")).text)
    for each in (secret, service.token):
        assert not any(each in text for text in kept)


async def test_a_file_that_is_gone_or_counts_no_more_is_made_again():
    async with outside() as service:
        first = service.shown
        (service.state / "admin-token").unlink()
        await service.stop()
        await service.start()
        second = service.shown
        assert second != first
        names = [each["name"] for each in await service.get("/v1/tokens")]
        assert names == ["admin", "admin"]
        assert (await service.http.get("/v1/whoami", headers=first)).status_code == 200
        await service.post("/v1/tokens/admin/revoke", {"reason": "both were seen"})
        await service.stop()
        await service.start()
        assert service.shown == admin_of(service.state) != second
        assert (await service.get("/v1/whoami"))["name"] == "admin"


async def test_the_trail_has_changes_of_the_directory(service: Process, unique: str):
    body = {"slug": unique, "name": f"Ada {unique}", "email": f"{unique}@example.com"}
    assert (await service.post("/v1/people", body)).status == 201
    await service.post(f"/v1/people/{unique}/deactivate", {"reason": "left"})
    done = await service.cli("audit", "--format", "json")
    texts = [each["text"] for each in done.json if unique in each["text"]]
    assert texts == [
        f"The person {unique}: registered (name, email)",
        f"The person {unique}: deactivated",
    ]
    whole = [each["position"] for each in await service.get("/v1/audit")]
    assert whole == sorted(whole)
