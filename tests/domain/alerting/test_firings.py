"""Where a firing belongs is decided once; which firings share an incident."""

from datetime import datetime
from typing import Any

import pytest

from domain.alerting import FIRINGS, Action, AlertEnded, AlertRouted, End, FiringHistory, Route
from domain.alerting.firing_history import FIRINGS_KEPT
from domain.incident.alerts.alert import Opens
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from support.spec import NOON, at

CONTEXT = Context(NOON, "command-1", DEFAULT)


def fires(at_min: float, alert: str = "a", **more: Any) -> AlertRouted:
    episode = more.pop("episode", f"{alert}{at_min:g}")
    return AlertRouted(
        occurred_at=at(at_min), product="p", source="s", alert_id=alert, episode=episode, **more
    )


def over(began_min: float, at_min: float, alert: str = "a") -> End:
    ended = AlertEnded(
        occurred_at=at(at_min),
        product="p",
        source="s",
        alert_id=alert,
        episode=f"{alert}{began_min:g}",
    )
    return End(ended=ended)


def after(*commands: Route | End) -> FiringHistory:
    course = FIRINGS.initial
    for command in commands:
        course = FIRINGS.fold(course, FIRINGS.decide(command, course, CONTEXT))
    return course


def own(at_min: float, **more: Any) -> Route:
    """A firing of the one alert `a`, with an incident of its own."""
    command = {name: more.pop(name) for name in ("over", "responder_led", "again") if name in more}
    return Route(routed=fires(at_min, **more), own=f"own-{at_min:g}", **command)


def shared(at_min: float, alert: str, **more: Any) -> Route:
    """A firing of an alert that shares incidents with others of the thread `t`."""
    command = {name: more.pop(name) for name in ("over", "found") if name in more}
    return Route(routed=fires(at_min, alert, **more), thread="t", **command)


def incidents(course: FiringHistory) -> list[str | None]:
    return [firing.incident for firing in course.firings]


def test_what_was_decided_is_not_decided_again():
    course = after(own(0, rule="first"))
    for again in (own(0, rule="other"), own(0, action=Action.IGNORE)):
        assert FIRINGS.decide(again, course, CONTEXT) == []


def test_a_firing_of_its_own_has_an_incident_of_its_own():
    assert incidents(after(own(0), over(0, 5), own(9))) == ["own-0", "own-9"]


def test_whether_the_end_was_heard_of_before_the_next_firing_does_not_matter():
    heard = after(own(0), over(0, 5), own(9), over(9, 10))
    late = after(own(0), own(9), over(9, 10), over(0, 5))
    backwards = after(over(0, 5), own(9), over(9, 10), own(0), over(0, 5))
    for course in (heard, late, backwards):
        assert sorted(filter(None, incidents(course))) == ["own-0", "own-9"]


def test_an_alert_that_fires_again_while_responders_are_at_work_belongs_to_their_incident():
    led = frozenset({"own-0"})
    assert incidents(after(own(0), over(0, 5), own(9, responder_led=led))) == ["own-0", "own-0"]


@pytest.mark.parametrize(("again_min", "same"), [(6, True), (10, True), (10.1, False)])
def test_within_the_flap_window_an_alert_goes_on(again_min: float, same: bool):
    course = after(own(0), over(0, 5), own(again_min, flap_window_s=300))
    assert (len(set(incidents(course))) == 1) is same


def test_alerts_of_a_thread_share_its_incident_while_it_is_open():
    course = after(shared(0, "a"), shared(1, "b"))
    assert len(set(incidents(course))) == 1
    closed = frozenset(course.incidents)
    later = shared(2, "c", over=closed)
    assert len(set(incidents(after(shared(0, "a"), shared(1, "b"), later)))) == 2


def test_which_alert_of_a_thread_was_first_does_not_matter():
    one, other = after(shared(0, "a"), shared(1, "b")), after(shared(1, "b"), shared(0, "a"))
    assert set(incidents(one)) == set(incidents(other))


def test_a_thread_within_its_flap_window_goes_on():
    first = after(shared(0, "a"), over(0, 5, "a"))
    closed = frozenset(first.incidents)
    for minute, same in ((9, True), (11, False)):
        again = shared(minute, "b", flap_window_s=300, over=closed)
        course = after(shared(0, "a"), over(0, 5, "a"), again)
        assert (len(set(incidents(course))) == 1) is same


def test_what_is_attached_to_an_open_incident_does_not_say_what_it_is():
    course = after(shared(0, "a", action=Action.ATTACH), shared(1, "b", action=Action.ATTACH))
    assert [each.opens for each in course.firings] == [Opens.INCIDENT, Opens.TRIAGE]
    found = after(shared(0, "a", action=Action.ATTACH, found="theirs"))
    assert [(each.incident, each.opens) for each in found.firings] == [("theirs", Opens.TRIAGE)]


def ignored(until_min: float | None, **more: Any) -> Route:
    until: datetime | None = None if until_min is None else at(until_min)
    return own(0, action=Action.IGNORE, until=until, **more)


def test_what_is_ignored_stays_so_until_it_is_asked_again():
    course = after(ignored(60))
    assert incidents(course) == [None]
    assert FIRINGS.decide(own(0), course, CONTEXT) == []
    (event,) = FIRINGS.decide(own(0, again=True), course, CONTEXT)
    assert isinstance(event, AlertRouted)
    assert event.incident == "own-0"
    assert FIRINGS.decide(ignored(60, again=True), course, CONTEXT) == []
    assert len(FIRINGS.decide(ignored(90, again=True), course, CONTEXT)) == 1


def test_of_several_ends_the_first_counts():
    course = after(own(0), over(0, 5), over(0, 9), over(0, 3))
    assert [each.ended_at for each in course.firings] == [at(3)]


def test_an_end_of_what_never_fired_is_no_news():
    assert FIRINGS.decide(over(0, 5), FiringHistory(), CONTEXT) == []


def test_a_course_remembers_so_many_firings():
    course = after(*(own(minute) for minute in range(FIRINGS_KEPT + 10)))
    assert len(course.firings) == FIRINGS_KEPT
    assert course.incidents_had == FIRINGS_KEPT + 10
