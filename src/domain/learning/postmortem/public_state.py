"""The public version of a post-mortem, as folded from its events; `public_version` decides."""

from datetime import datetime
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN
from domain.kernel.roster import Who
from domain.learning.postmortem import public_events as e
from domain.learning.postmortem.public_events import PUBLIC_TITLES, PublicField


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """How often a field was written, and by whom and when last."""

    version: int
    by: str
    at: datetime


class PublishedText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the public reads, since when, and who has approved it. `correction`: what was put right
    since it read another version, and when.
    """

    texts: dict[PublicField, str]
    approved_by: Who
    published_at: datetime
    correction: str | None = None
    corrected_at: datetime | None = None


class PublicVersion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is written for the public (`texts`), and what it reads (`published`), unless that was
    withdrawn.
    """

    texts: dict[PublicField, str] = {}
    written: dict[PublicField, Written] = {}
    published: PublishedText | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None

    def version_of(self, field: PublicField) -> int:
        """How often a field was written."""
        return self.written[field].version if field in self.written else 0


def evolve(
    public: PublicVersion, event: e.PublicVersionEvent, actor: str = UNKNOWN
) -> PublicVersion:
    """One row for each event."""
    at = event.occurred_at
    match event:
        case e.PublicWritten(field=field, text=text, version=version):
            written = Written(version=version, by=actor, at=at)
            return replace(
                public,
                texts={**public.texts, field: text},
                written={**public.written, field: written},
            )
        case e.PublicPublished():
            had = public.published
            read = PublishedText(
                texts=event.texts,
                approved_by=event.approved_by,
                published_at=had.published_at if had and event.correction else at,
                correction=event.correction,
                corrected_at=at if event.correction else None,
            )
            return replace(public, published=read, withdrawn_at=None, withdrawn_because=None)
        case e.PublicWithdrawn(reason=reason):
            return replace(public, withdrawn_at=at, withdrawn_because=reason)
    assert_never(event)


def words(published: PublishedText) -> str:
    """What the public reads, as Markdown without headings: those are of the page around it."""
    title = published.texts[PublicField.TITLE]
    parts = [f"**{title}**", published.texts[PublicField.SUMMARY]]
    for field in (PublicField.IMPACT, PublicField.WHAT_HAPPENED, PublicField.WHAT_FOLLOWS):
        parts += [f"**{PUBLIC_TITLES[field]}**", published.texts[field]]
    if published.correction is not None:
        parts += ["**What was corrected**", published.correction]
    return "\n\n".join(parts)
