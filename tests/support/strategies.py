"""Hypothesis strategies for what may be asked of an incident, drawn from few values so that they
meet: the same names, the same minutes, figures around their doubles.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from domain.alerting.change_samples import CHANGE
from domain.incident import Command
from domain.incident import commands as c
from domain.incident.alerts.alert import AlertKind
from domain.incident.command_fields import Gated
from domain.incident.events import Kind, Milestone, UpdateStatus
from domain.incident.impact import Impact
from domain.policy import Functionality, Role, Severity
from support.spec import at, page

MINUTES = st.integers(0, 20)
WHEN = st.none() | MINUTES.map(at)
WORDS = st.sampled_from(["a", "b"])
PEOPLE = st.sampled_from(["ada", "grace"])
FLAGS = st.sampled_from([None, True, False])
FIGURES = st.sampled_from([None, 0, 1, 2, 3, 4, 8])
SHARES = st.sampled_from([None, 0.0, 12.5, 25.0, 25.1, 50.0, 100.0])

MEASURES: dict[str, st.SearchStrategy[Any]] = {
    "users_affected": FIGURES,
    "percent_affected": SHARES,
    "scope": FIGURES,
    "regions": FIGURES,
    "tenants": FIGURES,
    "functionality": st.none() | st.sampled_from(Functionality),
    "paying_customers": FLAGS,
    "customer_reported": FLAGS,
    "data_integrity_concern": FLAGS,
    "security_breach": FLAGS,
}
IMPACTS = st.fixed_dictionaries({}, optional=MEASURES).map(lambda given: Impact(**given))


def _of(command: type[Command], /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    """Whose times contradict each other, says that they are meant, and goes past all gates."""
    if issubclass(command, Gated):
        fields["override"] = st.sampled_from([None, "alone on call"])
    return st.builds(command, occurred_at=WHEN, confirm=st.just(True), **fields)


DECLARE = _of(
    c.Declare,
    title=WORDS,
    severity=st.none() | st.sampled_from(Severity),
    impact=IMPACTS,
    impact_started_at=WHEN,
    detected_at=WHEN,
    kind=st.sampled_from(Kind),
    services=st.sampled_from([(), ("checkout",)]),
)
REASSESS = st.fixed_dictionaries({}, optional=MEASURES).flatmap(
    lambda stated: _of(c.ReassessImpact, **{name: st.just(v) for name, v in stated.items()})
)
ENTRIES = st.sampled_from(
    ["H1", *(f"c{n}/0" for n in range(14)), *(f"command-{n}/0" for n in range(1, 9))]
)
"""Of a log of `worlds` and one of `spec`: some are there."""
CORRECT = st.fixed_dictionaries({}, optional={"text": WORDS, "time": MINUTES.map(at)}).flatmap(
    lambda said: _of(c.Correct, entry=ENTRIES, **{name: st.just(v) for name, v in said.items()})
)
HYPOTHESES = st.sampled_from(["H1", "H2"])
RESPONSES: tuple[st.SearchStrategy[Command], ...] = (
    DECLARE,
    _of(c.Acknowledge),
    _of(c.AssignRole, role=st.sampled_from(Role), assignee=PEOPLE),
    _of(c.HandOverRole, role=st.sampled_from(Role), assignee=PEOPLE),
    REASSESS,
    REASSESS,
    _of(c.ChangeSeverity, severity=st.sampled_from(Severity), reason=WORDS),
    _of(c.OpenHypothesis, statement=WORDS),
    _of(c.ConfirmHypothesis, hypothesis=HYPOTHESES, finding=WORDS),
    _of(c.RejectHypothesis, hypothesis=HYPOTHESES, finding=WORDS),
    _of(c.AbandonHypothesis, hypothesis=HYPOTHESES, reason=WORDS),
    _of(c.LogAction, action=WORDS),
    _of(c.AddNote, text=WORDS),
    _of(c.PostUpdate, text=WORDS, status=st.none() | st.sampled_from(UpdateStatus)),
    _of(c.IdentifyRootCause, cause=WORDS),
    _of(c.WithdrawRootCause, reason=WORDS),
    _of(c.Mitigate, mitigation=WORDS),
    _of(c.DidNotHold, reason=WORDS),
    _of(c.Resolve, resolution=WORDS),
    _of(c.Reopen, reason=WORDS),
    _of(c.Cancel, reason=WORDS),
    _of(c.Merge, into=st.just("i-2")),
    _of(c.Unmerge, reason=WORDS),
    _of(c.DetachDuplicate, duplicate=WORDS, duplicate_number=st.just(9), reason=WORDS),
    _of(c.CorrectTime, milestone=st.sampled_from(Milestone), value=WHEN, reason=WORDS),
    CORRECT,
    CORRECT,
    _of(c.Correct, title=WORDS, services=st.sampled_from([(), ("checkout",), ("search",)])),
    _of(c.Retract, entry=ENTRIES, reason=WORDS),
    _of(c.UnassignRole, role=st.sampled_from(Role)),
    _of(c.Link, url=st.sampled_from(["https://a.example", "s3://b/c"]), name=st.none() | WORDS),
    _of(c.AttachDuplicate, duplicate=WORDS, duplicate_number=st.just(9)),
    _of(c.NoteChange, change=st.sampled_from([CHANGE, replace(CHANGE, id="another")])),
)
RESPONSE = st.one_of(RESPONSES)
ALERT = st.builds(
    page,
    kind=st.sampled_from([kind.value for kind in AlertKind])
    | st.sampled_from(["acknowledged", "resolved", "reopened"]),
    event_id=st.integers(0, 10**6).map(str),
    at_min=MINUTES,
    opens=st.sampled_from(["incident", "triage"]),
    title=st.sampled_from([None, "CPU high", "errors"]),
    service=st.sampled_from([None, "checkout", "search"]),
    priority=st.sampled_from([None, "P1", "P2", "P3", "P4"]),
    urgency=st.sampled_from([None, "high", "low"]),
)
BEGINNING = DECLARE | ALERT
COMMAND = RESPONSE | ALERT
STAFFING: list[Command] = [
    c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="ada", occurred_at=at(0)),
    c.AssignRole(role=Role.TECHNICAL_LEAD, assignee="grace", occurred_at=at(0)),
]


@st.composite
def stories(draw: st.DrawFn) -> list[Command]:
    """A beginning and what follows. Each story keeps to a few kinds of commands, so that those
    meet in depth (swarm testing, Groce et al. 2012).
    """
    kinds = draw(st.lists(st.sampled_from((*RESPONSES, ALERT)), min_size=1, max_size=6))
    staffing = draw(st.sampled_from([[], STAFFING]))
    return [draw(BEGINNING), *staffing, *draw(st.lists(st.one_of(kinds), max_size=15))]


STORY = stories()
"""Everything is recorded at `spec.NOW`, most of it late."""

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
ANY_TIME = st.datetimes(min_value=datetime(1, 1, 1), timezones=ZONES)  # noqa: DTZ001 - zones follow
