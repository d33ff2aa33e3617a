"""Whether a move may be finished: each thing that has to be so, and who or what stands in its way.

It changes nothing. Nobody is taken for reachable who is not proved to be: a code of a test page has
to have come back, lately, from a contact method that a channel still carries.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from domain.directory.contact_check import ContactStanding

LATELY = timedelta(days=30)
"""A receipt that is older proves nothing of today."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """That a test page was read: by which kind of contact method, through which channel, with what
    the carrier said, and when its code came back.
    """

    kind: str
    channel: str | None
    receipt: str | None
    confirmed_at: datetime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has turns, by slug or as the schedule says. `why`: why a page would not reach
    that person, as far as is known; None: the receipts prove that it does.
    """

    person: str
    receipts: tuple[Receipt, ...] = ()
    why: str | None = None


class CutoverCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the checklist; it holds where nothing is in the way."""

    check: str
    in_the_way: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.in_the_way


class Cutover(msgspec.Struct, frozen=True, kw_only=True):
    """The whole checklist. `refused`: something is in the way."""

    refused: bool
    checks: tuple[CutoverCheck, ...]
    people: tuple[Standing, ...]


def cutover(checks: Sequence[CutoverCheck], people: Sequence[Standing]) -> Cutover:
    """`checks` are those of schedules; that everybody is reachable is the last one."""
    reach = CutoverCheck(
        check="everybody who has turns in the 90 days to come has read a test page",
        in_the_way=(
            *(f"{each.person}: {each.why}" for each in people if each.why),
            *(() if people else ("nobody has turns",)),
        ),
    )
    found = (*checks, reach)
    return Cutover(
        refused=not all(each.holds for each in found), checks=found, people=tuple(people)
    )


def standing_of(
    person: str,
    contacts: Iterable[ContactStanding],
    enabled: Collection[tuple[str, str]],
    carried: Collection[str],
    now: datetime,
) -> Standing:
    """How somebody stands whom the directory knows: what is known of their contact methods, those
    that are `enabled` by kind and address, and the kinds that channels carry.
    """
    known = [it for it in contacts if (it.kind, it.address) in enabled]
    receipts = tuple(
        Receipt(kind=it.kind, channel=it.channel, receipt=it.receipt, confirmed_at=it.verified_at)
        for it in known
        if it.verified_at is not None and it.verified_at > now - LATELY and it.kind in carried
    )
    if receipts:
        return Standing(person=person, receipts=receipts)
    return Standing(person=person, why=_why(known, enabled, carried))


def _why(
    known: Sequence[ContactStanding],
    enabled: Collection[tuple[str, str]],
    carried: Collection[str],
) -> str:
    """Why no receipt proves it."""
    if not enabled:
        return "the directory has no contact method that is enabled"
    kinds = sorted({kind for kind, _ in enabled})
    if not set(kinds) & set(carried):
        return f"no channel carries {', '.join(kinds)}"
    of_carried = [it for it in known if it.kind in carried]
    if not any(it.sent_at or it.failed_at for it in of_carried):
        return "no test page was sent; `commandpost person test_page` sends one"
    said = []
    for it in of_carried:
        if it.verified_at is not None:
            said.append(f"the code by {it.kind} came back more than {LATELY.days} days ago")
        elif it.failed_at is not None and (it.sent_at is None or it.failed_at > it.sent_at):
            said.append(f"by {it.kind} it was taken by no channel: {it.failure}")
        elif it.sent_at is not None:
            said.append(f"the code by {it.kind} went out and has not come back")
    return "; ".join(said)
