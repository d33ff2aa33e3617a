"""The invitation to the meeting about a post-mortem, as calendars read it (RFC 5545)."""

from datetime import timedelta

from adapters.calendar_lines import calendar, calendar_text, calendar_time
from domain.learning.postmortem.postmortem_view import PostmortemView


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
    title = f"{pm.reference}: post-mortem of {pm.incident_reference}, {pm.title}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Commandpost//Post-mortems//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{pm.id}@commandpost",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{calendar_time(pm.changed_at)}",
        f"DTSTART:{calendar_time(meeting.begins_at)}",
        f"DTEND:{calendar_time(ends_at)}",
        f"SUMMARY:{calendar_text(title)}",
        f"DESCRIPTION:{calendar_text(said)}",
        *([f"LOCATION:{calendar_text(meeting.where)}"] if meeting.where else []),
        *([f"URL:{url}"] if url else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return calendar(lines)
