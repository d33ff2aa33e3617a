"""The commands of the notes of an interview."""

from typing import Annotated

import msgspec

from domain.kernel.commit import Instant
from domain.learning.postmortem.sections import Name, Passage

Readers = Annotated[tuple[Name, ...], msgspec.Meta(max_length=100)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class InterviewStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on interviews share."""


class KeepInterview(InterviewStatement, frozen=True, kw_only=True):
    """Keep the notes of a talk with one person about what a post-mortem is of. They are seen by
    whoever writes them, by that person and by the `readers`, and by nobody else until they are
    released.
    """

    postmortem: Reference
    interviewee: Name
    text: Passage
    held_at: Instant | None = None
    readers: Readers = ()


class RewriteInterview(InterviewStatement, frozen=True, kw_only=True):
    """Write the notes anew. `seen` is the version that was read: where somebody has written since,
    both texts are shown and nothing is lost.
    """

    text: Passage
    seen: Annotated[int, msgspec.Meta(ge=1)]


class ShareInterview(InterviewStatement, frozen=True, kw_only=True):
    """Let these read the notes as well."""

    readers: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=100)]


class ReleaseInterview(InterviewStatement, frozen=True, kw_only=True):
    """Let everybody read the notes who may read the post-mortem, for a reason; it cannot be taken
    back. `consent` says how the person who was asked has agreed: only that person needs none.
    """

    reason: Passage
    consent: Passage | None = None


InterviewCommand = KeepInterview | RewriteInterview | ShareInterview | ReleaseInterview
