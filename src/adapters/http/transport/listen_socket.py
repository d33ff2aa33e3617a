"""The socket that the service listens on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from adapters.config.settings import ConfigFault, host_and_port

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared only
"""Addresses that stand for all interfaces, and how this machine reaches them."""


class Listener(NamedTuple):
    """A bound socket, the URL that reaches it from this machine, and what it is bound to; whether
    that is all interfaces.
    """

    sock: socket.socket
    url: str
    address: str
    everywhere: bool


@contextmanager
def open_listener(http: str) -> Iterator[Listener]:
    """Bind, so that a taken port is told before anything is started. Raises `ConfigFault`."""
    host, port = host_and_port(http)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError as error:
            raise ConfigFault(
                f"http: cannot listen on {http}: {error.strerror}; is Commandpost running already?"
                " For another port: --http HOST:PORT"
            ) from error
        address, port = sock.getsockname()[:2]
        reached = _bracketed(_ANYWHERE.get(address, host))
        yield Listener(
            sock, f"http://{reached}:{port}", f"{_bracketed(address)}:{port}", address in _ANYWHERE
        )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
