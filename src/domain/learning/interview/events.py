"""The events of the notes of an interview. They are on disk for ever: rename nothing, add optional
fields, or supersede a tag.

The log holds the notes as they were written. Whoever may read it as such, or a backup of it, reads
them.
"""

from domain.kernel.commit import Event, Instant
from domain.kernel.roster import Who
from domain.sight import Sight


class InterviewKept(Event, frozen=True, kw_only=True, omit_defaults=True, tag="interview.kept.v1"):
    """Somebody was asked, and this is what was said; `private` alone may read it, all of whom are
    named here. It is of a post-mortem: its id and reference, and the id of its incident.
    """

    number: int
    postmortem: str
    postmortem_reference: str
    incident: str
    interviewee: Who
    text: str
    private: Sight
    held_at: Instant | None = None


class InterviewRewritten(Event, frozen=True, kw_only=True, tag="interview.rewritten.v1"):
    """The notes read so from now on; `version` counts how often they were written."""

    version: int
    text: str


class InterviewShared(Event, frozen=True, kw_only=True, tag="interview.shared.v1"):
    """These alone may read the notes from now on."""

    private: Sight


class InterviewReleased(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="interview.released.v1"
):
    """Whoever reads the post-mortem reads the notes, for a reason. `consent`: how the person who
    was asked has agreed; None: that person has released them.
    """

    reason: str
    consent: str | None = None


InterviewEvent = InterviewKept | InterviewRewritten | InterviewShared | InterviewReleased
