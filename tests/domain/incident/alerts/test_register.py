"""The register: whatever it keeps of its alerts is what all of them say, in any order, and one more
alert costs no more among thousands than among a few.
"""

import sys
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.member import ClaimedLevel
from domain.incident.alerts.register import AlertRegister, register
from domain.policy import Severity
from support.spec import at

TOLD = st.builds(
    Alert,
    product=st.just("alertmanager"),
    source=st.just("am"),
    alert_id=st.sampled_from("abc"),
    event_id=st.sampled_from("123456"),
    kind=st.sampled_from(AlertKind),
    opens=st.sampled_from(Opens),
    title=st.sampled_from([None, "Checkout", "Cart"]),
    service=st.sampled_from([None, "shop", "web"]),
    priority=st.sampled_from([None, "P1"]),
    by=st.sampled_from([None, "Ada"]),
    storm=st.sampled_from([None, "storm"]),
)
REPORTS = st.lists(
    st.tuples(TOLD, st.integers(0, 6), st.sampled_from([None, *Severity])),
    max_size=12,
    # What two reports of one id and time differ in is nobody's to decide.
    unique_by=lambda each: (each[0].event_id, each[1], each[0].kind),
)


def registered(reports: Any) -> AlertRegister:
    known = AlertRegister()
    for alert, minute, severity in reports:
        known = register(known, alert, at(minute), ClaimedLevel(severity))
    return known


@given(REPORTS)
def test_what_is_kept_is_what_all_alerts_say(reports: Any):
    known = registered(reports)
    by_age = sorted(known.members, key=lambda member: member.began)
    titles = [member.title or member.end_title for member in by_age]
    assert known.title == next((title.value for title in titles if title), None)
    assert known.service == next((each.service.value for each in by_age if each.service), None)
    assert known.first == (by_age[0].began if by_age else None)
    assert known.last_restart == max(known.restarts, default=None)
    claims = [member.claim for member in by_age if member.claim]
    last = {claim.value: claim for claim in sorted(claims)}
    assert known.claimed == tuple(sorted(last.values()))
    assert known.going_on == sum(not member.resolutions for member in by_age)
    assert known.outside_storm == sum(
        member.fired is not None and not member.in_storm for member in by_age
    )
    assert [known.member(member.key) for member in by_age] == by_age
    assert known.member(("alertmanager", "am", "another", "")) is None


@given(REPORTS.flatmap(lambda reports: st.tuples(st.just(reports), st.permutations(reports))))
def test_any_order_gives_the_same(both: Any):
    one, other = both
    assert registered(one) == registered(other)


def calls_to_add(known: AlertRegister, alert: Alert, minute: float) -> int:
    """How many calls one more alert takes."""
    called = count()

    def profile(*_: object) -> None:
        next(called)

    sys.setprofile(profile)
    try:
        register(known, alert, at(minute), ClaimedLevel(Severity.SEV3))
    finally:
        sys.setprofile(None)
    return next(called)


def test_one_more_alert_costs_no_more_among_thousands():
    def fired(number: int) -> Alert:
        return Alert(
            product="alertmanager",
            source="am",
            alert_id=f"node {number:04}",
            event_id=f"fired {number}",
            kind=AlertKind.TRIGGERED,
        )

    few = registered((fired(n), n / 100, Severity.SEV3) for n in range(20))
    many = registered((fired(n), n / 100, Severity.SEV3) for n in range(2000))
    for added in (fired(2001), fired(10)):
        assert calls_to_add(many, added, 21) < calls_to_add(few, added, 21) + 40
