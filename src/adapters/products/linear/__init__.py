"""Linear's issues, both ways: action items become issues, and issues say that they are done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Host, Opening
from adapters.products.kit.route import Route
from adapters.products.kit.tracker import Tracker, check
from adapters.products.linear.settings import LinearSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.tracker_routes import TrackerHook


def _open(name: str, settings: LinearSettings, _: TextIO, clock: Clock) -> "Opening[Tracker]":
    from adapters.products.linear.api import open_linear  # noqa: PLC0415

    return open_linear(name, settings, clock)


def hook() -> "TrackerHook":
    """How Linear tells us."""
    from adapters.products.linear.linear_news import HOOK  # noqa: PLC0415

    return HOOK


def _routes(configured: Sequence[LinearSettings], host: Host) -> Sequence[Route]:
    from adapters.products.kit.tracker_routes import tracker_routes  # noqa: PLC0415

    return tracker_routes(hook(), configured, host)


CHANNEL = ChannelKind(
    settings=LinearSettings,
    open=_open,
    # 2,500 requests an hour; a message may take four.
    pace=Pace(per_minute=10, burst=10, reserved=0),
    check=check,
    routes=_routes,
)
