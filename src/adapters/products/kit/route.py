"""Routes of a product's own, as values: which address, and what is answered there."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec

from handlers.ingest.receive import InboundRequest

Read = Callable[[], Awaitable[InboundRequest]]
"""Reads the request. A body that is too large raises, and is answered for the product."""


class RouteReply(NamedTuple):
    """What is answered: an HTTP status, and what becomes JSON; bytes stay as they are, and are of
    the type `media`.
    """

    status: int
    content: Any
    media: str = "application/json"


class RouteRefused(Exception):  # noqa: N818 - answered, with a problem document
    """A request is not answered: the HTTP status, a stable code, and why."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """`POST <path>`, and how it is described. `respond` gets the request, still to be read, and its
    correlation id; it raises `RouteRefused`.
    """

    path: str
    operation_id: str
    tag: str
    summary: str
    description: str
    respond: Callable[[Read, str], Awaitable[RouteReply]]
