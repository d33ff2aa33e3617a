"""What a report of a firing says otherwise than those before it."""

from datetime import datetime

from domain.incident.alerts.alert import Alert, AlertKind, Change
from domain.incident.alerts.latest import latest_of
from domain.incident.alerts.member import key_of, named, priority_of, said_as_it_fires
from domain.incident.alerts.register import AlertRegister

CHANGE_CHARS = 1_000
"""So much of what has changed is told on the timeline."""


def title_known(known: AlertRegister, alert: Alert) -> str | None:
    """What a report is about, if it names no title itself: what was last said of its firing."""
    if alert.title is not None:
        return None
    member = known.member(key_of(alert))
    return member.title.value if member and member.title else None


def changes(known: AlertRegister, alert: Alert, at: datetime) -> tuple[Change, ...]:
    """What a report says otherwise than what was last known of its firing. A late one changes
    nothing.
    """
    member = known.member(key_of(alert))
    if member is None:
        return ()
    stated = (
        ("title", member.title, None if alert.kind is AlertKind.RESOLVED else alert.title),
        ("text", member.text, said_as_it_fires(alert)),
        ("priority", member.priority, priority_of(alert)),
        ("assignees", member.assignees, named(alert.assignees)),
    )
    return tuple(
        Change(what, *_differing(last.value if last else None, now))
        for what, last, now in stated
        if now is not None
        and (last.value != now if last else what != "title")
        and latest_of(alert, at, now).beats(last)
    )


def _differing(before: str | None, now: str) -> tuple[str | None, str | None]:
    """Those lines of two texts that the other does not have, both kept short; an empty text where
    none is lost of what was said.
    """
    if before is None:
        return None, now[:CHANGE_CHARS]
    old, new = before.splitlines(), now.splitlines()
    lost = "\n".join(each for each in old if each not in new)
    won = "\n".join(each for each in new if each not in old)
    return lost[:CHANGE_CHARS], won[:CHANGE_CHARS] or None
