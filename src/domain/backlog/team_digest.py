"""The digest of the backlog: what waits for triage, told to the team that owns it.

Brief, severity matrix: "Backlog triage (SEV4)". Each team has one digest a working day. The events
are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from domain.kernel.commit import Event, Instant
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.notifiable import Topic
from domain.kernel.totality import kinds
from domain.policy import Severity
from domain.policy.audience import Audience

ENTRIES_MAX = 50
"""So many are named, the most severe and oldest; the list has them all."""


class BacklogEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident in the backlog, since when it goes on, and what of it is due next, until when."""

    incident: str
    reference: str
    title: str
    severity: Severity
    since: Instant
    services: tuple[str, ...] = ()
    due: str | None = None
    due_at: Instant | None = None


class BacklogDigested(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="backlog.digested.v1"
):
    """So many incidents stood in the backlog of a team as it was due (`owner` None: of those whom
    the policy names no owner for), of which the `entries` are the first.
    """

    due_at: Instant
    audiences: tuple[Audience, ...]
    count: int
    entries: tuple[BacklogEntry, ...]
    owner: str | None = None


EVENTS: tuple[type[BacklogDigested], ...] = kinds(BacklogDigested)


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """Tell a team what stands in its backlog; the keeper alone sends it."""

    due_at: Instant
    entries: tuple[BacklogEntry, ...]
    owner: str | None = None


PHASES = ("not told", "told")
"""The phases that one goes through, in the words of documents: samples lead into each."""


class Backlog(msgspec.Struct, frozen=True):
    """The digest, once it was made."""

    digest: BacklogDigested | None = None


def digest_id(owner: str | None, due_at: datetime) -> str:
    """The id of what a team is told then: the day, and who it is for."""
    whom = sha256(owner.encode()).hexdigest()[:16] if owner else "everybody"
    return f"{due_at:%Y%m%dT%H%M%SZ}:{whom}"


def decide(command: Digest, state: Backlog, context: Context) -> list[BacklogDigested]:
    """Once, and only if somebody hears of it."""
    audiences, entries = context.policy.backlog_to, command.entries
    if state.digest is not None or not audiences or not entries:
        return []
    digested = BacklogDigested(
        occurred_at=context.now,
        due_at=command.due_at,
        audiences=audiences,
        count=len(entries),
        entries=entries[:ENTRIES_MAX],
        owner=command.owner,
    )
    subject = topic(Backlog(digested))
    reach = context.reach
    hearing = reach is None or any(
        reach.hears(each, subject.severity, subject.services) for each in audiences
    )
    return [digested] if hearing else []


def evolve(_: Backlog, event: BacklogDigested, __: str = UNKNOWN) -> Backlog:
    """It was made."""
    return Backlog(event)


def topic(state: Backlog) -> Topic:
    """Whom it concerns: all services of its incidents, unless one of them names none."""
    digest = state.digest
    if digest is None:
        return Topic("Backlog")
    named = [each.services for each in digest.entries]
    services = dict.fromkeys(service for each in named for service in each)
    whose = f" of {digest.owner}" if digest.owner else ""
    return Topic(
        f"Backlog{whose}: {_count(digest.count)}",
        services=tuple(services) if all(named) else (),
        severity=min((each.severity for each in digest.entries), default=Severity.SEV4),
    )


def describe(event: BacklogDigested) -> str:
    """The list, a line each."""
    lines = [_line(each, event.due_at) for each in event.entries]
    more = event.count - len(event.entries)
    return "\n".join([*lines, *([f"- and {more} more"] if more else [])])


def _line(entry: BacklogEntry, now: datetime) -> str:
    where = f" ({', '.join(entry.services)})" if entry.services else ""
    due = ""
    if entry.due and entry.due_at:
        verb = "overdue since" if entry.due_at <= now else "due by"
        due = f"; {entry.due}, {verb} {entry.due_at:%Y-%m-%d %H:%M} UTC"
    age = _age(now - entry.since)
    return f"- {entry.reference} {entry.severity}, {age}: {entry.title}{where}{due}"


def _age(span: timedelta) -> str:
    """`for 3 days`; below one, to the hour."""
    hours = int(span.total_seconds()) // 3600
    if hours < 1:
        return "for less than an hour"
    number, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"for {number} {unit}{'' if number == 1 else 's'}"


def _count(number: int) -> str:
    return f"{number} incident{'' if number == 1 else 's'}"
