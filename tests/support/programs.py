"""What a program of others does with the Python package."""

from typing import Any, TypeVar

from commandpost_client import AsyncCommandpost, Options
from commandpost_client.wire import Call
from support.service_process import Process

T = TypeVar("T")


def options(service: Process, **more: Any) -> Options:
    """Those of a program that was given a token."""
    given = {"url": service.where["http_url"], "token": service.token, "actor": "slo", **more}
    return Options(**given)


async def asked(service: Process, call: Call[T]) -> T:
    """What a program is answered."""
    async with AsyncCommandpost(options(service)) as commandpost:
        return await commandpost.ask(call)
