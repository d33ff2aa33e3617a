"""Who is told of what."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.audiences import KINDS
from domain.incident.deadlines import events as k
from domain.incident.impact import Impact
from domain.kernel.commit import Event
from domain.notification import Audience
from domain.notification.intent import Intent
from domain.policy import Severity
from handlers.projecting.folder import Folder
from projections.outbox.intents import INTENTS
from support.notifiable_logs import (
    NOON,
    alert,
    at,
    changed,
    declared,
    intents,
    log,
    mitigated,
    resolved,
    update,
    upgraded,
)


def told(*commits: Event | Sequence[Event], audience: Audience = Audience.ENGINEERING) -> list[str]:
    """The kinds of what an audience hears."""
    return [intent.kind for intent in intents(log(*commits)) if intent.audience is audience]


def last(*commits: Event | Sequence[Event]) -> Intent:
    return intents(log(*commits))[-1]


def test_a_life_as_it_is_told() -> None:
    cause = e.RootCauseIdentified(occurred_at=at(20), cause="bad configuration")
    life = [declared(), update(10), cause, mitigated(), resolved()]
    kinds = ["declared", "update", "identified", "mitigated", "resolved"]
    assert told(*life) == kinds
    assert told(*life, audience=Audience.EXECUTIVES) == kinds
    assert told(*life, audience=Audience.CUSTOMERS) == []


def test_a_setback_is_told_to_whoever_was_told_of_the_progress() -> None:
    everybody = structs.replace(update(10), audiences=tuple(Audience))
    cause = e.RootCauseIdentified(occurred_at=at(20), cause="bad configuration")
    withdrawn = e.RootCauseWithdrawn(occurred_at=at(35), reason="no", cause="bad configuration")
    failed = e.DidNotHold(occurred_at=at(36), reason="errors are back", what="rolled back")
    again = e.DidNotHold(occurred_at=at(70), reason="errors are back", what="disk extended")
    life = [
        declared(),
        everybody,
        cause,
        mitigated(),
        withdrawn,
        failed,
        resolved(),
        again,
    ]
    kinds = ["declared", "update", "identified", "mitigated", "cause_withdrawn", "did_not_hold"]
    assert told(*life) == [*kinds, "resolved", "reopened"]
    assert told(*life, audience=Audience.EXECUTIVES) == [*kinds, "resolved", "reopened"]
    assert told(*life, audience=Audience.CUSTOMERS) == ["update", "resolved", "reopened"]
    recovers = structs.replace(everybody, status=e.UpdateStatus.MONITORING)
    watched = told(*life[:4], recovers, *life[4:], audience=Audience.CUSTOMERS)
    assert watched == ["update", "update", "did_not_hold", "resolved", "reopened"]


def test_a_setback_of_earlier_times_is_a_line_and_no_news() -> None:
    failed = e.DidNotHold(occurred_at=at(20), reason="errors are back", what="rolled back")
    assert told(declared(), mitigated(), failed)[2:] == []
    withdrawn = e.RootCauseWithdrawn(occurred_at=at(5), reason="no", cause="a full disk")
    assert told(declared(), withdrawn) == ["declared"]


def test_what_nobody_needs_to_know_is_not_told() -> None:
    assert told(
        declared(),
        e.NoteAdded(occurred_at=at(1), text="looking"),
        e.Acknowledged(occurred_at=at(2)),
        e.ImpactReassessed(occurred_at=at(3), impact=Impact(percent_affected=31.0)),
    ) == ["declared"]


def test_updates_of_one_instant_with_the_same_words_are_each_told() -> None:
    assert told(declared(), update(10), update(10)) == ["declared", "update", "update"]


SILENT = sorted(set(e.Kind) - {e.Kind.STANDARD, e.Kind.DRILL})


@pytest.mark.parametrize("kind", SILENT)
def test_only_standard_incidents_and_drills_notify(kind: e.Kind) -> None:
    assert intents(log(declared(kind=kind), update(1), resolved())) == []


def test_what_a_drill_tells_is_marked_and_never_public() -> None:
    public = e.UpdatePosted(
        occurred_at=at(1),
        text="Errors.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=tuple(Audience),
    )
    found = intents(log(declared(Severity.SEV1, kind=e.Kind.DRILL), public, resolved()))
    assert {intent.audience for intent in found} == {Audience.ENGINEERING, Audience.EXECUTIVES}
    assert all(intent.drill for intent in found)
    assert not any(intent.drill for intent in intents(log(declared(), update(1))))


@pytest.mark.parametrize(
    ("severity", "audiences"),
    [
        (Severity.SEV1, {"engineering", "executives"}),
        (Severity.SEV2, {"engineering", "executives"}),
        (Severity.SEV3, {"engineering"}),
        (Severity.SEV4, {"engineering"}),
    ],
)
def test_executives_hear_of_major_incidents(severity: Severity, audiences: set[str]) -> None:
    assert {intent.audience.value for intent in intents(log(declared(severity)))} == audiences


def test_executives_begin_to_hear_when_it_becomes_major_and_are_told_how_it_ends() -> None:
    story = [
        declared(Severity.SEV3),
        changed(Severity.SEV2, Severity.SEV3),
        changed(Severity.SEV4, Severity.SEV2),
        resolved(),
    ]
    assert told(*story, audience=Audience.EXECUTIVES) == [
        "severity_changed",
        "severity_changed",
        "resolved",
    ]
    assert last(*story).peak is Severity.SEV2


def test_a_severity_raised_at_the_declaration_is_told_once_as_it_results() -> None:
    [engineering, executives] = intents(
        log([declared(Severity.SEV3), upgraded(Severity.SEV1, Severity.SEV3)])
    )
    assert (engineering.kind, engineering.severity) == ("declared", Severity.SEV1)
    assert executives.kind == "declared"


def test_an_automatic_upgrade_is_told() -> None:
    reassessed = e.ImpactReassessed(occurred_at=NOON, impact=Impact(data_integrity_concern=True))
    intent = last(declared(Severity.SEV2), [reassessed, upgraded(Severity.SEV1, Severity.SEV2)])
    assert (intent.kind, intent.severity) == ("severity_changed", Severity.SEV1)


def test_the_first_alert_pages_and_its_repetition_does_not() -> None:
    first = alert(AlertKind.TRIGGERED, 0, Severity.SEV1)
    assert told(first, first, alert(AlertKind.ESCALATED, 2), alert(AlertKind.ACKNOWLEDGED, 3)) == [
        "page"
    ]


def test_alerts_in_triage_page_engineering_until_someone_declares() -> None:
    first = alert(AlertKind.TRIGGERED, 0, Severity.SEV1, opens=Opens.TRIAGE)
    declaration = declared(occurred_at=at(5))
    assert told(first, declaration) == ["page", "declared"]
    assert told(first, declaration, audience=Audience.EXECUTIVES) == ["declared"]


def test_an_alert_that_clears_resolves_once_however_often_it_says_so() -> None:
    cleared = alert(AlertKind.RESOLVED, 9)
    opened = alert(AlertKind.TRIGGERED, 0, Severity.SEV2)
    assert told(opened, cleared, cleared, alert(AlertKind.ACKNOWLEDGED, 3)) == ["page", "resolved"]


def test_a_resolution_that_overtakes_its_alert_tells_nothing() -> None:
    """Nobody was told that it had begun."""
    assert told(alert(AlertKind.RESOLVED, 9), alert(AlertKind.TRIGGERED, 0)) == []


def test_a_responder_who_resolves_what_the_alert_has_resolved_tells_nothing_new() -> None:
    story = [alert(AlertKind.TRIGGERED, 0), alert(AlertKind.RESOLVED, 9), resolved()]
    assert told(*story) == ["page", "resolved"]


def test_a_changed_priority_is_told_and_a_repeated_or_outdated_one_is_not() -> None:
    raised = alert(AlertKind.PRIORITY_UPDATED, 5, Severity.SEV1)
    outdated = alert(AlertKind.PRIORITY_UPDATED, 2, Severity.SEV3)
    story = [alert(AlertKind.TRIGGERED, 0, Severity.SEV2), raised, raised, outdated]
    assert told(*story) == ["page", "severity_changed"]
    assert last(*story).severity is Severity.SEV1


def test_what_begins_again_is_told() -> None:
    reopened = e.Reopened(occurred_at=at(70), reason="errors are back")
    intent = last(declared(), resolved(), reopened)
    assert intent.kind == "reopened"


def test_a_false_positive_and_a_duplicate_are_told() -> None:
    canceled = e.Canceled(occurred_at=at(5), reason="a load test")
    merged = e.Merged(occurred_at=at(5), into="y", into_number=3)
    assert last(declared(), canceled).kind == "canceled"
    assert last(declared(), merged).kind == "merged"


def test_ids_follow_from_the_log_and_are_never_shared() -> None:
    story = log(declared(), update(10), resolved())
    found = intents(story)
    assert found == intents(story)
    assert len({intent.id for intent in found}) == len(found) == 6
    assert {intent.event_id for intent in found} == {"c1/0", "c2/0", "c3/0"}


def test_each_batching_of_the_log_gives_the_same_intents() -> None:
    story = log(declared(Severity.SEV3), changed(Severity.SEV1, Severity.SEV3), resolved())
    folder, whole = Folder(INTENTS), Folder(INTENTS)
    at_once = whole.fold(whole.select(story)).rows["notifiable"]
    one_by_one = [
        folder.fold(folder.select([recorded])).rows.get("notifiable", {}) for recorded in story
    ]
    assert [row for rows in one_by_one for row in rows.items()] == list(at_once.items())


def test_an_intent_keeps_when_it_happened_and_when_it_was_recorded() -> None:
    intent = last(declared(), update(10))
    assert (intent.occurred_at, intent.recorded_at) == (at(10), at(102))


CUSTOMERS = Audience.CUSTOMERS
AUTOMATIC = k.Automatic(rule="a.rule", policy_version="1", caused_by="c1/0")


def public(minutes: float) -> e.UpdatePosted:
    return e.UpdatePosted(
        occurred_at=at(minutes),
        text="We are looking into it.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=(Audience.ENGINEERING, CUSTOMERS),
        headline="Payments are delayed",
    )


def all_clear(minutes: float = 80) -> k.AllClear:
    return k.AllClear(occurred_at=at(minutes))


def escalated(audience: Audience, minutes: float = 5) -> k.Escalated:
    return k.Escalated(
        occurred_at=at(minutes), tier="lead", to=("Lead",), audience=audience, reason="no answer"
    )


def timed(kind: type[k.Timed], minutes: float = 10, **more: Any) -> k.Timed:
    return kind(occurred_at=at(minutes), due_at=at(minutes), automatic=AUTOMATIC, **more)


def test_customers_hear_of_updates_to_them_and_of_the_end_once_they_have_heard() -> None:
    story = [declared(), update(5), public(10), update(15), mitigated(), resolved(), all_clear()]
    assert told(*story, audience=CUSTOMERS) == ["update", "resolved", "all_clear"]
    silent = [declared(), update(5), mitigated(), resolved(), all_clear()]
    assert told(*silent, audience=CUSTOMERS) == []


def test_an_update_goes_to_whom_it_is_addressed() -> None:
    only_customers = structs.replace(public(5), audiences=(CUSTOMERS,))
    found = intents(log(declared(), only_customers))
    assert [it.audience for it in found if it.kind == "update"] == [CUSTOMERS]
    minor = intents(log(declared(Severity.SEV3), update(5)))
    assert {it.audience for it in minor} == {Audience.ENGINEERING}, "executives hear from SEV2 on"


def test_an_escalation_goes_to_the_audience_of_its_tier_which_hears_the_rest() -> None:
    story = [declared(Severity.SEV3), escalated(Audience.EXECUTIVES), resolved(), all_clear()]
    assert told(*story) == ["declared", "resolved", "all_clear"]
    assert told(*story, audience=Audience.EXECUTIVES) == ["escalated", "resolved", "all_clear"]


def test_an_escalation_never_goes_to_customers() -> None:
    assert told(declared(), escalated(CUSTOMERS)) == ["declared", "escalated"]
    assert told(declared(), escalated(CUSTOMERS), resolved(), audience=CUSTOMERS) == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (timed(k.ResponseOverdue, severity=Severity.SEV1), "response_overdue"),
        (timed(k.TimeboxExpired, hypothesis="H1"), "timebox_expired"),
        (timed(k.UpdateDue), "update_due"),
        (timed(k.UpdateOverdue), "update_overdue"),
        (timed(k.MonitoringEnded), "monitoring_ended"),
        (timed(k.PostmortemRequested), "postmortem_requested"),
    ],
)
def test_prompts_are_for_engineering_alone(event: k.Timed, kind: str) -> None:
    assert [(it.kind, it.audience) for it in intents(log(declared(), event))[2:]] == [
        (kind, Audience.ENGINEERING)
    ]


def test_of_updates_missed_in_an_outage_of_ours_the_last_one_is_told() -> None:
    missed = [timed(k.UpdateOverdue, superseded=True)] * 3
    assert told(declared(), *missed, timed(k.UpdateOverdue)) == ["declared", "update_overdue"]


@pytest.mark.parametrize(
    ("severity", "audiences"),
    [
        (Severity.SEV1, [Audience.ENGINEERING, Audience.EXECUTIVES]),
        (Severity.SEV2, [Audience.ENGINEERING, Audience.EXECUTIVES]),
        (Severity.SEV3, [Audience.ENGINEERING]),
    ],
)
def test_executives_hear_of_a_post_mortem_that_is_missing(
    severity: Severity, audiences: list[Audience]
) -> None:
    found = intents(log(declared(severity), resolved(), timed(k.PostmortemOverdue, 4000)))
    assert [it.audience for it in found if it.kind == "postmortem_overdue"] == audiences


def test_what_was_suppressed_or_published_is_told_to_nobody() -> None:
    suppressed = k.EscalationSuppressed(
        occurred_at=at(5), rule="a.rule", due_at=at(5), by="c1/0", because="acknowledged"
    )
    published = k.PostmortemPublished(occurred_at=at(90), url="https://example.com/pm")
    assert told(declared(), suppressed, resolved(), published) == ["declared", "resolved"]


def test_services_are_all_that_it_was_told_to_concern() -> None:
    assert last(declared(services=("a", "b"))).subject.services == ("a", "b")
    page = alert(AlertKind.TRIGGERED, 0)
    assert last(page, declared(services=("search",))).subject.services == ("checkout", "search")


def test_what_was_once_told_without_a_service_goes_on_to_concern_all() -> None:
    page = alert(AlertKind.TRIGGERED, 0)
    nameless = structs.replace(page, alert=structs.replace(page.alert, service=None))
    found = intents(log(nameless, declared(services=("search",))))
    assert {it.subject.services for it in found} == {()}


def test_every_kind_of_what_is_told_is_known() -> None:
    assert len(set(KINDS)) == len(KINDS)
    story = [declared(), public(1), escalated(Audience.EXECUTIVES), mitigated(), resolved()]
    assert {it.kind for it in intents(log(*story, all_clear()))} <= set(KINDS)


def over(minutes: float) -> k.AlertsOver:
    """Responders are asked how it goes on."""
    rule = k.DeadlineRule.ALERTS_OVER
    asked = k.Automatic(rule=rule, policy_version="2026.1", caused_by="c1/0")
    return k.AlertsOver(occurred_at=at(minutes), due_at=at(minutes), automatic=asked)


def end(minutes: float) -> e.AlertReceived:
    return structs.replace(alert(AlertKind.RESOLVED, minutes), edition=2)


def test_who_was_told_that_all_alerts_are_over_hears_that_one_fires_again() -> None:
    taken_on = [alert(AlertKind.TRIGGERED, 0), e.Acknowledged(occurred_at=at(1)), end(5), over(5)]
    again = [alert(AlertKind.REOPENED, 9), end(12), over(12), alert(AlertKind.REOPENED, 15)]
    kinds = ["page", "alerts_over", "fires_again", "alerts_over", "fires_again"]
    assert told(*taken_on, *again) == kinds
    assert "fires_again" not in told(*taken_on, *again, audience=Audience.EXECUTIVES)
    # Who was not asked, as it fires again at once, hears nothing of either.
    assert told(*taken_on[:3], alert(AlertKind.REOPENED, 6)) == ["page"]
    assert told(*taken_on, *again[:2], alert(AlertKind.REOPENED, 13)) == kinds[:3]
    # What else an alert may do is told as what it is.
    assert told(*taken_on, resolved(6), alert(AlertKind.REOPENED, 20))[-1] == "reopened"


def opener(via: str | None, then: str | None = None) -> set[str]:
    """Who counts as having opened what Ana has declared and somebody has resolved."""
    first, later = log(declared(), resolved())
    commits = [
        structs.replace(recorded, commit=structs.replace(recorded.commit, via=by))
        for recorded, by in ((first, via), (later, then))
    ]
    return {intent.opened_by for intent in intents(commits)}


def test_a_client_that_speaks_for_many_is_one_client():
    """Else it would have a turn for each name that it thinks of."""
    assert opener(None) == {"ana"}
    assert opener("gateway") == {"gateway"}
    assert opener("gateway", then="bot") == {"gateway"}, "who came first has opened it"
    assert opener(None, then="bot") == {"ana"}
