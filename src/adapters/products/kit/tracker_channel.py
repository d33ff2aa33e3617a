"""A channel to a tracker as its product exports it: of that come only how it is asked and how it
tells us, which are loaded when they are used.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from adapters.products.kit.channel import ChannelKind, Clock, Host
from adapters.products.kit.route import Route
from adapters.products.kit.tracker import Tracker, TrackerApi, TrackerSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.tracker_routes import TrackerHook
    from adapters.products.kit.web import Web

S = TypeVar("S", bound=TrackerSettings)
MadeApi = Callable[[S, "Web"], TrackerApi]


def _token(settings: Any) -> tuple[str, ...]:
    return (settings.token,)


def tracker_channel(
    settings: type[S],
    *,
    api: Callable[[], MadeApi[S]],
    hook: Callable[[], "TrackerHook"],
    pace: Pace,
    secrets: Callable[[S], Sequence[str]] = _token,
) -> ChannelKind[S, Tracker]:
    """The kind of a tracker; `secrets` are never told of a failure."""

    @asynccontextmanager
    async def opened(name: str, given: S, _: TextIO, clock: Clock) -> AsyncIterator[list[Tracker]]:
        """The one channel of these settings. Raises `SettingFault`."""
        from adapters.products.kit.web import open_web  # noqa: PLC0415

        async with open_web(clock, *secrets(given)) as web:
            yield [Tracker(name, api()(given, web))]

    def routes(configured: Sequence[S], host: Host) -> Sequence[Route]:
        from adapters.products.kit.tracker_routes import tracker_routes  # noqa: PLC0415

        return tracker_routes(hook(), configured, host)

    return ChannelKind(
        settings=settings, open=opened, pace=pace, check=Tracker.check, routes=routes
    )
