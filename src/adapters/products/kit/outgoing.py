"""Where channels connect to. A name may come to stand for an address within, by mistake or because
somebody else keeps it; whoever answers there takes a page for a request of ours.

An address that the configuration itself names, and `localhost`, are meant. A name has to lead
outside, or into one of the networks that are allowed.
"""

import asyncio
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.request import getproxies

import httpx2

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_TRANSLATED = (
    ip_network("64:ff9b::/96"),  # RFC 6052: an IPv4 address behind a translator
    ip_network("::ffff:0:0:0/96"),  # RFC 2765, 2.1: behind a stateless one
    ip_network("::/96"),  # RFC 4291, 2.5.5.1
)
_WITHIN: tuple[Network, ...] = (  # of which `is_global` does not know, or says that they are
    ip_network("64:ff9b:1::/48"),  # RFC 8215: behind a translator within
    ip_network("5f00::/16"),  # RFC 9602: segments of routes
    ip_network("3fff::/20"),  # RFC 9637: documents
    ip_network("168.63.129.16/32"),  # what Azure's machines ask about themselves
)
_ALLOWED: ContextVar[tuple[Network, ...]] = ContextVar("allowed networks", default=())


@contextmanager
def reaching(networks: Sequence[str]) -> Iterator[None]:
    """Clients that are opened meanwhile may connect into these networks as well."""
    token = _ALLOWED.set(tuple(map(ip_network, networks)))
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def outgoing_transport(networks: Sequence[str] | None = None) -> httpx2.AsyncBaseTransport:
    """What connects only where it may. Where the environment names a proxy for a URL, the proxy
    connects, which knows names that we do not.
    """
    allowed = _ALLOWED.get() if networks is None else tuple(map(ip_network, networks))
    guarded, proxies = Guarded(allowed), getproxies()
    named = proxies.keys() & {"http", "https", "all"}
    return ByEnvironment(proxies, guarded) if named else guarded


class ByEnvironment(httpx2.AsyncBaseTransport):
    """Through the proxy that the environment names for a URL (`HTTPS_PROXY`, `HTTP_PROXY`,
    `ALL_PROXY`), else `direct`; so is what `NO_PROXY` excepts.
    """

    def __init__(self, proxies: Mapping[str, str], direct: httpx2.AsyncBaseTransport) -> None:
        self.direct = direct
        named = (each.strip().lower() for each in proxies.get("no", "").split(","))
        self._excepted = {each.removeprefix("*.").lstrip(".") for each in named} - {""}
        self._through = {
            scheme: httpx2.AsyncHTTPTransport(proxy=url if "://" in url else f"http://{url}")
            for scheme in ("http", "https", "all")
            if (url := proxies.get(scheme))
        }

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises what the transport raises that is chosen."""
        url = request.url
        through = self._through.get(url.scheme) or self._through.get("all")
        if through is None or self._is_excepted(url):
            return await self.direct.handle_async_request(request)
        return await through.handle_async_request(request)

    def _is_excepted(self, url: httpx2.URL) -> bool:
        """As a name, with its port, or below a domain; `*` is everything."""
        parts = url.host.split(".")
        domains = {".".join(parts[place:]) for place in range(len(parts))}
        return bool(self._excepted & {"*", f"{url.host}:{url.port}", *domains})

    async def aclose(self) -> None:
        for each in (self.direct, *self._through.values()):
            await each.aclose()


class Guarded(httpx2.AsyncBaseTransport):
    """Looks a name up once, and connects to the address that it has looked at."""

    def __init__(
        self, allowed: Sequence[Network] = (), inner: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._allowed = allowed
        self._inner = inner or httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises `ConnectError` where the name leads only within."""
        name = request.url.host
        if is_meant(name):
            return await self._inner.handle_async_request(request)
        addresses = await self._addresses(request)
        request.extensions = {**request.extensions, "sni_hostname": name}
        for address in addresses[:-1]:
            request.url = request.url.copy_with(host=address)
            try:
                return await self._inner.handle_async_request(request)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue  # nothing was sent: the next address of the name may answer
        request.url = request.url.copy_with(host=addresses[-1])
        return await self._inner.handle_async_request(request)

    async def _addresses(self, request: httpx2.Request) -> list[str]:
        """Those that a name leads to and that may be connected to, at least one."""
        name = request.url.host
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                name, request.url.port, type=socket.SOCK_STREAM
            )
        except (socket.gaierror, UnicodeError) as error:
            raise httpx2.ConnectError(f"{name}: {error}", request=request) from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        outside = [each for each in addresses if self._may_reach(ip_address(each))]
        if not outside:
            raise httpx2.ConnectError(
                f"{name} leads to {', '.join(addresses)}, within: [outgoing] networks does not"
                " allow that",
                request=request,
            )
        return outside

    def _may_reach(self, address: Address) -> bool:
        plain = _plain(address)
        if any(plain in network for network in self._allowed):
            return True
        if any(plain in network for network in _WITHIN):
            return False
        site_local = isinstance(plain, IPv6Address) and plain.is_site_local  # RFC 3879
        return plain.is_global and not plain.is_multicast and not site_local

    async def aclose(self) -> None:
        await self._inner.aclose()


def is_meant(host: str) -> bool:
    """Whether a host is connected to as it is: an address, or this machine."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it stands for one."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in _TRANSLATED):
            return IPv4Address(int(address) & 0xFFFF_FFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine and no other one: a name but `localhost` may lead anywhere."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
