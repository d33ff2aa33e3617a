"""GitHub's public status history: one incident per line of JSON, updates oldest first.

Which times are taken for what, and why:

- Declared is `started_at`: the minute in which the page was opened. It is when GitHub said that
  there was an incident, not when users began to be hurt.
- The start of the impact is `impact_window.start_at`, and `end_at` is when it was mitigated: the
  mirror read them in GitHub's own report. They count when their clock times stand in the words of
  that report and the window meets the time of the page, or ends at most an hour before it was
  opened (a page may be late; a wrong year, or the wrong half of the day, is further away); they are
  recorded as corrections that quote it. Without a window the start is not known, and only durations
  since the declaration are.
- `downtime_start`, `downtime_end` and `duration_minutes` are not used: they are the window if there
  is one and else the times of posting, which for a maintenance begin with its announcement days
  before. Calling that downtime would make statistics out of publishing habits.
- An end before the page was opened closes the incident, and how long it took is not known.
- Resolved is the time of the last update that says so. A page that was opened and closed by one
  retroactive post has a single time, so its end is recorded as not known rather than as 0 minutes.
- Statuses such as Identified or Monitoring are shown with their updates; they are not taken for
  the milestones of their name, which the page does not time.

`components` may be a guess of the mirror (`components_source`); it is taken as it is.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.history.plan import (
    Ended,
    Move,
    Page,
    Resumed,
    Update,
    correction,
    line,
    lines,
    planned,
)
from adapters.history.reading import entry, show, utc
from domain.incident.commands import CorrectTime, Declare
from domain.incident.events import Kind, Milestone, Origin, UpdateStatus
from domain.kernel.commit import Instant
from domain.policy import Severity
from handlers.ingest.history_import import ImportFault, Plan

FEED = "github-status"
LATE_AT_MOST = timedelta(hours=1)
"""So long after the end of the impact a page may be opened."""

SEVERITIES = {
    "critical": Severity.SEV1,
    "major": Severity.SEV2,
    "minor": Severity.SEV3,
    "none": Severity.SEV4,
    "maintenance": Severity.SEV4,
}
"""By `impact`. Another word leaves the classification to the matrix."""

STATUSES = {
    "investigating": UpdateStatus.INVESTIGATING,
    "identified": UpdateStatus.IDENTIFIED,
    "monitoring": UpdateStatus.MONITORING,
    "resolved": UpdateStatus.RESOLVED,
    "postmortem": UpdateStatus.RESOLVED,
    "in progress": UpdateStatus.MITIGATING,
    "verifying": UpdateStatus.MONITORING,
    "completed": UpdateStatus.RESOLVED,
}
"""By the status of an update; `Update`, `Scheduled` and unknown words keep the present status."""

OVER = {"resolved", "completed"}
UNDER_WAY = {"investigating", "identified", "monitoring", "in progress", "verifying"}


class GithubPost(msgspec.Struct, frozen=True):
    """An update as published."""

    at: Instant | None = None
    status: str | None = None
    message: str | None = None


class Window(msgspec.Struct, frozen=True):
    """The impact as read by the mirror in `context`, words of GitHub's report."""

    start_at: Instant | None = None
    end_at: Instant | None = None
    context: str | None = None


class FeedEntry(msgspec.Struct, frozen=True):
    """A line of the file; whatever the feed may leave out may be missing."""

    id: str | int
    title: str | None = None
    url: str | None = None
    started_at: Instant | None = None
    resolved_at: Instant | None = None
    published_at: Instant | None = None
    updated_at: Instant | None = None
    impact: str | None = None
    components: list[str] | None = None
    impact_window: Window | None = None
    updates: list[GithubPost] | None = None


def parse(raw: bytes) -> Iterator[Plan | ImportFault]:
    """The incidents of the file in its order; a line that cannot be understood gives its fault."""
    for number, text in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            yield planned(_page(entry(text, FeedEntry, number), number))
        except ImportFault as fault:
            yield fault
        except OverflowError:
            yield ImportFault(number, "a time beyond the calendar")


def _page(found: FeedEntry, number: int) -> Page:
    updates = _updates(found.updates or [], number)
    words = {update.word.lower() for update in updates}
    opened = utc(found.started_at) or (updates[0].at if updates else utc(found.published_at))
    if opened is None:
        raise ImportFault(number, "no time says when it began", "started_at")
    impact = (found.impact or "").lower()
    maintenance = impact == "maintenance" or "scheduled" in words or "completed" in words
    moves, ended = _moves(updates, utc(found.resolved_at))
    declare = Declare(
        occurred_at=opened,
        title=line(found.title or "", f"GitHub incident {found.id}"),
        severity=SEVERITIES["maintenance"] if maintenance else SEVERITIES.get(impact),
        services=lines(found.components or ()),
        kind=Kind.MAINTENANCE if maintenance else Kind.RETROSPECTIVE,
        origin=Origin(feed=FEED, external_id=str(found.id), url=found.url),
    )
    return Page(
        feed=FEED,
        external_id=str(found.id),
        declare=declare,
        moves=moves,
        corrections=tuple(_corrections(found, opened, updates, ended)),
    )


def _updates(posts: Sequence[GithubPost], number: int) -> list[Update]:
    updates = []
    for place, post in enumerate(posts):
        at = utc(post.at)
        if at is None:
            raise ImportFault(number, "an update without a time", f"updates[{place}].at")
        word = (post.status or "").strip()
        status = STATUSES.get(word.lower())
        updates.append(Update(at=at, text=post.message or "", word=word, status=status))
    # Minutes tie; the order of the file says which came first.
    return sorted(updates, key=lambda update: update.at)


def _moves(
    updates: Sequence[Update], resolved_at: datetime | None
) -> tuple[list[Move], datetime | None]:
    """The updates with what they do to the incident, and when it ended, if it has."""
    moves: list[Move] = []
    ended: datetime | None = None
    resumed = datetime.min.replace(tzinfo=UTC)
    for update in updates:
        word = update.word.lower()
        if ended and word in UNDER_WAY:
            moves.append(Resumed(update.at, f"The status page went back to {update.word}."))
            ended, resumed = None, update.at
        moves.append(update)
        if word in OVER and ended is None:
            ended = update.at
            moves.append(Ended(ended, "The status page called it over."))
    if ended is None and resolved_at and resolved_at >= resumed:
        ended = resolved_at
        moves.append(Ended(ended, "The status page called it over."))
    return moves, ended


def _corrections(
    found: FeedEntry, opened: datetime, updates: Sequence[Update], ended: datetime | None
) -> Iterator[CorrectTime]:
    last = updates[-1].at if updates else opened
    known = max(utc(found.updated_at) or last, last)
    window = found.impact_window
    if window and (stated := _window(window, opened, ended or last)):
        reason = f"GitHub's report on the incident: “{line(window.context or '', '')}”"
        yield correction(Milestone.IMPACT_STARTED, stated[0], known, reason)
        yield correction(Milestone.MITIGATED, stated[1], known, reason)
    if ended is None:
        return
    if updates and opened == last == ended and updates[0].word.lower() in OVER:
        reason = "Posted once, after the fact: the page gives one time, not a beginning and an end."
        yield correction(Milestone.RESOLVED, None, known, reason)
    elif ended < opened:
        reason = f"The page states an end, {show(ended)}, before it was opened."
        yield correction(Milestone.RESOLVED, None, known, reason)
    else:
        reason = f"The status page now says that it was over at {show(ended)}."
        yield correction(Milestone.RESOLVED, ended, known, reason)


def _window(window: Window, opened: datetime, closed: datetime) -> tuple[datetime, datetime] | None:
    """The impact window, if the report's own words bear it out and it meets the page's time."""
    start, end, words = utc(window.start_at), utc(window.end_at), window.context or ""
    if start is None or end is None or not start < end:
        return None
    if (
        end < opened - LATE_AT_MOST
        or start > closed
        or not all(_says(words, at) for at in (start, end))
    ):
        return None
    return start, end


def _says(words: str, at: datetime) -> bool:
    return f"{at:%H:%M}" in words or f" {at.hour}:{at:%M}" in words
