"""The client for programs without asyncio.

Written from asynchronous.py by scripts/client_models.py. Do not edit.
"""

from collections.abc import Iterator
from datetime import datetime
from time import sleep
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2

from commandpost_client.asking import FOLLOW_TIMEOUT_S, Options
from commandpost_client.errors import Unavailable
from commandpost_client.event_stream import LogEvent, Reading
from commandpost_client.models import SignalData
from commandpost_client.retries import wait_s
from commandpost_client.wire import Call, Command, command_call, next_page, read_answer, signal_call

T = TypeVar("T")


class Commandpost:
    """`with Commandpost(Options(url=…, token=…)) as commandpost: …`"""

    def __init__(
        self, options: Options | None = None, *, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._options = options or Options()
        self._http = httpx2.Client(
            base_url=self._options.base_url(),
            headers=self._options.headers(),
            timeout=self._options.timeout_s,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, command: Command[T], ref: str | None = None, *, key: str | None = None) -> T:
        """Do a command on `ref` (`INC-1`, an id, a slug); none opens something new. With the same
        `key` it is done once, however often it is sent. Raises `Refused`, `Unavailable`.
        """
        return self.ask(command_call(command, ref, key))

    def signal(
        self, to: str, data: SignalData, *, event_id: str | None = None, at: datetime | None = None
    ) -> None:
        """Tell the source `to` that something is wrong, seen to or over. It returns when the signal
        is stored; with the same `event_id` it counts once. Raises `Refused`, `Unavailable`.
        """
        stored = self.ask(signal_call(to, data, event_id, at, self._options))
        stored.check()

    def ask(self, call: Call[T]) -> T:
        """The answer to a question, one of `reads`. Raises `Refused`, `Unavailable`."""
        answer, _ = self._page(call)
        return answer

    def pages(self, call: Call[T]) -> Iterator[T]:
        """The answers to a question whose answer has pages, as they are asked for: the first, and
        those to which it leads. Raises `Refused`, `Unavailable`.
        """
        following: Call[T] | None = call
        while following:
            answer, link = self._page(following)
            yield answer
            following = next_page(call, link)

    def _page(self, call: Call[T]) -> tuple[T, str | None]:
        for planned in self._options.retries.waits():
            try:
                return self._asked(call)
            except Unavailable as error:
                sleep(wait_s(planned, error.retry_after_s))
        return self._asked(call)

    def _asked(self, call: Call[T]) -> tuple[T, str | None]:
        """An answer, and the address of its next page, if it has one."""
        try:
            reply = self._http.request(
                call.method,
                call.path,
                params=dict(call.query) or None,
                headers=dict(call.headers),
                content=call.content,
            )
        except httpx2.HTTPError as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        answer = read_answer(call, reply.status_code, reply.headers, reply.content)
        return answer, reply.links.get("next", {}).get("url")

    def follow(self, ref: str, *, after: str = "") -> Iterator[LogEvent]:
        """The events of an incident as they are recorded, each once and in turn, from the first one
        or behind the place `after` of one. A lost connection is taken up where it broke, for as
        long as the retries allow without a word. Raises `Refused`, `Unavailable`.
        """
        reading = Reading(after)
        waits = self._options.retries.waits()
        while True:
            try:
                for event in self._followed(ref, reading):
                    waits = self._options.retries.waits()
                    yield event
                broken = Unavailable("the stream has ended")
            except Unavailable as error:
                broken = error
            planned = next(waits, None)
            if planned is None:
                raise broken
            sleep(wait_s(planned, broken.retry_after_s))

    def _followed(self, ref: str, reading: Reading) -> Iterator[LogEvent]:
        path = f"/v1/incidents/{quote(ref, safe='')}/events"
        headers = {"Accept": "text/event-stream"}
        reading.begin()
        if reading.last:
            headers["Last-Event-ID"] = reading.last
        timeout = httpx2.Timeout(self._options.timeout_s, read=FOLLOW_TIMEOUT_S)
        try:
            with self._http.stream("GET", path, headers=headers, timeout=timeout) as reply:
                if not reply.is_success:
                    content = reply.read()
                    read_answer(Call(path, Any), reply.status_code, reply.headers, content)
                for line in reply.iter_lines():
                    if event := reading.line(line):
                        yield event
        except httpx2.HTTPError as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
