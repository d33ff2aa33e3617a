"""What should happen by itself, and when, given the record so far."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from simulation import rulebook as r
from simulation.record import Record


class Expected(NamedTuple):
    """An event by a rule. It must not come before `fires_at`, nor is it asked for after `until`."""

    rule: str
    due_at: datetime
    fires_at: datetime
    detail: str = ""
    until: datetime | None = None


def expected(record: Record) -> list[Expected]:
    """All that is to come, if nothing else happens first."""
    if not record.live:
        return []
    found: list[Expected] = []
    if record.waiting is not None:
        found += _unanswered(record, record.waiting)
    if record.left is not None and record.left not in record.asked:
        found.append(_at("alerts.over", record.left))
    if record.phase == "open":
        found += [*_level(record), *_cause(record), *_timeboxes(record), *_updates(record)]
        found += [*_first_updates(record), *_recovery(record)]
    if record.phase == "closed":
        found += _afterwards(record)
        found += _worse_after_all(record)
    return found


def _at(rule: str, due_at: datetime, detail: str = "") -> Expected:
    return Expected(rule, due_at, due_at, detail)


def _unanswered(record: Record, waiting: datetime) -> Iterator[Expected]:
    due_at = r.promised(record.levels, waiting, r.response)
    assert due_at is not None
    if not record.breached:
        yield _at("response.overdue", due_at, record.severity)
    tier = r.next_tier(record.tiers, record.unheard, record.severity)
    if tier is None or record.severity == "SEV4":
        return
    rule = "escalation.response_overdue"
    last = record.escalated.get(rule, waiting)
    next_at = r.promised(record.levels, max(due_at, last), r.another_response)
    if next_at is not None:
        yield _at(rule, _unless_told(record, next_at, tier), tier)


def _unless_told(record: Record, due_at: datetime, tier: str) -> datetime:
    """The last rung is told again some time after it was told last, by whichever rule."""
    last = record.told_at.get(r.LADDER[-1])
    if last is None or tier != r.LADDER[-1]:
        return due_at
    return max(due_at, last + r.minutes(r.TOP_AGAIN[record.severity]))


def _level(record: Record) -> Iterator[Expected]:
    tier = r.TOLD.get(record.severity)
    higher = [
        each for each in record.tiers if tier and r.LADDER.index(each) >= r.LADDER.index(tier)
    ]
    if tier is None or higher or _is_told_once(record, tier):
        return
    assert record.opened is not None
    since = max(record.levels[-1][0], record.opened)
    due_at = r.told_at(since, record.severity)
    for severity, at in record.severe_before.values():
        if severity == record.severity:
            due_at = max(since, min(due_at, r.told_at(at, severity)))
    if not _was_their_turn(record, due_at):
        yield _at("escalation.severity", due_at, tier)


def _was_their_turn(record: Record, due_at: datetime) -> bool:
    """Whether they were to be told then, though perhaps no channel did."""
    last = record.escalated.get("escalation.severity")
    return last is not None and due_at <= last


def _is_told_once(record: Record, tier: str) -> bool:
    """Whether the team lead has heard of a SEV3: once is enough, whatever becomes of it."""
    return record.severity == "SEV3" and tier in record.ever_told


def _cause(record: Record) -> Iterator[Expected]:
    tier = r.next_tier(record.tiers, record.unheard, record.severity)
    if record.sought is None or record.severity not in r.ROOT_CAUSE:
        return
    breach_at = r.promised(record.levels, record.sought, r.root_cause)
    assert breach_at is not None
    if not record.unexplained:
        yield _at("root_cause.overdue", breach_at, record.severity)
    rule = "escalation.no_root_cause"
    start = max(record.sought, record.escalated.get(rule, record.sought))
    due_at = r.promised(record.levels, start, r.root_cause)
    assert due_at is not None
    assert tier is not None
    yield _at(rule, _unless_told(record, due_at, tier), tier)


def _timeboxes(record: Record) -> Iterator[Expected]:
    for name, since in record.paths.items():
        due_at = since + r.minutes(r.TIMEBOX)
        if (name, due_at) not in record.expired:
            yield _at("timebox.hypothesis", due_at, name)


def _updates(record: Record) -> Iterator[Expected]:
    for audience, since in record.interval.items():
        due_at = r.promised(record.levels, since, r.cadence)
        assert due_at is not None
        if record.reminded.get(audience, since) < due_at:
            ahead = r.minutes(r.REMINDER[record.severity])
            yield Expected("update.due", due_at, due_at - ahead, audience, until=due_at)
        yield _at("update.overdue", due_at, audience)


def _first_updates(record: Record) -> Iterator[Expected]:
    assert record.opened is not None
    if not record.has_update:
        due_at = r.promised(record.levels, record.opened, r.first_update)
        if due_at and record.unsaid < record.opened:
            yield _at("update.first_overdue", due_at, record.severity)
    if record.facing is not None and not record.is_told_in_public:
        due_at = r.promised(record.levels, record.facing, r.customer_update)
        if due_at and record.unsaid_in_public < record.facing:
            yield _at("update.customers_overdue", due_at, record.severity)


def _recovery(record: Record) -> Iterator[Expected]:
    if record.mitigated is not None:
        for after in r.MONITORING:
            due_at = record.mitigated + r.minutes(after)
            if due_at not in record.watched:
                yield _at("monitoring.window", due_at, str(after == r.MONITORING[-1]))


def _short_record(record: Record, closed: datetime) -> Iterator[Expected]:
    """What needs no post-mortem is to say what it did, and what follows."""
    due_at = closed + r.minutes(r.RECORD)
    if not record.filed and due_at not in record.overdue:
        until = due_at + r.minutes(r.LAPSES_AFTER)
        yield Expected("record.overdue", due_at, due_at, until=until)


def _worse_after_all(record: Record) -> Iterator[Expected]:
    """The tier of the matrix hears of what turns out to have been worse after its end."""
    assert record.closed is not None
    tier = r.TOLD.get(record.severity)
    until = [severity for at, severity in record.levels if at <= record.closed]
    if record.in_triage or tier is None or not until or record.peak >= min(until):
        return
    if not _is_told_once(record, tier) and not set(r.LADDER[r.LADDER.index(tier) :]) & set(
        record.tiers
    ):
        due_at = r.told_at(record.levels[-1][0], record.severity)
        if not _was_their_turn(record, due_at):
            yield _at("escalation.severity", due_at, tier)


def _afterwards(record: Record) -> Iterator[Expected]:
    assert record.closed is not None
    if record.in_triage:
        return  # a page in triage that went away
    if not record.cleared:
        yield _at("all_clear.due", record.closed + r.minutes(r.ALL_CLEAR))
    if record.published:
        return
    if record.peak > "SEV2":
        yield from _short_record(record, record.closed)
        return
    severe = [at for at, severity in record.levels if severity <= "SEV2"]
    since = max(record.closed, min(severe))
    due_at = since + r.minutes(r.POSTMORTEM)
    if due_at not in record.requested:
        yield Expected("postmortem.requested", due_at, since)
    for left in r.REMINDED:
        at = due_at - r.minutes(left)
        if at not in record.postmortem_reminded:
            until = min(at + r.minutes(r.LAPSES_AFTER), due_at)
            yield Expected("postmortem.reminder", at, at, until=until)
    if due_at not in record.overdue:
        yield _at("postmortem.overdue", due_at)
