"""A question over HTTP and its answer, with the standard library alone: it is imported in a
third of the time that a client of more comfort takes.
"""

import http.client
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlencode, urlsplit

from adapters.cli.over_http.failures import UNAVAILABLE, CommandFailed, refusal
from adapters.cli.over_http.place import Place

TIMEOUT_S = 30.0
ATTEMPTS = 3
PAUSE_S = 0.3

Query = Sequence[tuple[str, str]]


class Reply(NamedTuple):
    """An answer; names of headers are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The document in it; None where it is none."""
        return _document(self.body)


class Wire(Protocol):
    """A way to the application: over a socket, or within this process. Raises `CommandFailed`."""

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply: ...

    def stream(self, target: str, headers: Mapping[str, str]) -> http.client.HTTPResponse: ...


class Socket:
    """One connection for each request: a command has one or two of them."""

    def __init__(self, url: str) -> None:
        self._url, self._parts = url, urlsplit(url)

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        """Where the connection is lost, again: every command has a key by which it counts once."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                connection, answered = self._open(method, target, headers, body)
                with closing(connection):
                    found = {name.lower(): value for name, value in answered.getheaders()}
                    return Reply(answered.status, found, answered.read())
            except (http.client.HTTPException, ConnectionResetError, BrokenPipeError) as error:
                if attempt == ATTEMPTS:
                    raise self._unreachable(error) from error
                time.sleep(PAUSE_S * attempt)
            except OSError as error:
                raise self._unreachable(error) from error
        raise AssertionError("the last attempt returns or raises")

    def stream(self, target: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """An answer whose lines come as things happen; the connection ends with it."""
        try:
            return self._open("GET", target, headers, None)[1]
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    def _open(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """A request that has been sent, and the beginning of its answer."""
        connection = self._connection()
        connection.request(method, f"{self._parts.path}{target}", body, dict(headers))
        return connection, connection.getresponse()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        proxy = _proxy_for(host)
        if proxy is None:
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S)
        through = http.client.HTTPSConnection(proxy.hostname or "", proxy.port, timeout=TIMEOUT_S)
        through.set_tunnel(host, port)
        return through

    def _unreachable(self, error: Exception) -> CommandFailed:
        said = "it took too long" if isinstance(error, TimeoutError) else str(error)
        if isinstance(error, socket.gaierror):
            said = f"no such host: {error.strerror}"
        return CommandFailed(UNAVAILABLE, f"no answer from {self._url}: {said}")


class Service:
    """The service as commands ask it. Every method raises `CommandFailed`."""

    def __init__(self, wire: Wire, place: Place) -> None:
        self._wire, self.place = wire, place

    def get(self, path: str, query: Query = ()) -> Reply:
        """The answer to a question."""
        return self._asked("GET", target_of(path, query), {}, None)

    def rows(self, path: str, query: Query, member: str | None, most: int | None) -> list[Any]:
        """The rows of a list, page by page; `member` of each page holds them, where it is no list
        itself.
        """
        found: list[Any] = []
        target: str | None = target_of(path, query)
        while target is not None:
            reply = self._asked("GET", target, {}, None)
            page = reply.json()
            found += page if member is None else page[member]
            if most is not None and len(found) >= most:
                return found[:most]
            target = _next(reply.headers.get("link", ""))
        return found

    def post(
        self, path: str, body: Any, *, key: str | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """The answer to a command, which counts once however often it is sent."""
        more = {
            **headers,
            "Content-Type": "application/json",
            "Idempotency-Key": key or secrets.token_hex(16),
        }
        return self._asked("POST", target_of(path), more, json.dumps(body).encode())

    def stream(self, target: str) -> http.client.HTTPResponse:
        """The beginning of an answer that goes on as things happen."""
        headers = {**self.headers(), "Accept": "text/event-stream"}
        answered = self._wire.stream(target, headers)
        if answered.status >= 400:
            raise refusal(answered.status, _document(answered.read()), self.place.shown_by)
        return answered

    def head(self) -> int:
        """The position of the last commit in the log, up to which answers are to be."""
        reply = self._wire.send("GET", "/health/ready", self.headers(), None)
        found = reply.json()
        if isinstance(found, dict) and isinstance(found.get("log"), dict):
            return int(found["log"].get("head") or 0)
        return 0

    def headers(self) -> dict[str, str]:
        """Those of every request."""
        shown = {"Authorization": f"Bearer {self.place.token}"} if self.place.token else {}
        return {"Accept": "application/json", "User-Agent": "commandpost-cli", **shown}

    def _asked(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        reply = self._wire.send(method, target, {**self.headers(), **headers}, body)
        if 300 <= reply.status < 400:
            to = reply.headers.get("location", "elsewhere")
            raise CommandFailed(
                UNAVAILABLE, f"{self.place.url} leads to {to}: name that as the URL"
            )
        if reply.status >= 400:
            raise refusal(reply.status, reply.json(), self.place.shown_by)
        return reply


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def target_of(path: str, query: Query = ()) -> str:
    """A path with its query, as a request has them."""
    asked = urlencode([(name, value) for name, value in query])
    return f"{path}?{asked}" if asked else path


def segment(text: str) -> str:
    """What somebody has named, as a part of a path."""
    return quote(text, safe="")


def _next(links: str) -> str | None:
    """The target of the link to the next page (RFC 8288)."""
    for link in links.split(","):
        target, _, attributes = link.partition(";")
        if 'rel="next"' in attributes:
            parts = urlsplit(target.strip().strip("<>"))
            return f"{parts.path}?{parts.query}"
    return None


def _proxy_for(host: str) -> Any:
    """The proxy through which the system reaches a host over TLS, if any."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - most have none

    proxy = getproxies().get("https")
    return urlsplit(proxy) if proxy and not proxy_bypass(host) else None


def lines_of(answered: http.client.HTTPResponse) -> Iterator[str]:
    """The lines of an answer that does not end."""
    while raw := answered.readline():
        yield raw.decode("utf-8", "replace").rstrip("\r\n")
