"""Linear's issues, both ways: action items become issues, and issues say that they are done."""

from typing import TYPE_CHECKING

from adapters.products.kit.tracker_channel import tracker_channel
from adapters.products.linear.settings import LinearSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.tracker_routes import TrackerHook
    from adapters.products.linear.api import LinearApi


def _api() -> "type[LinearApi]":
    from adapters.products.linear.api import LinearApi  # noqa: PLC0415

    return LinearApi


def _hook() -> "TrackerHook":
    from adapters.products.linear.linear_news import HOOK  # noqa: PLC0415

    return HOOK


CHANNEL = tracker_channel(
    LinearSettings,
    api=_api,
    hook=_hook,
    # 2,500 requests an hour; a message may take four.
    pace=Pace(per_minute=10, burst=10, reserved=0),
)
