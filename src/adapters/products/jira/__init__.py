"""Jira's issues, both ways: action items become issues, and issues say that they are done."""

from typing import TYPE_CHECKING

from adapters.products.jira.settings import JiraSettings
from adapters.products.kit.tracker_channel import tracker_channel
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.jira.api import JiraApi
    from adapters.products.kit.tracker_routes import TrackerHook


def _api() -> "type[JiraApi]":
    from adapters.products.jira.api import JiraApi  # noqa: PLC0415

    return JiraApi


def _hook() -> "TrackerHook":
    from adapters.products.jira.jira_news import HOOK  # noqa: PLC0415

    return HOOK


CHANNEL = tracker_channel(
    JiraSettings,
    api=_api,
    hook=_hook,
    # A message may take five requests; Jira says when to come back.
    pace=Pace(per_minute=60, burst=10, reserved=0),
    secrets=lambda it: (it.token, it.basic),
)
