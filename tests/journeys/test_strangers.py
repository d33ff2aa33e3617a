"""Pages of other sites, and whoever takes this service for another one, change nothing."""

import json
from typing import Any

import pytest

from support.raw_http import Answered, as_admin, connection, request
from support.service_process import Process
from support.webhooks import page, signature

FORM = "application/x-www-form-urlencoded"
DECLARE = json.dumps({"title": "Checkout is down", "severity": "SEV1"}).encode()


async def asked(service: Process, sent: bytes) -> Answered:
    async with connection(service.where["http_url"]) as opened:
        await opened.send(as_admin(sent, service.shown))
        return await opened.answer()


def assert_problem(answered: Answered, status: int, code: str, field: str) -> None:
    assert answered.status == status, answered
    assert answered.headers["content-type"] == "application/problem+json"
    assert (answered.body["code"], answered.body["field"]) == (code, field)
    assert answered.body["rule"]


REFUSED: dict[str, tuple[dict[str, str], int, str, str]] = {
    "a form of another site": (
        {"content_type": FORM, "sec_fetch_site": "cross-site", "origin": "https://evil.example"},
        403, "origin.not_allowed", "Origin",
    ),
    "a form in an old browser": (
        {"content_type": "text/plain", "origin": "https://evil.example"},
        403, "origin.not_allowed", "Origin",
    ),
    "JSON of another site": (
        {"sec_fetch_site": "cross-site"}, 403, "origin.not_allowed", "Origin",
    ),
    "another service on this machine": (
        {"host": "localhost:8080", "origin": "http://localhost:3000"},
        403, "origin.not_allowed", "Origin",
    ),
    "a name of another site": (
        {"host": "evil.example:8080", "origin": "http://evil.example:8080",
         "sec_fetch_site": "same-origin"},
        421, "host.not_allowed", "Host",
    ),
    "no host": ({"host": ""}, 400, "host.invalid", "Host"),
    "a form": ({"content_type": FORM}, 415, "media_type.unsupported", "Content-Type"),
    "text": ({"content_type": "text/plain"}, 415, "media_type.unsupported", "Content-Type"),
    "no type": ({"content_type": ""}, 415, "media_type.unsupported", "Content-Type"),
    "JSON in name": (
        {"content_type": "text/json"}, 415, "media_type.unsupported", "Content-Type"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
async def test_a_stranger_declares_nothing(service: Process, case: Any):
    headers, status, code, field = case
    before = await service.head()
    answered = await asked(service, request("POST", "/v1/incidents", DECLARE, **headers))
    assert_problem(answered, status, code, field)
    assert await service.head() == before


@pytest.mark.parametrize("command", ["acknowledge", "preview_update", "unheard_of"])
async def test_no_command_takes_a_form_not_even_an_empty_one(service: Process, command: str):
    ref = (await service.declare())["reference"]
    before = await service.head()
    for body in (b"", b"a=b"):
        sent = request("POST", f"/v1/incidents/{ref}/{command}", body, content_type=FORM)
        assert_problem(await asked(service, sent), 415, "media_type.unsupported", "Content-Type")
    for path in ("/v1/quarantine/1/replay", "/v1/quarantine/1/discard"):
        sent = request("POST", path, b"", content_type=FORM)
        assert_problem(await asked(service, sent), 415, "media_type.unsupported", "Content-Type")
    assert await service.head() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content_type": "application/json; charset=utf-8"},
        {"content_type": "Application/JSON"},
        {"content_type": "application/vnd.example.v1+json"},
        {"origin": "http://localhost:8080", "host": "localhost:8080"},
        {"origin": "https://localhost", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"host": "[::1]:8080"},
        {"host": "127.0.0.1"},
    ],
)
async def test_programs_and_our_own_pages_act(service: Process, headers: dict[str, str]):
    answered = await asked(service, request("POST", "/v1/incidents", DECLARE, **headers))
    assert answered.status == 201
    path = f"/v1/incidents/{answered.body['reference']}/acknowledge"
    acknowledged = await asked(service, request("POST", path, b"", content_type=""))
    assert acknowledged.status == 200


async def test_nothing_is_read_under_the_name_of_another_site(service: Process):
    for path in ("/v1/incidents", "/metrics", "/openapi.json", "/status", "/health/ready"):
        answered = await asked(service, request("GET", path, host="evil.example"))
        assert_problem(answered, 421, "host.not_allowed", "Host")
        assert (await asked(service, request("GET", path))).status == 200
        from_elsewhere = {"sec_fetch_site": "cross-site", "origin": "https://evil.example"}
        assert (await asked(service, request("GET", path, **from_elsewhere))).status == 200


async def test_a_webhook_comes_in_whatever_type_its_product_writes(service: Process):
    for kind in ("application/json", FORM, "text/plain", ""):
        body = page("triggered", f"Q{len(kind)}STR", f"ev-{len(kind)}-str")
        headers = {**signature(body), "content_type": kind}
        sent = request("POST", "/v1/webhooks/pagerduty/pd", body, **headers)
        assert (await asked(service, sent)).status == 202
    sent = request(
        "POST", "/v1/webhooks/pagerduty/pd", body, **signature(body), sec_fetch_site="cross-site"
    )
    assert_problem(await asked(service, sent), 403, "origin.not_allowed", "Origin")
