"""Which end of its alerts is that of an incident, and which alert takes an end back."""

from collections.abc import Callable
from datetime import datetime

from domain.incident.alerts.latest import Latest
from domain.incident.alerts.member import Member
from domain.incident.state import Facts


def in_hand(facts: Facts) -> bool:
    """Whether people have taken it on here, and none of them has ended it since: what alerts say
    does not end it then.
    """
    return facts.response.engaged or (facts.about.declared and not facts.stated.closed)


def taken_there(facts: Facts, by: datetime | None = None) -> Latest | None:
    """The acknowledgement of a person where its alerts come from that stands, or stood `by` then,
    and since which nobody has ended it.
    """
    hands = (each for each in reversed(facts.alerts.hands) if by is None or each.at <= by)
    said = next(hands, None)
    if said is None or not said.value:
        return None
    ended_at = facts.stated.moved_at if facts.stated.closed else None
    return said if ended_at is None or said.at > ended_at else None


def find_end(facts: Facts) -> Latest | None:
    """The alert that ended the incident: when all of its alerts are over, the end of the last one;
    of each, the first to say so that nothing has taken back.
    """
    last = _last_end(facts, _ends)
    return last if last and _ends(facts, last) else None


def _last_end(facts: Facts, counts: Callable[[Facts, Latest], bool]) -> Latest | None:
    """The end of the last of its alerts, once all are over; of each the first end that counts."""
    if facts.alerts.going_on and not facts.stated.closed:
        return None
    ends: list[Latest] = []
    for member in facts.alerts.members:
        said = member.resolutions
        if said:
            ends.append(next((each for each in said if counts(facts, each)), said[0]))
        elif not _is_left_behind(facts, member):
            return None
    return max(ends, default=None)


def over_at(facts: Facts) -> datetime | None:
    """When the last of its alerts was over; None: it has none, or one fires."""
    last = _last_end(facts, lambda *_: True)
    return last.at if last else None


def are_over(facts: Facts) -> bool:
    """Whether it has alerts, and all of them are over."""
    return over_at(facts) is not None


def _ends(facts: Facts, end: Latest) -> bool:
    """Whether the end of its alerts is that of the incident: not while people have it in hand. Who
    has acknowledged it where its alerts come from may end it there, in person.
    """
    alerts = facts.alerts
    if end.event_id in alerts.former_ends:
        return _moves(facts, end)
    if in_hand(facts):
        return False
    if taken_there(facts, by=end.at) and end.event_id not in alerts.personal_ends:
        return False
    return _moves(facts, end)


def _is_left_behind(facts: Facts, member: Member) -> bool:
    """Whether a responder has closed the incident over this alert, and it has not fired since."""
    starts = [each.at for each in (member.fired, member.reopening) if each]
    moved_at = facts.stated.moved_at
    return facts.stated.closed and all(moved_at is None or at <= moved_at for at in starts)


def find_restart(facts: Facts) -> Latest | None:
    """The last alert that took the end back."""
    last = facts.alerts.last_restart
    return last if last and _moves(facts, last) else None


def _moves(facts: Facts, transition: Latest) -> bool:
    """Whether it came after what a responder last did. Of an incident that was declared, an alert
    may take back the end.
    """
    stated = facts.stated
    if facts.about.declared and not stated.closed:
        return False
    return stated.moved_at is None or transition.at > stated.moved_at
