"""Which requests are answered at all: those that mean this service, and were not sent by a page of
another site. Without a login, this is what keeps a web page that a responder happens to open from
acting in their name.

- A page may bring the name of its site to an address of ours (DNS rebinding): then the browser
  names that site in `Host`. So a host is answered only if it is ours.
- A page may send a form, or a request that it cannot read the answer of: then the browser says so
  in `Sec-Fetch-Site`, or at least in `Origin`. This is the rule of Go's `CrossOriginProtection`
  (net/http/csrf.go). Programs send neither.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from litestar import Request

from adapters.http.problems import ProblemError

ANY = "*"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]*)?", re.IGNORECASE)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(NamedTuple):
    """Names that we are called by beside those of loopback and the address that is connected to
    (`ANY`: whatever they call us), and origins, `https://console.example.com`, whose pages may act.
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()


BY_ADDRESS = Access()
"""Without any configuration."""


def access_of(hosts: Iterable[str], origins: Iterable[str], *urls: str) -> Access:
    """From what is configured; `urls` are addresses under which we are reached, too."""
    named = {host.lower() for host in hosts} | {urlsplit(url).hostname or "" for url in urls}
    return Access(frozenset(named - {""}), frozenset(origin.lower() for origin in origins))


def check_host(request: Request[Any, Any, Any], access: Access) -> None:
    """Raises `ProblemError`. HTTP/1.0 knows requests without a host; no browser speaks it."""
    given = request.headers.getall("host", [])
    if not given and request.scope["http_version"] == "1.0":
        return
    host = _HOST.fullmatch(given[0]) if len(given) == 1 else None
    if not host:
        rule = "one Host: name or address, with or without a port"
        raise ProblemError(400, "host.invalid", "the request does not say what host it means",
            field="Host", rule=rule)  # fmt: skip
    name = host[1].strip("[]").lower().removesuffix(".")
    if ANY in access.hosts or name in LOOPBACK or name in access.hosts:
        return
    address, _ = request.scope["server"] or ("", 0)
    if name != address.removeprefix("::ffff:"):
        raise ProblemError(
            421, "host.not_allowed", f"this service is not known as {name}",
            field="Host", rule="a name of loopback, the address, or one of http_server.hosts",
        )  # fmt: skip


def check_site(request: Request[Any, Any, Any], access: Access) -> None:
    """Raises `ProblemError` if a page of another site asks for a change."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site in {"same-origin", "none"} or (site is None and origin is None):
        return
    if origin and origin.lower() in access.origins:
        return
    own = request.headers.get("host", "").lower()
    if site is None and origin and urlsplit(origin).netloc.lower() == own:
        return
    raise ProblemError(
        403, "origin.not_allowed", f"a page of {origin or 'another site'} may not act here",
        field="Origin", rule="the origin of this service, or one of http_server.origins",
    )  # fmt: skip
