"""Why a severity, an escalation, a page or a silence came about, in sentences that are true."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.table import DEADLINES
from domain.incident.events import Kind
from domain.incident.explanations.rule_words import RULES
from domain.incident.impact import Impact
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.notification import Audience
from domain.notification import events as n
from domain.notification.intent import intent_id
from domain.policy import DEFAULT, Functionality, Severity
from projections.incident.explained import Explained, ExplainedEvent, OfEvent, explain_incident
from projections.past import NOW, Cut
from support.spec import NUMBER, SEV1, SEV2, SEV3, Log, at, declared, log_of, page

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience


def explained(
    log: Log, *notifications: Event, event: str | None = None, cut: Cut = NOW
) -> Explained:
    beside: Sequence[Any] = [
        Recorded(
            len(log.commits) + place,
            f"notification.{log.incident_id}",
            Commit[Event](
                id=f"n{place}", actor="commandpost", correlation_id="c",
                recorded_at=it.occurred_at, events=(it,),
            ),
        )
        for place, it in enumerate(notifications, start=1)
    ]  # fmt: skip
    asked = OfEvent(id=log.incident_id, event=event)
    found = explain_incident(asked, [*log.commits, *beside], cut, DEFAULT)
    assert found is not None
    return found


def one(log: Log, event: str, *notifications: Event) -> ExplainedEvent:
    (found,) = explained(log, *notifications, event=event).events
    return found


def delivered(event: str, audience: Audience, minute: float = 0, **more: Any) -> Event:
    values = {"attempt": 1, "receipt": "ok", **more}
    return n.NotificationDelivered(
        occurred_at=at(minute), intent_id=intent_id(event, audience), channel="slack",
        audience=audience, subject="s", **values,
    )  # fmt: skip


def by_the_clock(log: Log, rule: DeadlineRule, minute: float) -> Log:
    """The log with what a deadline causes as it expires."""
    (deadline,) = [each for each in DEADLINES.all if rule in each.rules]
    history = DEADLINES.initial
    for recorded in log.commits:
        history = DEADLINES.follow(history, recorded, DEFAULT, INCIDENT.evolve)
    expire = DEADLINES.next_expiry(deadline, history, at(minute), DEFAULT)
    assert expire is not None
    context = Context(at(minute), "clock", DEFAULT, NUMBER, "commandpost")
    log.append(DEADLINES.expire(expire, log.incident, context), at(minute), f"clock-{minute}")
    return log


def test_a_severity_that_a_rule_raised_names_the_figures_the_rule_and_what_prevents_it():
    log = Log()
    log.run(c.Declare(title="t", impact=Impact(users_affected=100, percent_affected=5.0)), at(0))
    log.run(c.ReassessImpact(users_affected=210), at(4))
    found = explained(log)
    (raised,) = [each for each in found.events if each.kind == "severity_upgraded"]
    assert raised.rule == "escalation.impact_doubled"
    assert "users affected 100 → 210" in " ".join(raised.why)
    assert "2 times" in " ".join(raised.why)
    assert raised.caused_by is not None
    assert raised.caused_by.text.startswith("Impact reassessed")
    assert "change_severity" in (raised.prevented_by or "")
    assert found.severity[0] == f"INC-1 is {log.incident.facts.severity}."  # type: ignore[union-attr]


def test_a_raise_by_a_signal_is_explained_as_one_by_a_person():
    log = Log()
    signal = page("updated", "u1", at_min=2, impact=Impact(percent_affected=100.0))
    for minute, command in enumerate((page(), c.Declare(title="t", severity=SEV3), signal)):
        assert log.run(command, at(minute)) == "decided"
    (raised,) = [each for each in explained(log).events if each.kind == "severity_upgraded"]
    assert (raised.rule, raised.policy_version) == ("severity.matrix", DEFAULT.version)
    assert "The figures: 100% of users affected: full outage." in raised.why
    assert raised.caused_by is not None
    assert "impact: 100% of users" in raised.caused_by.text


def test_a_signal_that_classifies_an_incident_cites_the_matrix():
    log = Log()
    log.run(page(impact=Impact(percent_affected=39.0)), at(0))
    (found,) = explained(log).events
    assert (found.rule, found.policy_version) == ("severity.matrix", DEFAULT.version)
    assert "The matrix says SEV2: 39% of users affected." in found.why
    assert not any("priority" in said for said in found.why)


def test_an_escalation_names_rule_tier_due_time_and_what_it_counts_from():
    log = by_the_clock(log_of(declared(SEV1)), DeadlineRule.ESCALATE_LEVEL, 0)
    found = one(log, "clock-0/0", delivered("clock-0/0", EXECUTIVES, 1))
    assert (found.rule, found.policy_version) == ("escalation.severity", DEFAULT.version)
    assert "VP Engineering, CTO hear of a SEV1 at once" in found.why[0]
    assert any(said.startswith("It counts from 2026-05-04 12:00:00 UTC") for said in found.why)
    assert found.told[0] == "Executives were told via slack at 2026-05-04 12:01:00 UTC."


def test_a_breach_that_was_recorded_late_says_so():
    log = by_the_clock(log_of(declared(SEV1)), DeadlineRule.RESPONSE, 44)
    assert "It was recorded 39 min later" in " ".join(one(log, "clock-44/0").why)


def test_a_matrix_in_doubt_and_one_that_is_held_are_told_apart():
    log = Log()
    log.run(c.Declare(title="t"), at(0))
    assert "Nobody has assessed the impact" in " ".join(explained(log).severity)
    log.run(c.ReassessImpact(functionality=Functionality.FULL_OUTAGE), at(1))
    log.run(c.ChangeSeverity(severity=SEV3, reason="one test tenant"), at(2))
    said = " ".join(explained(log).severity)
    assert "The matrix says SEV1" in said
    assert "held at SEV3" in said


def silent(log: Log, event: str = "command-1/0") -> str:
    return " ".join(one(log, event).told)


def test_why_nobody_was_told_is_said_for_each_kind_of_silence():
    test = log_of(declared(SEV1, kind=Kind.TEST))
    assert "this is a test" in silent(test)
    assert all("this is a test" in said for said in explained(test).told)
    assert "none is marked for drills" in silent(log_of(declared(SEV1, kind=Kind.DRILL)))
    assert "tell nobody by themselves" in silent(
        log_of(declared(SEV1), e.NoteAdded(occurred_at=at(1), text="x")), "command-2/0"
    )
    retold = log_of(declared(SEV1))
    (first,) = retold.commits
    retold.commits = [replace(first, commit=replace(first.commit, retold=True))]
    assert "told in retrospect" in silent(retold)
    repeated = Log()
    repeated.run(page(), at(0))
    repeated.run(page("annotated", "e-2"), at(1))
    assert "changed nothing that people should hear" in silent(repeated, "command-2/0")


def test_an_audience_without_a_channel_is_not_told_and_one_that_is_not_addressed_is_told_why():
    found = one(log_of(declared(SEV2)), "command-1/0", delivered("command-1/0", ENGINEERING))
    said = " ".join(found.told)
    assert "Engineering was told via slack" in said
    assert "Executives were to be told, and no channel has taken it" in said
    assert "Customers were not addressed" in said


def test_what_became_of_a_message_is_said_with_its_reason():
    answered = n.NotificationSuppressed(
        occurred_at=at(1), intent_id=intent_id("command-1/0", ENGINEERING), channel="slack",
        audience=ENGINEERING, subject="s", reason="answered", by="command-2/0",
    )  # fmt: skip
    paged = delivered("command-1/0", EXECUTIVES, receipt="nothing to page: quiet hours")
    said = " ".join(one(log_of(declared(SEV2)), "command-1/0", answered, paged).told)
    assert (
        "Engineering was not told via slack at 2026-05-04 12:01:00 UTC: answered by event" in said
    )
    assert "Executives were not told via slack" in said
    assert "quiet hours" in said


def test_the_line_of_a_notification_explains_what_it_told():
    log = log_of(declared(SEV2))
    assert one(log, "n1/0", delivered("command-1/0", ENGINEERING)).event_id == "command-1/0"


def test_what_is_no_event_of_it_is_refused_with_the_way_to_name_one():
    with pytest.raises(Refused) as refused:
        explained(log_of(declared(SEV2)), event="nothing/0")
    assert (refused.value.code, refused.value.field) == ("entry.unknown", "event")


def test_before_anything_was_known_there_is_nothing_to_explain():
    log = log_of(declared(SEV2))
    cut = Cut(known_at=at(0) - timedelta(seconds=1))
    assert explain_incident(OfEvent(id=log.incident_id), log.commits, cut, DEFAULT) is None


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_sentence_for_every_severity(rule: str, severity: Severity):
    said = RULES[rule].says(DEFAULT, severity)
    assert said.endswith(".")
    assert "None" not in said
    assert RULES[rule].prevented_by


def test_what_another_policy_decided_says_whose_figures_these_are():
    automatic = k.Automatic(rule="response.overdue", policy_version="older", caused_by="gone/0")
    breach = k.ResponseOverdue(occurred_at=at(5), due_at=at(5), severity=SEV1, automatic=automatic)
    why = " ".join(one(log_of(declared(SEV1), breach), "command-2/0").why)
    assert "decided by policy older" in why
    assert f"those of {DEFAULT.version}" in why


def test_the_time_of_asking_changes_nothing():
    log = log_of(declared(SEV1))
    assert explained(log) == explained(log)


def test_a_page_that_overrides_a_decision_says_from_what_it_raised_the_severity_and_when():
    log = Log()
    worse = page("priority_updated", "p1", priority="P1", at_min=7)
    again = page("annotated", "p2", priority="P1", at_min=8)
    commands = (page(priority="P2"), c.Declare(title="t", severity=SEV3), worse, again)
    for minute, command in enumerate(commands, start=5):
        log.run(command, at(minute))
    raised = "It raised the severity from SEV3 to SEV1, as of 2026-05-04 12:07:00 UTC."
    found = [each.event_id for each in explained(log).events if raised in each.why]
    assert found == ["command-3/0"]
    first = " ".join(one(log, "command-1/0").why)
    assert "It raised" not in first, "nothing was known before"
