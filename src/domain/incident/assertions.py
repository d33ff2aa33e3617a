"""What responders assert one after the other, a mitigation or a cause, until it turns out not to be
so. What is refuted is all that was asserted up to then, in whatever order it is told.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.incident.times import INSTANT, latest


class Assertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was said to be so from then on; a cause may be that of a `hypothesis`."""

    at: datetime
    text: str
    hypothesis: str | None = None


class Assertions(msgspec.Struct, frozen=True, omit_defaults=True):
    """All of one sort, in the order in which they were recorded. Those up to `refuted_at` were not
    so, for a `reason`.
    """

    made: tuple[Assertion, ...] = ()
    refuted_at: datetime | None = None
    reason: str | None = None

    @property
    def holding(self) -> tuple[Assertion, ...]:
        """Those that nothing has refuted."""
        return tuple(each for each in self.made if self.holds(each.at))

    @property
    def current(self) -> Assertion | None:
        """The one that was told last of those that hold."""
        return self.holding[-1] if self.holding else None

    @property
    def since(self) -> datetime | None:
        """From when on it holds."""
        return min((each.at for each in self.holding), default=None)

    def holds(self, at: datetime) -> bool:
        """Whether what was so from then on is not known to be refuted."""
        return self.refuted_at is None or at > self.refuted_at

    def refutable(self, at: datetime) -> Assertion | None:
        """What would be refuted by that which became known then: the last that was told of it."""
        found = [each for each in self.holding if each.at <= at]
        return found[-1] if found else None

    def is_refuted(self, at: datetime, text: str) -> bool:
        """Whether this was said of that time, and is known not to be so."""
        return not self.holds(at) and any((each.at, each.text) == (at, text) for each in self.made)

    def just_after(self, at: datetime) -> datetime:
        """That time, or just after what was refuted: whoever asserts it now knows of that."""
        return at if self.holds(at) or self.refuted_at is None else self.refuted_at + INSTANT

    def with_one(self, assertion: Assertion) -> "Assertions":
        """With one more."""
        return replace(self, made=(*self.made, assertion))

    def refuted(self, at: datetime, reason: str, hypothesis: str | None = None) -> "Assertions":
        """With what became known then: of all up to then, or of those of a hypothesis alone."""
        if hypothesis is not None:
            others = tuple(each for each in self.made if each.hypothesis != hypothesis)
            return replace(self, made=others, reason=reason)
        return replace(self, refuted_at=latest(self.refuted_at, at), reason=reason)

    def amended(self, was: Assertion, at: datetime, text: str) -> "Assertions":
        """With another time or other words of one that was put right."""
        made = tuple(
            replace(each, at=at, text=text) if (each.at, each.text) == (was.at, was.text) else each
            for each in self.made
        )
        return replace(self, made=made)
