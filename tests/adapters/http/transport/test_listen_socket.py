"""Without a host, only this machine is listened to; what is told is what is bound."""

import socket

import pytest

from adapters.config.settings import ConfigFault
from adapters.http.transport.listen_socket import open_listener


@pytest.mark.parametrize(
    ("http", "address", "url", "everywhere"),
    [
        (":0", "127.0.0.1", "http://127.0.0.1", False),
        ("127.0.0.1:0", "127.0.0.1", "http://127.0.0.1", False),
        ("localhost:0", "127.0.0.1", "http://localhost", False),
        ("127.0.0.2:0", "127.0.0.2", "http://127.0.0.2", False),
        ("[::1]:0", "[::1]", "http://[::1]", False),
        ("0.0.0.0:0", "0.0.0.0", "http://127.0.0.1", True),
        ("[::]:0", "[::]", "http://[::1]", True),
    ],
)
def test_what_is_bound_is_told(http: str, address: str, url: str, *, everywhere: bool):
    if "[" in http and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with open_listener(http) as listener:
        bound, port = listener.sock.getsockname()[:2]
        assert bound == address.strip("[]")
        assert listener.url == f"{url}:{port}"
        assert (listener.address, listener.everywhere) == (f"{address}:{port}", everywhere)


def test_a_taken_port_is_told():
    with open_listener(":0") as listener:
        listener.sock.listen()
        taken = listener.address
        with pytest.raises(ConfigFault, match="running already"), open_listener(taken):
            pass
