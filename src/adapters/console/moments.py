"""Times on pages: in UTC where no script runs; a script shows them in the reader's zone, lets ages
and countdowns tick, and keeps UTC in the title.
"""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from domain.kernel.text import countdown, duration


def iso(at: datetime) -> str:
    """For programs: `2026-07-01T03:00:07Z`."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment(at: datetime | None, form: str = "full") -> Markup:
    """A time; `form`: `full`, or `clock` where the day is known. What is not known says so."""
    if at is None:
        return Markup('<span class="unknown">not known</span>')
    utc = at.astimezone(UTC)
    shown = f"{utc:%H:%M:%S}" if form == "clock" else f"{utc:%Y-%m-%d %H:%M}"
    return Markup('<time datetime="{}" data-show="{}" title="{} UTC">{} UTC</time>').format(
        iso(at), form, f"{utc:%Y-%m-%d %H:%M:%S}", shown
    )


def age(since: datetime | None, now: datetime) -> Markup:
    """How long ago something was, or that it is not known."""
    if since is None:
        return Markup('<span class="unknown">not known</span>')
    return Markup('<time datetime="{}" data-show="age" title="{}">{}</time>').format(
        iso(since), f"{since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC", duration(now - since)
    )


def due(due_at: datetime, now: datetime) -> Markup:
    """How far away a deadline is, in words and by a class: overdue, soon or later."""
    return Markup(
        '<time class="due {}" datetime="{}" data-show="due" title="due {} UTC">{}</time>'
    ).format(
        urgency(due_at, now),
        iso(due_at),
        f"{due_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        countdown(due_at, now),
    )


SOON = timedelta(minutes=5)


def urgency(due_at: datetime, now: datetime) -> str:
    """`overdue`, `soon` (within five minutes) or `later`."""
    if due_at < now:
        return "overdue"
    return "soon" if due_at - now <= SOON else "later"
