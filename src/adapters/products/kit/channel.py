"""What a product that something is sent to exports as its `CHANNEL`."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TextIO, TypeVar

import msgspec

from adapters.products.kit.route import Route
from adapters.products.kit.settings import ChannelSettings
from handlers.entrance.service import Service
from handlers.notify.channels import Channel, Pace

if TYPE_CHECKING:  # 0.1 s for those who send something
    from httpx2 import AsyncClient

S = TypeVar("S", bound=ChannelSettings)
C = TypeVar("C", bound=Channel)

Clock = Callable[[], datetime]
Opening = AbstractAsyncContextManager[Sequence[C]]
Open = Callable[[str, S, TextIO, Clock], Opening[C]]
"""Opens the channels that one configured channel stands for: its name, its settings, where
something can be printed, and what time it is. Raises `SettingFault`.
"""


class Host(NamedTuple):
    """The service that routes belong to, and what it lends them."""

    service: Service
    client: "AsyncClient"
    clock: Clock
    new_id: Callable[[], str]


def nobody_named(_: object) -> tuple[str, ...]:
    """Most channels lead to one place, which the log may name."""
    return ("",)


def no_routes(_: object, __: Host) -> tuple[Route, ...]:
    """Most products ask nothing of us."""
    return ()


class ChannelKind(msgspec.Struct, Generic[S, C], frozen=True, kw_only=True):
    """One `kind` of `[channels.<name>]`, which its settings name: how it is opened, and how fast it
    may be used. `recipients` are for people who ask where each opened channel leads. `check` looks
    whether a channel works where test messages would be seen by the public. `routes` are for what
    the product asks of us, given all configured channels of this kind.
    """

    settings: type[S]
    open: Open[S, C]
    pace: Pace = Pace()
    recipients: Callable[[S], Sequence[str]] = nobody_named
    check: Callable[[C], Awaitable[str]] | None = None
    routes: Callable[[Sequence[S], Host], Sequence[Route]] = no_routes

    @property
    def kind(self) -> str:
        return str(self.settings.__struct_config__.tag)


AnyChannelKind = ChannelKind[Any, Any]
