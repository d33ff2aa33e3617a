"""`POST /v1/webhooks/{product}/{source}`: what each sender hears."""

import asyncio
import contextlib
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httptools
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from adapters.http.webhooks import webhook_routes
from adapters.products.registry import SOURCES
from handlers.kernel.ports import Unavailable
from support.patience import PATIENT_S

MIB = 1024 * 1024
PROBLEM = "application/problem+json"


@pytest.fixture
def app(desk) -> Litestar:
    return Litestar(webhook_routes(desk.reception, SOURCES))


@pytest.fixture
async def client(app) -> AsyncIterator[AsyncTestClient]:
    async with AsyncTestClient(app) as client:
        yield client


@pytest.fixture
def post(client, sign):
    """Posts a body as its authentic sender would."""

    async def posted(product: str, source: str, body: bytes, **headers: str) -> Any:
        shown = sign(product, body, headers).headers
        return await client.post(
            f"/v1/webhooks/{product}/{source}", content=body, headers=dict(shown)
        )

    return posted


def told(response: Any) -> tuple[int, str]:
    """Status and code of a problem document."""
    assert response.headers["content-type"].startswith(PROBLEM)
    document = response.json()
    assert document["status"] == response.status_code
    assert document["title"]
    assert document["detail"]
    return response.status_code, document["code"]


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("X-GZip", gzip.compress),
        ("deflate", zlib.compress),
        ("gzip, deflate", lambda body: zlib.compress(gzip.compress(body))),
    ],
)
async def test_a_compressed_body_is_kept_decoded_and_its_signature_is_over_what_was_sent(
    desk, post, pagerduty, coding, compress
):
    body = pagerduty("triggered")
    response = await post("pagerduty", "pd", compress(body), **{"Content-Encoding": coding})
    assert (response.status_code, (await desk.signal(1)).body) == (202, body)


async def test_another_coding_is_not_taken_and_the_sender_hears_which_are(desk, post, pagerduty):
    response = await post("pagerduty", "pd", pagerduty("triggered"), **{"Content-Encoding": "br"})
    assert told(response) == (415, "encoding.unsupported")
    assert response.headers["accept-encoding"] == "gzip, deflate"
    assert desk.counted["signals_refused", "pagerduty", "pd", "encoding"] == 1


async def test_a_body_that_expands_to_more_than_the_limit_is_too_large(post):
    bomb = gzip.compress(bytes(64 * MIB))
    response = await post("pagerduty", "pd", bomb, **{"Content-Encoding": "gzip"})
    assert told(response) == (413, "body.too_large")


async def test_an_authentic_delivery_is_stored_and_then_accepted(desk, post, pagerduty):
    body = pagerduty("triggered")
    response = await post("pagerduty", "pd", body, x_webhook_id="w-1")
    assert (response.status_code, response.json()) == (202, {"position": 1})
    signal = await desk.signal(1)
    assert signal.body == body
    assert signal.headers["x-webhook-id"] == "w-1"


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[]", b'{"messages": []}', b"\xff" * 100])
async def test_an_authentic_sender_is_answered_2xx_whatever_it_sends(desk, post, body):
    assert (await post("pagerduty", "pd", body)).status_code == 202
    assert (await desk.signal(1)).body == body


@pytest.mark.parametrize(
    "header", [{}, {"X-PagerDuty-Signature": "v1=00"}, {"X-PagerDuty-Signature": ""}]
)
async def test_a_bad_or_missing_signature_is_401_and_nothing_is_kept(desk, client, header):
    response = await client.post("/v1/webhooks/pagerduty/pd", content=b"{}", headers=header)
    assert told(response) == (401, "signature.invalid")
    assert await desk.signals.get(1) is None
    assert desk.counted["signals_refused", "pagerduty", "pd", "unauthentic"] == 1


async def test_a_tampered_body_is_401(client, sign):
    headers = dict(sign("pagerduty", b'{"a":1}', {}).headers)
    response = await client.post("/v1/webhooks/pagerduty/pd", content=b'{"a": 1}', headers=headers)
    assert told(response) == (401, "signature.invalid")


async def test_signatures_of_a_rotation_may_come_in_several_headers(client, sign):
    ours = dict(sign("pagerduty", b"{}", {}).headers)["x-pagerduty-signature"]
    response = await client.post(
        "/v1/webhooks/pagerduty/pd",
        content=b"{}",
        headers=[("X-PagerDuty-Signature", "v1=00"), ("X-PagerDuty-Signature", ours)],
    )
    assert response.status_code == 202


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"X-Commandpost-Secret": "a-public-test-secret"}, "", 202),
        ({"Authorization": "Bearer a-public-test-secret"}, "", 202),
        ({}, "?token=a-public-test-secret", 202),
        ({"X-Commandpost-Secret": "wrong"}, "", 401),
        ({}, "?token=wrong", 401),
        ({}, "", 401),
    ],
)
async def test_an_opsgenie_sender_shows_its_secret(desk, client, headers, query, status):
    url = f"/v1/webhooks/opsgenie/og{query}"
    response = await client.post(url, content=b"{}", headers=headers)
    assert response.status_code == status
    if status == 202:
        assert "a-public-test-secret" not in str((await desk.signal(1)).headers)


@pytest.mark.parametrize("path", ["pagerduty/nope", "pagerduty/og", "opsgenie/pd"])
async def test_an_unknown_source_is_404(client, path):
    response = await client.post(f"/v1/webhooks/{path}", content=b"{}")
    assert told(response) == (404, "source.unknown")


async def test_sixteen_mebibytes_fit_and_one_byte_more_does_not(desk, post):
    assert (await post("pagerduty", "pd", b"x" * 16 * MIB)).status_code == 202
    response = await post("pagerduty", "pd", b"x" * (16 * MIB + 1))
    assert told(response) == (413, "body.too_large")
    assert response.json()["rule"] == "at most 16777216 bytes"
    assert await desk.signals.get(2) is None
    assert desk.counted["signals_refused", "pagerduty", "pd", "too_large"] == 1


async def test_without_storage_the_sender_is_asked_to_try_again(desk, post, pagerduty):
    async def put(*_: object) -> int:
        raise Unavailable("no NATS")

    desk.signals.put = put
    response = await post("pagerduty", "pd", pagerduty("triggered"))
    assert told(response) == (503, "storage.unavailable")
    assert int(response.headers["retry-after"]) > 0
    assert desk.counted["signals_refused", "pagerduty", "pd", "unavailable"] == 1


class _Answer:
    """Reads one HTTP response."""

    def __init__(self) -> None:
        self.body = b""
        self.done = False

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.done = True


async def chunked(port: int, headers: dict[str, str], chunks: list[bytes]) -> tuple[int, Any]:
    """Send a body in chunks, without a length; return status and JSON of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [
        "POST /v1/webhooks/pagerduty/pd HTTP/1.1",
        "Host: localhost",
        "Transfer-Encoding: chunked",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    for chunk in [*chunks, b""]:
        writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        with contextlib.suppress(ConnectionError):
            await writer.drain()
    answer = _Answer()
    parser = httptools.HttpResponseParser(answer)
    while not answer.done and (data := await reader.read(65536)):
        parser.feed_data(data)
    writer.close()
    return parser.get_status_code(), json.loads(answer.body)


async def test_chunked_bodies_are_read_and_limited_on_a_real_server(
    desk, app, served, sign, pagerduty
):
    body = pagerduty("triggered")
    headers = dict(sign("pagerduty", body, {}).headers)
    async with served(app) as port:
        halves = [body[:50], body[50:]]
        assert await chunked(port, headers, halves) == (202, {"position": 1})
        assert (await desk.signal(1)).body == body

        status, problem = await chunked(port, headers, [b"x" * MIB] * 17)
        assert (status, problem["code"]) == (413, "body.too_large")
        status, _ = await chunked(port, headers, [b"x" * MIB] * 20)
        assert status == 413
        assert await desk.signals.get(2) is None

        assert (await chunked(port, headers, halves))[0] == 202, "and the server lives on"


@pytest.mark.parametrize(
    ("shown", "status"),
    [(b"X-PagerDuty-Signature: v1=00\r\n", b"413"), (b"X-PagerDuty-Signature: v0=00\r\n", b"401"),
     (b"", b"401")],
)  # fmt: skip
async def test_a_body_is_not_read_that_is_too_large_or_that_nobody_signed(
    app, served, shown: bytes, status: bytes
):
    """It is never sent."""
    length = b"99999999999" if shown else b"10"
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /v1/webhooks/pagerduty/pd HTTP/1.1\r\nHost: x\r\n"
            + shown
            + b"Content-Length: %s\r\n\r\n" % length
        )
        line = await asyncio.wait_for(reader.readline(), PATIENT_S)
        assert line.split()[1] == status
        writer.close()
