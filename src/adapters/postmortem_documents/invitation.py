"""The invitation to the meeting about a post-mortem, as calendars read it (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.kernel.text import clean
from domain.learning.postmortem.postmortem_view import PostmortemView

_OCTETS = 75
"""A line of content is no longer (RFC 5545, 3.1)."""


def invitation(pm: PostmortemView, url: str | None = None) -> str | None:
    """The invitation; None where no meeting is on record. Names stand in its words: the directory,
    not the post-mortem, knows addresses.
    """
    meeting = pm.meeting
    if meeting is None:
        return None
    ends_at = meeting.begins_at + timedelta(minutes=meeting.minutes)
    invited = ", ".join(who.name for who in meeting.invited)
    about = f"Post-mortem of {pm.incident_reference}: {pm.title}."
    said = f"{about} Invited: {invited}." if invited else about
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Commandpost//Post-mortems//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{pm.id}@commandpost",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_time(pm.changed_at)}",
        f"DTSTART:{_time(meeting.begins_at)}",
        f"DTEND:{_time(ends_at)}",
        f"SUMMARY:{_text(f'{pm.reference}: post-mortem of {pm.incident_reference}, {pm.title}')}",
        f"DESCRIPTION:{_text(said)}",
        *([f"LOCATION:{_text(meeting.where)}"] if meeting.where else []),
        *([f"URL:{url}"] if url else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """RFC 5545, 3.3.11."""
    said = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return said.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Long lines go on behind a space; no character is cut."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + octets
    yield piece
