"""GitHub's issues, both ways: action items become issues, and issues say that they are done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.github.settings import GitHubSettings
from adapters.products.kit.channel import ChannelKind, Clock, Host, Opening
from adapters.products.kit.route import Route
from adapters.products.kit.tracker import Tracker, check
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.tracker_routes import TrackerHook


def _open(name: str, settings: GitHubSettings, _: TextIO, clock: Clock) -> "Opening[Tracker]":
    from adapters.products.github.api import open_github  # noqa: PLC0415

    return open_github(name, settings, clock)


def hook() -> "TrackerHook":
    """How GitHub tells us."""
    from adapters.products.github.github_news import HOOK  # noqa: PLC0415

    return HOOK


def _routes(configured: Sequence[GitHubSettings], host: Host) -> Sequence[Route]:
    from adapters.products.kit.tracker_routes import tracker_routes  # noqa: PLC0415

    return tracker_routes(hook(), configured, host)


CHANNEL = ChannelKind(
    settings=GitHubSettings,
    open=_open,
    # At most 80 requests a minute may write; a message may take three, one of which does.
    pace=Pace(per_minute=60, burst=10, reserved=0),
    check=check,
    routes=_routes,
)
