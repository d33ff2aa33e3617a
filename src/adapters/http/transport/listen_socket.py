"""The socket that the service listens on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.config.settings import ConfigFault, host_and_port


@contextmanager
def open_listener(http: str) -> Iterator[tuple[socket.socket, str]]:
    """A bound socket and its URL, so that a taken port is told before anything is started."""
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
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared only
        shown = f"[{shown}]" if ":" in shown else shown
        yield sock, f"http://{shown}:{sock.getsockname()[1]}"
