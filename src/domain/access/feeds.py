"""Calendars that are read by a secret address: each is of one schedule, team or person, and of the
principal that asked for it, so that one that leaked is replaced without taking the others away.
"""

from datetime import datetime
from typing import Annotated, assert_never

import msgspec

from domain.access.events import CalendarFeedEnded, CalendarFeedMade, Digest
from domain.access.sessions import id_of
from domain.kernel.refusal import Refused

FEEDS_MOST = 100
"""So many of one principal, so that none can fill the register."""
FeedOf = Annotated[str, msgspec.Meta(pattern=r"^(schedule|team|person):[a-z0-9][a-z0-9_-]{0,62}$")]


class MakeFeed(msgspec.Struct, frozen=True, kw_only=True):
    """Let who asks with the secret of this digest read the calendar `of` something. The one that
    the same principal has of it is worth nothing any more.
    """

    digest: Digest
    of: FeedOf
    name: str
    person: str | None = None


class EndFeed(msgspec.Struct, frozen=True, kw_only=True):
    """Let the address of this id be worth nothing any more. `name`: it has to be of that principal;
    None: it may be anybody's.
    """

    id: str
    name: str | None = None


FeedCommand = MakeFeed | EndFeed


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar that is read by a secret address: what it is of, and whose it is."""

    id: str
    of: str
    name: str
    made_at: datetime
    person: str | None = None


Feeds = dict[str, Feed]
"""By the digests of their secrets."""


def decide_feed(
    command: FeedCommand, feeds: Feeds, at: datetime
) -> list[CalendarFeedMade] | list[CalendarFeedEnded]:
    """One row for each command. Raises `Refused`."""
    match command:
        case MakeFeed():
            return _made(command, feeds, at)
        case EndFeed():
            return _ended(command, feeds, at)
    assert_never(command)


def _made(command: MakeFeed, feeds: Feeds, at: datetime) -> list[CalendarFeedMade]:
    """A new address. Raises `Refused`."""
    if command.digest in feeds:
        return []
    others = [it for it in feeds.values() if it.name == command.name and it.of != command.of]
    if len(others) >= FEEDS_MOST:
        raise Refused(
            "feed.too_many",
            f"{command.name} has {len(others)} calendars; revoke some of them first",
            field="feed",
            rule=f"At most {FEEDS_MOST} calendars of one principal.",
        )
    made = CalendarFeedMade(
        occurred_at=at,
        digest=command.digest,
        of=command.of,
        name=command.name,
        person=command.person,
    )
    return [made]


def _ended(command: EndFeed, feeds: Feeds, at: datetime) -> list[CalendarFeedEnded]:
    """The end of one. Raises `Refused` where there is none that is theirs."""
    found = next((it for it in feeds.values() if it.id == command.id), None)
    if found is None or command.name not in (None, found.name):
        raise Refused("feed.not_found", f"there is no calendar {command.id}", field="feed")
    return [CalendarFeedEnded(occurred_at=at, id=found.id, of=found.of, name=found.name)]


def ends_of(name: str, feeds: Feeds, at: datetime) -> list[CalendarFeedEnded]:
    """The ends of all that a principal has."""
    return [
        CalendarFeedEnded(occurred_at=at, id=it.id, of=it.of, name=it.name)
        for it in feeds.values()
        if it.name == name
    ]


def feeds_after(feeds: Feeds, event: CalendarFeedMade | CalendarFeedEnded) -> Feeds:
    """Those that count after that."""
    match event:
        case CalendarFeedMade(digest=digest, of=of, name=name):
            left = {key: it for key, it in feeds.items() if (it.of, it.name) != (of, name)}
            made = Feed(
                id=id_of(digest), of=of, name=name, made_at=event.occurred_at, person=event.person
            )
            return {**left, digest: made}
        case CalendarFeedEnded(id=id_):
            return {key: it for key, it in feeds.items() if it.id != id_}
