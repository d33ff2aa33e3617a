"""Two products that nobody has: one sends letters by pigeon, on the other notices are pinned up.

Each is what a product folder exports, and `TOYS` the registry with a line more for each.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TextIO

import structlog

from adapters.products.kit.channel import ChannelKind, Clock, Host
from adapters.products.kit.products import Products
from adapters.products.kit.route import Read, Route, RouteReply
from adapters.products.kit.settings import ChannelSettings, Given
from adapters.products.kit.source import SourceKind
from adapters.products.registry import CHANNELS, SOURCES
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.reading import of_one_report
from handlers.ingest.reports import Report, line, moment, name
from handlers.notify.channels import Pace, Permanent
from handlers.notify.render import Message

log = structlog.get_logger()


def _letter(body: dict[str, Any], source: str, opens: Opens) -> Report:
    letter = name(body.get("letter"), "alert_id")
    alert = Alert(
        product="pigeon",
        source=source,
        alert_id=letter,
        event_id=letter,
        kind=AlertKind.TRIGGERED,
        opens=opens,
        title=line(body.get("says")),
        service=line(body.get("from")),
    )
    return Report(alert, moment(body.get("flown_off_at")))


SOURCE = SourceKind(
    kind="pigeon", translate=of_one_report(_letter), delivers="a letter that a pigeon brings"
)


class NoticeBoardSettings(ChannelSettings, frozen=True, kw_only=True, tag="notice_board"):
    """Pins notices on a `wall`; those that say a `taboo` word fall off."""

    wall: Given
    taboo: str = ""
    logged: bool = False


PINNED: list[str] = []
"""What hangs on all walls, as `<wall>: <subject>`."""


class NoticeBoard:
    """Pins on one wall."""

    def __init__(self, name: str, settings: NoticeBoardSettings) -> None:
        self._name = name
        self._settings = settings

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """Where it hangs is the receipt."""
        del again
        if self._settings.taboo and self._settings.taboo in message.subject:
            raise Permanent("it has fallen off")
        PINNED.append(f"{self._settings.wall}: {message.subject}")
        if self._settings.logged:
            log.info("notice.pinned", subject=message.subject)
        return f"pinned on {self._settings.wall}"


@asynccontextmanager
async def _open(
    name: str, settings: NoticeBoardSettings, _: TextIO, __: Clock
) -> AsyncIterator[list[NoticeBoard]]:
    yield [NoticeBoard(name, settings)]


def _routes(configured: Sequence[NoticeBoardSettings], _: Host) -> list[Route]:
    async def respond(read: Read, __: str) -> RouteReply:
        asked = (await read()).body.decode()
        return RouteReply(200, {"walls": [it.wall for it in configured if asked in it.wall]})

    return [
        Route(
            path="/v1/notice_board/walls",
            operation_id="find_walls",
            tag="notice board",
            summary="Find walls",
            description="Name the walls that notices are pinned on.",
            respond=respond,
        )
    ]


CHANNEL = ChannelKind(
    settings=NoticeBoardSettings,
    open=_open,
    pace=Pace(per_minute=600),
    recipients=lambda settings: (f"whoever passes {settings.wall}",),
    routes=_routes,
)

TOYS = Products((*SOURCES, SOURCE), (*CHANNELS, CHANNEL))
