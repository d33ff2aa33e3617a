"""The events of the public version of a post-mortem. They are on disk for ever: rename nothing, add
optional fields, or supersede a tag.
"""

from enum import StrEnum

from domain.kernel.commit import Event
from domain.kernel.roster import Who
from domain.kernel.totality import total


class PublicField(StrEnum):
    """What the public reads, in this order."""

    TITLE = "title"
    SUMMARY = "summary"
    IMPACT = "impact"
    WHAT_HAPPENED = "what_happened"
    WHAT_FOLLOWS = "what_follows"


PUBLIC_TITLES = total(
    "titles of the fields of a public post-mortem",
    PublicField,
    {
        PublicField.TITLE: "Title",
        PublicField.SUMMARY: "Summary",
        PublicField.IMPACT: "Impact",
        PublicField.WHAT_HAPPENED: "What happened",
        PublicField.WHAT_FOLLOWS: "What follows",
    },
)


class PublicWritten(Event, frozen=True, kw_only=True, tag="postmortem.public_written.v1"):
    """A field of the public version reads so from now on; `version` counts how often it was
    written. Nobody outside reads it before it is published.
    """

    version: int
    field: PublicField
    text: str


class PublicPublished(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.public_published.v1"
):
    """The public reads these `texts`, which `approved_by` has approved. `correction` says to the
    public what was put right since it read them last. `overridden`: why what the check found
    (`found`) stays.
    """

    texts: dict[PublicField, str]
    approved_by: Who
    correction: str | None = None
    overridden: str | None = None
    found: tuple[str, ...] = ()


class PublicWithdrawn(Event, frozen=True, kw_only=True, tag="postmortem.public_withdrawn.v1"):
    """The public reads that it was withdrawn; the reason stays here."""

    reason: str


PublicVersionEvent = PublicWritten | PublicPublished | PublicWithdrawn
