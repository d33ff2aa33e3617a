"""Lists as pages: what a resource answers, as a table with filters in the address, page by page.

A list is a value of a few lines (`lists`); columns say in words what stands in them.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from adapters.console.visit import ConsolePage, Shown, Visit
from domain.access.grants import Permission
from projections.read_model import Resource

SHOWN = 100

Look = Literal["text", "time", "due", "tag", "severity", "missing", "resend"]


class Cell(NamedTuple):
    """What stands in a cell: a text or a time, perhaps as a link of ours."""

    said: Any
    look: Look = "text"
    to: str | None = None


class Column(NamedTuple):
    """A column: its head, and what it has of a row."""

    head: str
    cell: Callable[[Any], Cell]


class Choice(NamedTuple):
    """A filter: a parameter of the question, with the values that it offers; none: any text."""

    name: str
    label: str
    values: Sequence[tuple[str, str]] = ()
    several: bool = False


class Rows(NamedTuple):
    """What a list shows, and where the next page begins."""

    rows: Sequence[Any]
    next: Any = None


Ask = Callable[[Visit], Awaitable[Rows]]


class Listing(NamedTuple):
    """A list at a path. `intro` says what it is, `empty` that there is nothing. Where no resource
    has it, `ask` does.
    """

    path: str
    title: str
    intro: str
    empty: str
    columns: Sequence[Column]
    resource: Resource | None = None
    ask: Ask | None = None
    filters: Sequence[Choice] = ()
    limit: int = SHOWN

    async def found(self, visit: Visit) -> Rows:
        """The rows of this page. Raises `Refused`, `Lagging`, `Unavailable`."""
        if self.ask is not None:
            return await self.ask(visit)
        assert self.resource is not None, f"{self.path} asks nothing"
        given: dict[str, Any] = {"limit": self.limit} if self.resource.paging else {}
        for each in self.filters:
            said = visit.chosen(each.name)
            if said:
                given[each.name] = _as_asked(each, said)
        paging = self.resource.paging
        after = visit.asked(paging.by) if paging else ""
        if paging and after:
            given[paging.by] = int(after) if after.isdecimal() and len(after) < 16 else after
        page = await visit.ask(self.resource, **given)
        return Rows(page.items, page.next)

    async def build(self, visit: Visit) -> Shown:
        """The page."""
        found = await self.found(visit)
        paging = self.resource.paging if self.resource else None
        by = paging.by if paging else "after"
        rows = [[column.cell(row) for column in self.columns] for row in found.rows]
        return Shown("list.html", {
            "listing": self,
            "rows": rows,
            "chosen": {each.name: visit.chosen(each.name) for each in self.filters},
            "next": visit.here(**{by: found.next}) if found.next is not None else None,
            "first": visit.here(**{by: None}) if visit.asked(by) else None,
            "now": visit.now,
        })  # fmt: skip

    def page(self, needs: Permission, group: str, name: str, key: str | None = None) -> ConsolePage:
        """It as a page, under a name in the frame."""
        return ConsolePage(self.path, needs, self.build, name=name, group=group, key=key)


def _as_asked(choice: Choice, said: list[str]) -> Any:
    """A value as the question takes it: words come as a list, what is yes or no is one."""
    if {value for value, _ in choice.values} == {"true"}:
        return said[0] == "true"
    if choice.values and not choice.several and said[0] in {"yes", "no"}:
        return said[0] == "yes"
    return said if choice.values else said[0]


def text(said: Any, to: str | None = None) -> Cell:
    """A text; what is not known is a dash."""
    return Cell(said, "text", to)


def time(at: datetime | None) -> Cell:
    """A time."""
    return Cell(at, "time")


def tag(said: Any) -> Cell:
    """A word of ours."""
    return Cell(said, "tag")


def many(said: Sequence[Any]) -> Cell:
    """Several, in a row."""
    return Cell(", ".join(map(str, said)) or None)
