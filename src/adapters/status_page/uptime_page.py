"""The page that says how much of the time each component was up."""

from typing import NamedTuple

from adapters.status_page import labels
from adapters.status_page.pages import BAR_DAYS, render
from adapters.status_page.snapshot import StatusSnapshot
from domain.status_page.components import Component

UPTIME_DAYS = (7, 30, BAR_DAYS)


class UptimeView(NamedTuple):
    """How much of each window a component was up, in words."""

    name: str
    windows: tuple[str, ...]


def uptime(snapshot: StatusSnapshot) -> str:
    """How much of the time each component was up, with what that means."""
    return render(
        snapshot,
        "uptime.html",
        windows=[f"{count} days" for count in UPTIME_DAYS],
        components=[
            UptimeView(each.name, tuple(_share(snapshot, each, count) for count in UPTIME_DAYS))
            for each in snapshot.components
        ],
        until=labels.moment(snapshot.now),
        known_from=labels.day(snapshot.known_from),
    )


def _share(snapshot: StatusSnapshot, component: Component, count: int) -> str:
    percent = snapshot.uptime(component, count).percent
    return f"{percent} %" if percent else "not known yet"
