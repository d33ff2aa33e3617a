"""What a status page says is affected: by which its reports of one outage are known to be one.

A provider tells of an outage as a whole, as its incident, and of every component by itself, in any
order. What has a component in common is one incident; what has none in common is not.
"""

from collections.abc import Iterable

import msgspec


class AffectedComponent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A component of a page, by its id there, which older bodies leave out, and its name."""

    id: str | None = None
    name: str | None = None

    def is_same(self, other: "AffectedComponent") -> bool:
        """By id, where both have one: components of two groups may share a name."""
        if self.id and other.id:
            return self.id == other.id
        return self.name is not None and self.name == other.name


class Affected(msgspec.Struct, frozen=True, omit_defaults=True):
    """The `components` of a page that a report is about. `whole`: it is the incident of a provider,
    which may name any number of them; else it is the one component itself. `page` is the id of it.
    """

    components: tuple[AffectedComponent, ...] = ()
    whole: bool = False
    page: str = ""

    def names(self, other: "Affected") -> bool:
        """Whether both have a component in common."""
        return any(mine.is_same(each) for mine in self.components for each in other.components)

    def belongs_to(self, open_: Iterable["Affected"], over: Iterable["Affected"]) -> bool:
        """Whether it is part of the outage that these are reports of, which fire, or are over by
        now. Two outages at a time stay two, whatever they share.
        """
        firing = tuple(open_)
        if self.whole:
            parts = [each for each in firing if not each.whole]
            return len(parts) == len(firing) and any(map(self.names, parts))
        return any(map(self.names, (*firing, *over)))

    def lacks(self, other: "Affected") -> tuple[AffectedComponent, ...]:
        """The components that only the other names."""
        return tuple(
            each
            for each in other.components
            if not any(each.is_same(mine) for mine in self.components)
        )


def page_of(product: str, source: str, affected: Affected) -> tuple[str, ...]:
    """What all reports of a page have in common."""
    return ("page", product, source, affected.page)
