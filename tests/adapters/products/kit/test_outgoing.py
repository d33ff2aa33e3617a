"""A name of the configuration leads outside, or into a network that is allowed."""

import asyncio
import os
import socket
from typing import Any

import httpx2
import pytest

from adapters.products.kit.outgoing import ByEnvironment, Guarded, outgoing_transport, reaching
from adapters.products.kit.web import client
from support.http_server import receiving


class Noting(httpx2.AsyncBaseTransport):
    """What would be connected to; the first `dead` addresses do not answer."""

    def __init__(self, dead: int = 0) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self._dead = dead

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        sni = request.extensions.get("sni_hostname")
        self.asked.append((request.url.host, request.headers["host"], sni))
        if len(self.asked) <= self._dead:
            raise httpx2.ConnectError("nobody there", request=request)
        return httpx2.Response(200)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names, and the addresses to which they lead."""
    names: dict[str, list[str]] = {}

    async def look_up(_: Any, name: str, port: int | None, **__: Any) -> list[Any]:
        if name not in names:
            raise socket.gaierror(-2, "Name or service not known")
        return [(0, 0, 0, "", (address, port or 0)) for address in names[name]]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)
    return names


async def connected(url: str, *networks: str, dead: int = 0) -> list[tuple[str, str, Any]]:
    noting = Noting(dead)
    with reaching(networks):
        allowed = outgoing_transport()
    assert isinstance(allowed, Guarded)
    allowed._inner = noting
    async with httpx2.AsyncClient(transport=allowed) as http:
        await http.post(url, content=b"{}")
    return noting.asked


WITHIN = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1",
    "64:ff9b::a00:1", "2002:a00:1::", "::7f00:1", "::", "fec0::1",
    "64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "2001:0:7f00:1::", "5f00::1", "168.63.129.16",
)  # fmt: skip


@pytest.mark.parametrize("address", WITHIN)
async def test_a_name_that_leads_within_is_not_connected_to(
    named: dict[str, list[str]], address: str
):
    named["hooks.example"] = [address]
    with pytest.raises(httpx2.ConnectError, match=r"within: \[outgoing\] networks"):
        await connected("https://hooks.example/x")


async def test_what_was_looked_at_is_what_is_connected_to(named: dict[str, list[str]]):
    named["hooks.example"] = ["10.0.0.7", "93.184.216.34", "2606:2800:220:1::1"]
    assert await connected("https://hooks.example:8443/x", dead=1) == [
        ("93.184.216.34", "hooks.example:8443", "hooks.example"),
        ("2606:2800:220:1::1", "hooks.example:8443", "hooks.example"),
    ]


async def test_networks_that_are_allowed_are_reached(named: dict[str, list[str]]):
    named["hooks.corp"] = ["10.0.0.7"]
    assert await connected("http://hooks.corp/x", "192.168.0.0/16", "fd00::/8", "10.0.0.0/8") == [
        ("10.0.0.7", "hooks.corp", "hooks.corp")
    ]


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "localhost."])
async def test_other_ways_to_write_an_address_within_are_names(
    named: dict[str, list[str]], host: str
):
    """What a resolver makes of them; of what is no address by the book, nothing is meant."""
    named[host] = ["127.0.0.1"]
    with pytest.raises(httpx2.ConnectError, match=r"within: \[outgoing\] networks"):
        await connected(f"https://{host}/x")


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "[::1]:9000", "localhost:9000", "10.0.0.7"])
async def test_an_address_that_is_configured_is_meant(named: dict[str, list[str]], host: str):
    ((_, asked, sni),) = await connected(f"http://{host}/x")
    assert (asked, sni) == (host, None)


async def test_a_name_that_nobody_knows_is_a_failure_that_may_pass(named: dict[str, list[str]]):
    with pytest.raises(httpx2.ConnectError, match="Name or service not known"):
        await connected("https://hooks.example/x")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without any proxy."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    return monkeypatch


async def routed(url: str) -> str:
    """Who connects: a `proxy`, or the service `itself`."""
    found = outgoing_transport()
    assert isinstance(found, ByEnvironment)
    itself, proxy = Noting(), Noting()
    found.direct = itself
    found._through = dict.fromkeys(found._through, proxy)  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=found) as http:
        await http.post(url, content=b"{}")
    return "proxy" if proxy.asked else "itself"


@pytest.mark.parametrize(
    ("variables", "url", "who"),
    [
        ({"https_proxy": "proxy.corp:3128"}, "https://hooks.example/x", "proxy"),
        ({"https_proxy": "http://proxy.corp:3128"}, "http://hooks.example/x", "itself"),
        ({"http_proxy": "http://proxy.corp:3128"}, "https://hooks.example/x", "itself"),
        ({"all_proxy": "http://proxy.corp:3128"}, "http://hooks.example/x", "proxy"),
        *(
            ({"https_proxy": "http://proxy.corp:3128", "no_proxy": excepted}, url, who)
            for excepted, url, who in (
                ("*", "https://hooks.example/x", "itself"),
                ("localhost, *.corp", "https://hooks.corp/x", "itself"),
                (".corp", "https://hooks.corp/x", "itself"),
                ("corp", "https://hooks.corp:8443/x", "itself"),
                ("Hooks.Corp:8443", "https://hooks.corp:8443/x", "itself"),
                ("10.0.0.7,::1", "https://[::1]/x", "itself"),
                ("corp", "https://hooks.acorp/x", "proxy"),
                ("", "https://hooks.corp/x", "proxy"),
            )
        ),
    ],
)
async def test_a_proxy_connects_where_the_environment_names_it_for_a_url(
    environment: pytest.MonkeyPatch, variables: dict[str, str], url: str, who: str
):
    for name, value in variables.items():
        environment.setenv(name, value)
    assert await routed(url) == who


async def test_what_no_proxy_connects_is_looked_at(
    environment: pytest.MonkeyPatch, named: dict[str, list[str]]
):
    """A proxy for one scheme, or an exception, opens no way within."""
    named["hooks.corp"] = ["169.254.169.254"]
    environment.setenv("https_proxy", "http://proxy.corp:3128")
    environment.setenv("no_proxy", "hooks.corp")
    async with client() as http:
        for url in ("http://hooks.corp/x", "https://hooks.corp/x"):
            with pytest.raises(httpx2.ConnectError, match=r"within: \[outgoing\] networks"):
                await http.post(url, content=b"{}")


async def test_a_real_receiver_hears_the_name_that_was_meant(named: dict[str, list[str]]):
    async with receiving() as receiver, client(("127.0.0.0/8",)) as http:
        named["hooks.corp"] = ["127.0.0.1"]
        port = httpx2.URL(receiver.url).port
        assert (await http.post(f"http://hooks.corp:{port}/x", content=b"{}")).is_success
        assert receiver.requests[-1].headers["host"] == f"hooks.corp:{port}"
