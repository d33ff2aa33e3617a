"""GitHub's issues, both ways: action items become issues, and issues say that they are done."""

from typing import TYPE_CHECKING

from adapters.products.github.settings import GitHubSettings
from adapters.products.kit.tracker_channel import tracker_channel
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.github.api import GitHubApi
    from adapters.products.kit.tracker_routes import TrackerHook


def _api() -> "type[GitHubApi]":
    from adapters.products.github.api import GitHubApi  # noqa: PLC0415

    return GitHubApi


def _hook() -> "TrackerHook":
    from adapters.products.github.github_news import HOOK  # noqa: PLC0415

    return HOOK


CHANNEL = tracker_channel(
    GitHubSettings,
    api=_api,
    hook=_hook,
    # At most 80 requests a minute may write; a message may take three, one of which does.
    pace=Pace(per_minute=60, burst=10, reserved=0),
)
