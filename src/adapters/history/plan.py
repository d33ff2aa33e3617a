"""From what a status page says of an incident to a plan: commands with ids that follow from it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from domain.incident.commands import (
    AddNote,
    Command,
    CorrectTime,
    Declare,
    PostUpdate,
    Reopen,
    Resolve,
)
from domain.incident.events import Milestone, UpdateStatus
from handlers.ingest.history_import import ImportStep, Plan, claim_id

TEXT_LIMIT = 10_000  # characters of a `Text`, see domain.incident.commands
LINE_LIMIT = 300
SERVICES_LIMIT = 50


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """An update of the page; `word` is the status in the page's own words."""

    at: datetime
    text: str
    word: str
    status: UpdateStatus | None = None


class Ended(msgspec.Struct, frozen=True):
    """The page says that the incident is over since then."""

    at: datetime
    words: str


class Resumed(msgspec.Struct, frozen=True):
    """The page takes up an incident again that it had called over."""

    at: datetime
    words: str


class Note(msgspec.Struct, frozen=True):
    """Something about the feed that its reader should know."""

    at: datetime
    text: str


Move = Update | Ended | Resumed | Note


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One incident of a feed in our terms: its declaration, what followed, and the times that
    the page states now, where they differ from the declaration.
    """

    feed: str
    external_id: str
    declare: Declare
    moves: Sequence[Move]
    corrections: Sequence[CorrectTime] = ()


def incident_id(feed: str, external_id: str) -> str:
    """The id of an imported incident, the same at each import."""
    return str(uuid5(NAMESPACE_URL, f"commandpost:history/{feed}/{external_id}"))


def planned(page: Page) -> Plan:
    """The steps that record what the page says."""
    ids = _Ids(incident_id(page.feed, page.external_id))
    declared = digest(msgspec.json.encode(page.declare).decode())
    steps = [ImportStep(ids.next(f"declare {declared}"), page.declare)]
    for move in page.moves:
        steps += _steps(move, ids)
    steps += [
        ImportStep(claim_id(ids.incident_id, command.milestone, command.value), command)
        for command in page.corrections
    ]
    return Plan(
        incident_id=ids.incident_id,
        actor=f"import:{page.feed}",
        label=f"{page.feed} {page.external_id}",
        steps=tuple(steps),
    )


def correction(
    milestone: Milestone, value: datetime | None, at: datetime, reason: str
) -> CorrectTime:
    """A correction of a milestone that became known at `at`."""
    return CorrectTime(milestone=milestone, value=value, reason=reason, occurred_at=at)


def line(text: str, otherwise: str) -> str:
    """The text as one line within the limit; a cut is visible."""
    joined = " ".join(text.split()) or otherwise
    return joined if len(joined) <= LINE_LIMIT else joined[: LINE_LIMIT - 1] + "…"


def lines(names: Sequence[str]) -> tuple[str, ...]:
    """Names without repetition; what does not fit is counted in the last one."""
    unique = tuple(dict.fromkeys(line(name, "") for name in names if name.strip()))
    if len(unique) <= SERVICES_LIMIT:
        return unique
    kept = unique[: SERVICES_LIMIT - 1]
    return (*kept, f"and {len(unique) - len(kept)} more")


def parts(text: str) -> list[str]:
    """The text in pieces within the limit which together are the text, cut after a line if any."""
    pieces = []
    while len(text) > TEXT_LIMIT:
        newline = text.rfind("\n", 0, TEXT_LIMIT) + 1
        # A piece of white space alone would not be a text.
        cut = newline if text[:newline].strip() and text[newline:].strip() else TEXT_LIMIT
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]


def digest(text: str) -> str:
    """A short fingerprint of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class _Ids:
    """Ids by what a step says; the same thing said twice is counted."""

    def __init__(self, incident_id: str) -> None:
        self.incident_id = incident_id
        self._seen: Counter[str] = Counter()

    def next(self, identity: str) -> str:
        self._seen[identity] += 1
        return str(uuid5(UUID(self.incident_id), f"{identity} #{self._seen[identity]}"))


def _steps(move: Move, ids: _Ids) -> list[ImportStep]:
    at = move.at.isoformat()
    command: Command
    match move:
        case Update():
            return _update(move, ids)
        case Ended():
            command = Resolve(occurred_at=move.at, resolution=move.words)
            return [ImportStep(ids.next(f"resolve {at}"), command)]
        case Resumed():
            command = Reopen(occurred_at=move.at, reason=move.words)
            return [ImportStep(ids.next(f"reopen {at}"), command)]
        case Note():
            command = AddNote(occurred_at=move.at, text=move.text)
            return [ImportStep(ids.next(f"note {digest(move.text)}"), command)]


def _update(update: Update, ids: _Ids) -> list[ImportStep]:
    """An update is one step, or several when its text is longer than a text may be."""
    identity = f"update {update.at.isoformat()} {update.word} {digest(update.text)}"
    text = update.text
    if not text.strip():
        text = f"(an update without a text; its status: {update.word or 'none'})"
    return [
        ImportStep(
            ids.next(identity),
            PostUpdate(occurred_at=update.at, text=part, status=update.status),
        )
        for part in parts(text)
    ]
