"""Requests over HTTP, as all channels make them: what an answer means, and what is told of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, TypeVar

import httpx2
import msgspec

from adapters.products.kit.outgoing import outgoing_transport
from adapters.products.kit.settings import SettingFault
from handlers.notify.channels import Permanent, Transient, Unusable

T = TypeVar("T")

TIMEOUT_S = 10.0
EXCERPT_BYTES = 300
AGAIN = frozenset({408, 420, 425, 429})
"""The client errors that pass: timeout, too early, too many (420: the same, as Statuspage says)."""
FORBIDDEN = frozenset({401, 403})


class Call(NamedTuple):
    """A request. Of the body of its answer `read_bytes` at most are of interest, of that of a
    refusal `refusal_bytes`.
    """

    method: str
    url: str
    headers: Mapping[str, str] = {}
    content: bytes = b""
    read_bytes: int = 0
    refusal_bytes: int = EXCERPT_BYTES


class WebAnswer(NamedTuple):
    """What came back; the body as far as it was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def taken(self) -> bool:
        """Whether the call was (2xx)."""
        return 200 <= self.status < 300

    @property
    def summary(self) -> str:
        """In a few words."""
        excerpt = self.body[:EXCERPT_BYTES].decode(errors="replace")
        return f"HTTP {self.status} {excerpt}".strip()


class Web:
    """Makes the calls of one channel. `secrets` never appear in what is told of a failure, and
    `unusable` are the statuses by which the other side refuses the channel, not the message.
    """

    def __init__(
        self,
        client: httpx2.AsyncClient,
        clock: Callable[[], datetime],
        *,
        secrets: Collection[str] = (),
        unusable: Collection[int] = FORBIDDEN,
    ) -> None:
        self._client = client
        self.clock = clock
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)
        self._unusable = unusable

    async def take(self, call: Call) -> WebAnswer:
        """The answer to a call that was taken (2xx).

        Raises `Transient` where trying again may help, `Unusable`, `Permanent`.
        """
        answer = await self.answer(call)
        if answer.taken:
            return answer
        raise self.failure(answer)

    async def answer(self, call: Call) -> WebAnswer:
        """The answer, whatever it says. Raises `Transient` when none comes."""
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._client.stream(
                    call.method, call.url, content=call.content, headers=_with_ours(call.headers)
                ) as answer,
            ):
                most = call.read_bytes if answer.is_success else call.refusal_bytes
                body = await _beginning(answer, most)
        except TimeoutError as error:
            raise Transient(f"no answer within {TIMEOUT_S:.0f} s") from error
        except httpx2.TransportError as error:
            raise Transient(self.redact(f"{type(error).__name__}: {error}")) from error
        return WebAnswer(answer.status_code, answer.headers, body)

    def decoded(self, answer: WebAnswer, kind: type[T]) -> T:
        """What an answer says in JSON. Raises `Transient` where that is no answer."""
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Transient(self.redact(f"not an answer: {answer.summary}")) from error

    def failure(self, answer: WebAnswer) -> Transient | Permanent:
        """What an answer other than 2xx means."""
        said, status = self.redact(answer.summary), answer.status
        if status >= 500 or status in AGAIN:
            return Transient(said, self.retry_after_s(answer))
        if status in self._unusable:
            return Unusable(said)
        if 300 <= status < 400:
            return Permanent(f"{said}: redirects are not followed, configure the final URL")
        return Permanent(said)

    def retry_after_s(self, answer: WebAnswer) -> float | None:
        """Seconds, or a date (RFC 9110, 10.2.3); None for what is neither."""
        header = answer.headers.get("retry-after")
        if header is None:
            return None
        if header.strip().isdecimal() and len(header) < 10:
            return float(header)
        try:
            until = parsedate_to_datetime(header)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - self.clock()).total_seconds())

    def redact(self, text: str) -> str:
        """The text without our secrets, which others like to repeat."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


@asynccontextmanager
async def client(networks: Sequence[str] | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """Connections of one channel's own, so that a slow receiver holds up no other; into which
    `networks` within they may lead, if it is not said by `reaching`.
    """
    async with httpx2.AsyncClient(
        timeout=TIMEOUT_S, follow_redirects=False, transport=outgoing_transport(networks)
    ) as opened:
        yield opened


@asynccontextmanager
async def open_web(clock: Callable[[], datetime], *secrets: str) -> AsyncIterator[Web]:
    """A `Web` over connections of its own."""
    async with client() as opened:
        yield Web(opened, clock, secrets=secrets)


def check_url(url: str, key: str = "url") -> str:
    """The URL. Raises `SettingFault`, which names the key of the configuration."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise SettingFault(f"{key}: {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise SettingFault(f"{key}: an http or https URL is needed")
    return url


def _with_ours(headers: Mapping[str, str]) -> dict[str, str]:
    return {"user-agent": "commandpost", **headers}


async def _beginning(answer: httpx2.Response, most: int) -> bytes:
    """So much of the body; it may go on for ever."""
    said = b""
    if most:
        async for chunk in answer.aiter_bytes():
            said += chunk
            if len(said) >= most:
                break
    return said[:most]
