"""Jira's issues, both ways: action items become issues, and issues say that they are done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.jira.settings import JiraSettings
from adapters.products.kit.channel import ChannelKind, Clock, Host, Opening
from adapters.products.kit.route import Route
from adapters.products.kit.tracker import Tracker, check
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.tracker_routes import TrackerHook


def _open(name: str, settings: JiraSettings, _: TextIO, clock: Clock) -> "Opening[Tracker]":
    from adapters.products.jira.api import open_jira  # noqa: PLC0415

    return open_jira(name, settings, clock)


def hook() -> "TrackerHook":
    """How Jira tells us."""
    from adapters.products.jira.jira_news import HOOK  # noqa: PLC0415

    return HOOK


def _routes(configured: Sequence[JiraSettings], host: Host) -> Sequence[Route]:
    from adapters.products.kit.tracker_routes import tracker_routes  # noqa: PLC0415

    return tracker_routes(hook(), configured, host)


CHANNEL = ChannelKind(
    settings=JiraSettings,
    open=_open,
    # A message may take five requests; Jira says when to come back.
    pace=Pace(per_minute=60, burst=10, reserved=0),
    check=check,
    routes=_routes,
)
