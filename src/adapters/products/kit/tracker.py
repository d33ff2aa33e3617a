"""A channel to a tracker of issues. It is told alone what is addressed to it, and of that no words:
it makes the issue say what the action item says now.

So a message that comes late, twice or in another order does no harm. Before a tracker is told
anything it is asked how the issue stands: what was decided later, here or there, holds
(`domain.learning.action_item.issues`).
"""

import re
from datetime import datetime
from typing import NamedTuple, Protocol

from adapters.products.kit.settings import ChannelSettings, Secret
from domain.learning.action_item.commands import LinkActionItem, NoteIssue
from domain.learning.action_item.events import IssueStatus
from domain.learning.action_item.issues import canonical, wanted
from domain.learning.action_item.item import ActionItem
from handlers.notify.channels import Permanent, Transient
from handlers.notify.render import Message

ACTOR = "commandpost"
TITLE_CHARS = 240


class TrackerSettings(ChannelSettings, frozen=True, kw_only=True):
    """What all channels to trackers have: the secrets by which their webhooks are signed (several
    allow for rotation; none: they tell us nothing), and the `account` that our token belongs to, as
    the tracker names it: what that does is our own doing.
    """

    webhook_secrets: tuple[Secret, ...] = ()
    account: str | None = None
    drills: bool = True


class IssueSeen(NamedTuple):
    """An issue as its tracker shows it: since when it stands so, as far as that can be told, and
    which person has left it so.
    """

    url: str
    status: IssueStatus
    changed_at: datetime
    by: str | None = None

    def noted(self, *, ours: bool = False) -> NoteIssue:
        """The same for its action item."""
        return NoteIssue(
            url=self.url, status=self.status, changed_at=self.changed_at, by=self.by, ours=ours
        )


class NewIssue(NamedTuple):
    """What is opened: `mark` stands in it, and in no other; `id` is a UUID."""

    id: str
    title: str
    text: str
    mark: str


class TrackerApi(Protocol):
    """What a tracker can be asked. Each raises `Transient`, `Unusable`, `Permanent`."""

    async def find(self, new: NewIssue) -> IssueSeen | None:
        """The issue that was opened as this one, if it was."""
        ...

    async def create(self, new: NewIssue) -> IssueSeen:
        """Open it."""
        ...

    async def look(self, url: str) -> IssueSeen:
        """How the issue of this address stands."""
        ...

    async def move(self, url: str, status: IssueStatus) -> IssueSeen:
        """Make it stand so."""
        ...

    async def check(self) -> str:
        """Whether everything is there, without writing a word."""
        ...


class ItemBooks(Protocol):
    """Where action items are read and written. Each raises `Unavailable`, `Refused`."""

    async def item(self, id_: str) -> ActionItem: ...

    async def write(self, id_: str, command: NoteIssue | LinkActionItem, actor: str) -> str: ...


class Tracker:
    """A way to one tracker. `books` are lent by the service that it belongs to."""

    def __init__(self, name: str, api: TrackerApi) -> None:
        self._name = name
        self._api = api
        self.books: ItemBooks | None = None

    @property
    def name(self) -> str:
        return self._name

    async def check(self) -> str:
        """Look whether everything is there, without a word. Raises `Transient`, `Permanent`."""
        return await self._api.check()

    async def send(self, message: Message, *, again: bool = False) -> str:
        """Make the issue say what its action item says. Raises `Transient`, `Unusable`,
        `Permanent`.
        """
        subject = message.intent.subject
        if subject.aggregate != "action_item":
            raise Permanent("this message is about no action item, and a tracker is told no other")
        if self.books is None:
            raise Transient("the service that it belongs to is not there yet")
        return await self._bring(self.books, subject.id, message, again=again)

    async def _bring(self, books: ItemBooks, id_: str, message: Message, *, again: bool) -> str:
        item = await books.item(id_)
        new = item.wants_issue == self._name
        if new:
            seen = await self._open(new_issue(id_, item, message), again=again)
            link = LinkActionItem(issue=seen.url, channel=self._name)
            await books.write(id_, link, ACTOR)
        elif item.issue is None or item.issue.channel != self._name:
            return "not linked here any more"
        else:
            seen = await self._api.look(item.issue.url)
        await books.write(id_, seen.noted(), ACTOR)
        item = await books.item(id_)
        if item.issue is None or (status := wanted(item, new=new)) is None:
            return f"{canonical(seen.url)}: {seen.status}"
        moved = await self._api.move(item.issue.url, status)
        await books.write(id_, moved.noted(ours=True), ACTOR)
        return f"{canonical(moved.url)}: {moved.status}"

    async def _open(self, new: NewIssue, *, again: bool) -> IssueSeen:
        """Once, even if the answer to the first attempt was lost."""
        found = await self._api.find(new) if again else None
        return found or await self._api.create(new)


def new_issue(id_: str, item: ActionItem, message: Message) -> NewIssue:
    """What is opened for an action item."""
    mark = f"Action item {item.reference} of Commandpost ({id_})"
    origin = item.origin.reference
    if item.origin.incident and item.origin.incident != origin:
        origin = f"{origin} ({item.origin.incident})"
    lines = [
        f"Done when: {item.outcome}",
        f"It follows from {origin}, and is due on {item.due_on:%Y-%m-%d} (UTC).",
        *([message.url] if message.url else []),
        mark,
    ]
    title = item.title if len(item.title) <= TITLE_CHARS else f"{item.title[: TITLE_CHARS - 1]}…"
    return NewIssue(id_, " ".join(title.split()), "\n\n".join(lines), mark)


def in_address(pattern: re.Pattern[str], url: str, tracker: str) -> re.Match[str]:
    """What the address of an issue says. Raises `Permanent` where the tracker has none such."""
    found = pattern.fullmatch(url)
    if found is None:
        raise Permanent(f"{url} is not the address of an issue at {tracker}")
    return found
