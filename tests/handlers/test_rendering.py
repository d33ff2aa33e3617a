"""The words of notifications, made from the log at the moment of sending."""

from collections.abc import Sequence

import pytest

from adapters.memory import MemoryEventStore
from domain.commit import Event
from domain.incident import events as e
from domain.incident.alert import AlertKind
from domain.incident.impact import Impact
from domain.policy import DEFAULT, Severity
from handlers.ports import Append
from handlers.rendering import Message, Renderer, plain_words
from news import NOON, alert, at, changed, declared, intents, log, resolved, update, upgraded


async def messages(*commits: Event | Sequence[Event]) -> list[Message]:
    """All that there is to tell of an incident, in words, after all of it has happened."""
    store, position = MemoryEventStore(), 0
    story = log(*commits)
    for recorded in story:
        position = await store.append(Append(recorded.stream, position, recorded.commit))
    renderer = Renderer(store, plain_words(DEFAULT))
    return [await renderer.render(intent) for intent in intents(story)]


async def said(*commits: Event | Sequence[Event]) -> Message:
    return (await messages(*commits))[-1]


async def test_words_say_what_was_known_at_the_event_however_late_they_are_made() -> None:
    first, *_, last = await messages(
        declared(Severity.SEV3), changed(Severity.SEV1, Severity.SEV3), resolved()
    )
    assert first.subject == "[SEV3] checkout — Payments fail"
    assert (first.incident.severity, first.incident.status) == (Severity.SEV3, "investigating")
    assert (last.incident.severity, last.incident.status) == (Severity.SEV1, "resolved")


async def test_an_automatic_upgrade_is_told_with_its_reason() -> None:
    reassessed = e.ImpactReassessed(occurred_at=NOON, impact=Impact(data_integrity_concern=True))
    message = await said(
        declared(Severity.SEV2), [reassessed, upgraded(Severity.SEV1, Severity.SEV2)]
    )
    assert message.subject == "[SEV1 UPDATE] checkout — now SEV1: Payments fail"
    assert "Severity: SEV2 → SEV1: data may be lost" in message.text
    assert "Impact: data integrity concern" in message.text


async def test_a_declaration_is_told_with_the_severity_that_it_results_in() -> None:
    message = await said([declared(Severity.SEV3), upgraded(Severity.SEV1, Severity.SEV3)])
    assert message.subject == "[SEV1] checkout — Payments fail"


async def test_an_alert_that_clears_is_said_to_have_cleared() -> None:
    opened = alert(AlertKind.TRIGGERED, 0, Severity.SEV2)
    assert "the alert has cleared" in (await said(opened, alert(AlertKind.RESOLVED, 9))).text


async def test_what_begins_again_says_why() -> None:
    reopened = e.Reopened(occurred_at=at(70), reason="errors are back")
    message = await said(declared(), resolved(), reopened)
    assert message.subject == "[SEV1 REOPENED] checkout — Payments fail"
    assert "Reopened: errors are back" in message.text


async def test_a_false_positive_and_a_duplicate_say_so() -> None:
    canceled = e.Canceled(occurred_at=at(5), reason="a load test")
    merged = e.Merged(occurred_at=at(5), into="y", into_number=3)
    assert (await said(declared(), canceled)).subject == "[CANCELED] checkout — Payments fail"
    assert "This is part of INC-3" in (await said(declared(), merged)).text


async def test_the_first_message_is_specific_and_honest() -> None:
    message = await said(declared(impact_started_at=at(-5)))
    assert message.subject == "[SEV1] checkout — Payments fail"
    assert message.text == (
        "INC-7: Payments fail\n"
        "Status: investigating, SEV1 (Critical), since 2026-05-04 11:55 UTC\n"
        "Impact: 30% of users, key feature down\n"
        "Cause: the root cause is not known yet\n"
        "Next update: within 15 minutes, or when we know more"
    )


@pytest.mark.parametrize(
    ("severity", "cadence"),
    [
        (Severity.SEV1, "15 minutes"),
        (Severity.SEV2, "30 minutes"),
        (Severity.SEV3, "2 hours"),
        (Severity.SEV4, "1 day"),
    ],
)
async def test_the_next_update_is_promised_by_the_policy(severity: Severity, cadence: str) -> None:
    assert f"Next update: within {cadence}," in (await said(declared(severity))).text


async def test_the_end_names_resolution_duration_and_impact_and_promises_nothing() -> None:
    message = await said(declared(impact_started_at=at(-5)), resolved(60))
    assert message.subject == "[RESOLVED] checkout — Payments fail"
    assert message.text == (
        "INC-7: Payments fail\n"
        "Resolution: Rolled back, queue drained\n"
        "Duration: 2026-05-04 11:55 UTC to 2026-05-04 13:00 UTC (1 h 5 min)\n"
        "Impact: 30% of users, key feature down\n"
        "Cause: the root cause is not known yet"
    )


async def test_an_update_says_what_was_written_and_where_things_stand() -> None:
    message = await said(declared(), update(10))
    assert message.subject == "[SEV1 UPDATE] checkout — mitigating: Payments fail"
    assert "Update: Rolling back." in message.text
    assert "Next update: within 15 minutes" in message.text


async def test_without_a_service_the_reference_stands_in_the_subject() -> None:
    assert (await said(declared(services=()))).subject == "[SEV1] INC-7 — Payments fail"


async def test_a_subject_is_one_line_of_bounded_length() -> None:
    told = await said(declared(title="many\nwords " * 40, services=tuple("abcde")))
    subject = told.subject
    assert subject.startswith("[SEV1] a, b, c and 2 more — many words many")
    assert len(subject) == 200
