"""All pages of the console: a line each."""

from adapters.console import (
    acting,
    board,
    declaring,
    finding,
    learning_pages,
    lists,
    looking_back,
    on_call_page,
    operating,
    room,
    service_page,
)
from adapters.console.shell import NavLink
from adapters.console.visit import ConsolePage
from domain.access.principal import Principal

PAGES: tuple[ConsolePage, ...] = (
    *board.PAGES,
    *room.PAGES,
    *acting.PAGES,
    *declaring.PAGES,
    *looking_back.PAGES,
    *on_call_page.PAGES,
    *lists.PAGES,
    *service_page.PAGES,
    *learning_pages.PAGES,
    *finding.PAGES,
    *operating.PAGES,
)


def navigation(who: Principal) -> tuple[tuple[str, tuple[NavLink, ...]], ...]:
    """What the frame leads to, by groups: what whoever looks may see."""
    groups: dict[str, list[NavLink]] = {}
    for page in PAGES:
        if page.name is not None and (page.needs is None or who.may(page.needs)):
            link = NavLink(page.path, page.name, page.key)
            groups.setdefault(page.group, []).append(link)
    return tuple((group, tuple(links)) for group, links in groups.items())
