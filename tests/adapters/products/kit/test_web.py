"""What the answers of a server mean, whatever the channel."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from adapters.products.kit import web as module
from adapters.products.kit.web import Call, Web, client
from handlers.notify.channels import Permanent, Transient, Unusable
from support.http_server import Answer, Receiver, receiving
from support.messages import NOON

KEY = "a-key-that-nobody-may-see"


class Ends(NamedTuple):
    web: Web
    receiver: Receiver

    async def take(self, answer: Answer, read_bytes: int = 0) -> module.WebAnswer:
        self.receiver.answer = answer
        return await self.web.take(Call("POST", self.receiver.url, {}, b"{}", read_bytes))


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    async with receiving() as end, client() as opened:
        yield Ends(Web(opened, lambda: NOON, secrets=(KEY,)), end)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_taken(ends: Ends, status: int) -> None:
    body = b"" if status == 204 else b"thanks"
    taken = await ends.take(Answer(status=status, body=body), read_bytes=100)
    assert (taken.status, taken.body) == (status, body)


@pytest.mark.parametrize("status", [408, 420, 425, 429, 500, 502, 503, 504])
async def test_what_may_pass_is_transient(ends: Ends, status: int) -> None:
    with pytest.raises(Transient, match=f"HTTP {status} try later") as failure:
        await ends.take(Answer(status=status, body=b"try later"))
    assert failure.value.retry_after_s is None
    assert not isinstance(failure.value, Unusable)


@pytest.mark.parametrize("status", [400, 404, 410, 413, 422])
async def test_what_will_not_pass_is_permanent(ends: Ends, status: int) -> None:
    with pytest.raises(Permanent, match=f"HTTP {status} never"):
        await ends.take(Answer(status=status, body=b"never"))


@pytest.mark.parametrize("status", [401, 403])
async def test_who_refuses_our_credentials_refuses_the_channel(ends: Ends, status: int) -> None:
    with pytest.raises(Unusable, match=f"HTTP {status}"):
        await ends.take(Answer(status=status))


async def test_redirects_are_not_followed(ends: Ends) -> None:
    """A signed message goes where it was addressed, and nowhere else."""
    headers = {"location": f"{ends.receiver.url}/else"}
    with pytest.raises(Permanent, match="redirects are not followed"):
        await ends.take(Answer(status=307, headers=headers))
    assert len(ends.receiver.requests) == 1


@pytest.mark.parametrize(
    ("header", "expected_s"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 50, None),
        ("Mon, 04 May 2026 12:01:30 GMT", 90.0),
        ("Mon, 04 May 2020 12:01:30 GMT", 0.0),
    ],
)
async def test_retry_after_in_seconds_or_as_a_date(
    ends: Ends, header: str, expected_s: float | None
) -> None:
    with pytest.raises(Transient) as failure:
        await ends.take(Answer(status=429, headers={"retry-after": header}))
    assert failure.value.retry_after_s == expected_s


async def test_an_answer_that_does_not_come_is_transient(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.2)
    with pytest.raises(Transient, match="no answer within"):
        await ends.take(Answer(wait_s=2.0))


async def test_a_connection_that_is_dropped_or_refused_is_transient(ends: Ends) -> None:
    with pytest.raises(Transient, match="RemoteProtocolError"):
        await ends.take(Answer(status=0))
    with pytest.raises(Transient, match="ConnectError"):
        await ends.web.take(Call("GET", "http://127.0.0.1:1/"))


async def test_an_answer_that_breaks_off_counts_only_for_those_who_read_it(ends: Ends) -> None:
    torn = Answer(status=200, body=b'{"ok":', cut_bytes=6)
    assert (await ends.take(torn)).status == 200
    with pytest.raises(Transient, match="RemoteProtocolError"):
        await ends.take(torn, read_bytes=100)


async def test_a_body_that_goes_on_for_ever_is_cut_short(ends: Ends) -> None:
    endless = b"x" * 1_000_000
    with pytest.raises(Permanent) as refusal:
        await ends.take(Answer(status=400, body=endless))
    assert len(str(refusal.value)) < 400
    assert len((await ends.take(Answer(status=200, body=endless), read_bytes=500)).body) == 500


async def test_secrets_that_a_server_repeats_are_not_told(ends: Ends) -> None:
    for status in (400, 401, 503):
        with pytest.raises((Transient, Permanent)) as failure:
            await ends.take(Answer(status=status, body=f"no such key: {KEY}".encode()))
        assert str(failure.value) == f"HTTP {status} no such key: [secret]"
