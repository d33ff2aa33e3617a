"""When a person is paged by which method, by the person's own rules; or why not at all."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from domain.directory.contact_rules import ContactRule, PagedDuring, QuietHours, is_within
from domain.directory.working_hours import WorkingHours
from domain.kernel.text import enumerated
from domain.paging.pages.events import PlannedContact
from domain.paging.pages.page_facts import Reachable
from domain.policy import Severity

APART_S = 60
"""So long is waited between two methods of a person who has no rules."""

Carriers = Callable[[str], tuple[str, ...]]
"""Given a method: the channels that carry it, the first choice first."""


def plan(
    person: Reachable, severity: Severity, now: datetime, carriers: Carriers
) -> tuple[PlannedContact, ...] | str:
    """The contacts in the order of their times, or in a few words why there are none."""
    quiet = person.quiet
    if quiet is not None and severity not in quiet.broken_by and _is_quiet(person, quiet, now):
        zone = person.time_zone or "UTC"
        return (
            f"has quiet hours until {quiet.ends:%H:%M} ({zone}), which a {severity} does not break"
        )
    if not person.methods:
        return "has no contact method in use"
    wanted = list(_first_of_each(_wanted(person, severity, now, carriers)))
    if not wanted:
        return f"has no contact rule for a {severity} at this hour that names a method in use"
    found = [
        PlannedContact(
            person=person.person,
            name=person.name,
            method=method,
            address=address,
            at=now + timedelta(seconds=after_s),
            carriers=channels,
        )
        for after_s, method, address in wanted
        if (channels := carriers(method))
    ]
    if not found:
        methods = enumerated(dict.fromkeys(method for _, method, _ in wanted))
        return f"is reached by {methods}, which no channel carries"
    return tuple(sorted(found, key=lambda each: each.at))


_Wanted = tuple[int, str, str]
"""After how many seconds by which method to which address."""


def _first_of_each(wanted: Iterable[_Wanted]) -> Iterator[_Wanted]:
    """Each way once, at its first time: nobody is paged twice by one method at one level."""
    seen: set[tuple[str, str]] = set()
    for after_s, method, address in sorted(wanted, key=lambda it: it[0]):
        if (method, address) not in seen:
            seen.add((method, address))
            yield after_s, method, address


def _wanted(
    person: Reachable, severity: Severity, now: datetime, carriers: Carriers
) -> Iterator[_Wanted]:
    if not person.rules:
        usable = [each for each in person.methods if carriers(each[0])] or person.methods
        for place, (method, address) in enumerate(usable):
            yield place * APART_S, method, address
        return
    for rule in person.rules:
        if _is_for(rule, person, severity, now):
            yield from ((rule.after_s, *each) for each in person.methods if each[0] == rule.method)


def _is_for(rule: ContactRule, person: Reachable, severity: Severity, now: datetime) -> bool:
    if rule.severities and severity not in rule.severities:
        return False
    if rule.during is PagedDuring.ALWAYS:
        return True
    hours = person.working_hours or WorkingHours()
    at_work = is_within(now, person.time_zone, hours.weekdays, hours.begins, hours.ends)
    return at_work is (rule.during is PagedDuring.WORKING_HOURS)


def _is_quiet(person: Reachable, quiet: QuietHours, now: datetime) -> bool:
    return is_within(now, person.time_zone, quiet.weekdays, quiet.begins, quiet.ends)
