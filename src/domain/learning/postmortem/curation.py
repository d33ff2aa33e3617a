"""What a post-mortem makes of its incident's timeline, and what is said about it, as folded from
its events; `curating` decides.
"""

from datetime import datetime
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.learning.postmortem import events as e


class AddedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What happened besides what the log has, as its source says."""

    entry: str
    at: datetime
    text: str
    source: str
    by: str


class Remarked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A comment, by whom and when, and who settled it."""

    comment: str
    text: str
    by: str
    at: datetime
    entry: str | None = None
    field: str | None = None
    resolved_by: str | None = None


class Curation(msgspec.Struct, frozen=True, kw_only=True):
    """What of the incident's timeline is hidden, and why, what is said of lines, and what is added
    to it.
    """

    hidden: dict[str, str] = {}
    notes: dict[str, str] = {}
    added: tuple[AddedEntry, ...] = ()


def curated(
    had: Curation,
    event: e.EntryHidden | e.EntryShown | e.EntryAnnotated | e.EntryAdded,
    actor: str,
) -> Curation:
    match event:
        case e.EntryHidden(entry=entry, reason=reason):
            return replace(had, hidden={**had.hidden, entry: reason})
        case e.EntryShown(entry=entry):
            return replace(had, hidden={it: why for it, why in had.hidden.items() if it != entry})
        case e.EntryAnnotated(entry=entry, text=text):
            others = {it: note for it, note in had.notes.items() if it != entry}
            return replace(had, notes={**others, entry: text} if text else others)
        case e.EntryAdded(entry=entry, at=at, text=text, source=source):
            added = AddedEntry(entry=entry, at=at, text=text, source=source, by=actor)
            return replace(had, added=(*had.added, added))
    assert_never(event)


def commented(
    had: tuple[Remarked, ...], event: e.Commented | e.CommentResolved, actor: str
) -> tuple[Remarked, ...]:
    if isinstance(event, e.Commented):
        made = Remarked(
            comment=event.comment,
            text=event.text,
            by=actor,
            at=event.occurred_at,
            entry=event.entry,
            field=event.field,
        )
        return (*had, made)
    return tuple(
        replace(each, resolved_by=actor) if each.comment == event.comment else each for each in had
    )
