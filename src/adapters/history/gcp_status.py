"""Google Cloud's public status feed: a JSON list of incidents, newest first, as are their updates.

Which times are taken for what:

- The start of the impact is `begin`, the resolution `end`: the provider states both. An incident
  without an `end` is open, whatever its updates say.
- Declared is `created`, when the incident was posted; often long after `begin`, in some after
  `end`. So the time from impact to declaration is Google's time to tell its customers.
- An `end` before `begin` contradicts itself: the incident is closed, and neither its start nor how
  long it took is known; a note says so.
- A report posted as the last word on an incident may state other times than `begin` and `end`,
  which were then never revised. They are recorded as corrections that quote it, if the report
  leaves no doubt (`adapters.history.stated`), the stated times meet those of the feed (a report
  dated into the wrong year does not) and lie before its posting. A report that was followed by
  another update is not the last word: later reports have taken such times back.

The feed's updates do not say whether a cause is known or users are safe, so no milestone is made
of them. Regions are not taken over; the texts name them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from adapters.history.plan import Ended, Move, Note, Page, Update, correction, line, lines, planned
from adapters.history.reading import entry, show, utc
from adapters.history.stated import StatedTimes, stated_times
from domain.incident.commands import CorrectTime, Declare
from domain.incident.events import Kind, Milestone, Origin, UpdateStatus
from domain.kernel.commit import Instant
from domain.policy import Severity
from handlers.ingest.history_import import ImportFault, Plan

FEED = "gcp-status"
SITE = "https://status.cloud.google.com/"

SEVERITIES = {
    "high": Severity.SEV1,
    "SERVICE_OUTAGE": Severity.SEV1,
    "medium": Severity.SEV2,
    "SERVICE_DISRUPTION": Severity.SEV2,
    "low": Severity.SEV3,
    "SERVICE_INFORMATION": Severity.SEV3,
}
"""By `severity` and by `status_impact`: outage, degraded service, minor. When the two disagree the
more severe one counts, as the framework asks in doubt; with neither the matrix classifies.
"""

AVAILABLE = "AVAILABLE"
MINUTE = timedelta(minutes=1)


class GcpPost(msgspec.Struct, frozen=True):
    """An update as published."""

    when: Instant | None = None
    created: Instant | None = None
    status: str | None = None
    text: str | None = None


class Product(msgspec.Struct, frozen=True):
    """A product that was affected."""

    title: str | None = None


class FeedIncident(msgspec.Struct, frozen=True):
    """An incident of the feed; whatever it may leave out may be missing."""

    id: str | int
    begin: Instant | None = None
    created: Instant | None = None
    end: Instant | None = None
    modified: Instant | None = None
    external_desc: str | None = None
    severity: str | None = None
    status_impact: str | None = None
    service_name: str | None = None
    affected_products: list[Product] | None = None
    uri: str | None = None
    updates: list[GcpPost] | None = None
    most_recent_update: GcpPost | None = None


def parse(raw: bytes) -> Iterator[Plan | ImportFault]:
    """The incidents of the file, oldest declaration first, after the faults of its entries."""
    try:
        found = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        yield ImportFault(1, f"not a JSON list of incidents: {error}")
        return
    pages = []
    for number, text in enumerate(found, start=1):
        try:
            pages.append(_page(entry(text, FeedIncident, number), number))
        except ImportFault as fault:
            yield fault
        except OverflowError:
            yield ImportFault(number, "a time beyond the calendar")
    yield from map(planned, sorted(pages, key=_posted_at))


def _posted_at(page: Page) -> datetime:
    assert page.declare.occurred_at, "an imported incident says when it was posted"
    return page.declare.occurred_at


def _page(found: FeedIncident, number: int) -> Page:
    updates = _updates(found, number)
    begin, end = utc(found.begin), utc(found.end)
    created = utc(found.created) or (updates[0].at if updates else begin)
    if created is None:
        raise ImportFault(number, "no time says when it was posted or began", "created")
    moves = _moves(updates, end)
    contradicts = begin is not None and end is not None and end < begin
    if begin and end and contradicts:
        text = f"The feed contradicts itself: begin {show(begin)}, end {show(end)}."
        moves.append(Note(created, text))
        begin = None
    declare = Declare(
        occurred_at=created,
        title=line(found.external_desc or "", f"Google Cloud incident {found.id}"),
        summary=_summary(found),
        severity=_severity(found),
        services=_services(found),
        impact_started_at=begin,
        kind=Kind.RETROSPECTIVE,
        origin=Origin(feed=FEED, external_id=str(found.id), url=f"{SITE}{_path(found)}"),
    )
    changed = max(utc(found.modified) or created, created)
    corrections = tuple(_corrections(begin, end, changed, updates))
    if contradicts:
        reason = "The feed states an end before the beginning."
        corrections = (correction(Milestone.RESOLVED, None, changed, reason),)
    return Page(
        feed=FEED,
        external_id=str(found.id),
        declare=declare,
        moves=moves,
        corrections=corrections,
    )


def _updates(found: FeedIncident, number: int) -> list[Update]:
    posts = list(found.updates or ())
    if not posts and found.most_recent_update:
        posts = [found.most_recent_update]
    updates = []
    for place, post in enumerate(posts):
        at = utc(post.when or post.created)
        if at is None:
            raise ImportFault(number, "an update without a time", f"updates[{place}].when")
        word = (post.status or "").strip()
        status = UpdateStatus.RESOLVED if word == AVAILABLE else None
        updates.append(Update(at=at, text=post.text or "", word=word, status=status))
    # Of two updates of one second, the one further down in the file is the older.
    if len(updates) > 1 and updates[0].at >= updates[-1].at:
        updates.reverse()
    return sorted(updates, key=lambda update: update.at)


def _moves(updates: Sequence[Update], end: datetime | None) -> list[Move]:
    """The updates; the end is known from the first of those that close the incident for good."""
    moves: list[Move] = list(updates)
    if end is None:
        return moves
    place = len(updates)
    while place and updates[place - 1].word == AVAILABLE:
        place -= 1
    moves.insert(place, Ended(end, "Google Cloud states this end."))
    return moves


def _corrections(
    begin: datetime | None, end: datetime | None, changed: datetime, updates: Sequence[Update]
) -> Iterator[CorrectTime]:
    """Where the times stand now, whatever an earlier snapshot said."""
    stated = _last_word(begin, end, updates)
    times = (
        (Milestone.IMPACT_STARTED, begin, stated and stated.start),
        (Milestone.RESOLVED, end, stated and stated.end),
    )
    for milestone, given, other in times:
        if given is None:
            continue
        if stated and other and abs(other - given) >= MINUTE:
            reason = f"Google's last report states {stated.quote}, the feed {show(given)}."
            yield correction(milestone, other, updates[-1].at, reason)
        else:
            yield correction(milestone, given, changed, f"The feed now says {show(given)}.")


def _last_word(
    begin: datetime | None, end: datetime | None, updates: Sequence[Update]
) -> StatedTimes | None:
    if begin is None or end is None or not updates:
        return None
    stated = stated_times(updates[-1].text)
    if stated is None or stated.end > updates[-1].at:
        return None
    return stated if stated.start <= end and begin <= stated.end else None


def _severity(found: FeedIncident) -> Severity | None:
    named = [
        SEVERITIES[word] for word in (found.severity, found.status_impact) if word in SEVERITIES
    ]
    return min(named, key=lambda severity: severity.value, default=None)


def _services(found: FeedIncident) -> tuple[str, ...]:
    titles = [product.title for product in found.affected_products or () if product.title]
    return lines(titles or [found.service_name or ""])


def _summary(found: FeedIncident) -> str | None:
    """The description in full, where the title had to be cut."""
    text = (found.external_desc or "").strip()
    return text[:10_000] if line(text, "") != " ".join(text.split()) else None


def _path(found: FeedIncident) -> str:
    return (found.uri or f"incidents/{found.id}").lstrip("/")
