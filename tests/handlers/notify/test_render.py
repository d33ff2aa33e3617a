"""The words of notifications, made from the log at the moment of sending."""

from collections.abc import Sequence

import pytest

from adapters.storage.memory.event_store import MemoryEventStore
from adapters.templates import Templates
from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind
from domain.incident.impact import Impact
from domain.kernel.commit import Event
from domain.notification import Audience
from domain.policy import DEFAULT, Severity
from handlers.kernel.ports import Append
from handlers.notify.render import Message, Renderer
from support.notifiable_logs import (
    NOON,
    alert,
    at,
    changed,
    declared,
    intents,
    log,
    resolved,
    update,
    upgraded,
)


async def messages(*commits: Event | Sequence[Event]) -> list[Message]:
    """All that there is to tell of an incident, in words, after all of it has happened."""
    store, position = MemoryEventStore(), 0
    story = log(*commits)
    for recorded in story:
        position = await store.append(Append(recorded.stream, position, recorded.commit))
    renderer = Renderer(store, Templates(), DEFAULT)
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
    assert message.subject == "[SEV1 UPDATE] checkout — Now SEV1: Payments fail"
    assert "**Severity**: SEV2 → SEV1 (Critical): data may be lost." in message.text
    assert "Impact: The integrity of data is in doubt." in message.text


async def test_a_declaration_is_told_with_the_severity_that_it_results_in() -> None:
    message = await said([declared(Severity.SEV3), upgraded(Severity.SEV1, Severity.SEV3)])
    assert message.subject == "[SEV1] checkout — Payments fail"


async def test_an_alert_that_clears_is_said_to_have_cleared() -> None:
    opened = alert(AlertKind.TRIGGERED, 0, Severity.SEV2)
    message = await said(opened, alert(AlertKind.RESOLVED, 9))
    assert "**Resolution**: The alert has cleared." in message.text


async def test_what_begins_again_says_why() -> None:
    reopened = e.Reopened(occurred_at=at(70), reason="errors are back")
    message = await said(declared(), resolved(), reopened)
    assert message.subject == "[SEV1 UPDATE] checkout — Reopened: Payments fail"
    assert "**Reopened**: errors are back." in message.text


async def test_a_false_positive_and_a_duplicate_say_so() -> None:
    canceled = e.Canceled(occurred_at=at(5), reason="a load test")
    merged = e.Merged(occurred_at=at(5), into="y", into_number=3)
    assert (await said(declared(), canceled)).subject == "[CANCELED] checkout — Payments fail"
    assert "This is part of INC-3" in (await said(declared(), merged)).text


async def test_the_first_message_is_specific_and_honest() -> None:
    message = await said(declared(impact_started_at=at(-5)))
    assert message.subject == "[SEV1] checkout — Payments fail"
    assert message.text == (
        "**Current Status**: We are investigating an issue affecting checkout.\n"
        "**Impact**: 30% of users are experiencing the loss of a key feature.\n"
        "**Next Update**: In 15 minutes or when we have more information.\n"
        "\n"
        "INC-7 · SEV1 (Critical) · since 2026-05-04 11:55 UTC · Incident Commander: nobody yet"
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
    assert f"**Next Update**: In {cadence} or" in (await said(declared(severity))).text


async def test_the_end_names_resolution_duration_and_impact_and_promises_a_post_mortem() -> None:
    message = await said(declared(impact_started_at=at(-5)), resolved(60))
    assert message.subject == "[RESOLVED] checkout — Payments fail"
    assert message.text == (
        "**Resolution**: Rolled back, queue drained. The root cause is not known yet.\n"
        "**Duration**: 2026-05-04 11:55 UTC to 2026-05-04 13:00 UTC (1 h 5 min)\n"
        "**Impact Summary**: 30% of users experienced the loss of a key feature.\n"
        "**Follow-up**: Post-mortem scheduled for 2026-05-06 13:00 UTC at the latest. "
        "Action items will be tracked in INC-7.\n"
        "\n"
        "INC-7 · SEV1 (Critical)"
    )


async def test_a_minor_incident_ends_without_a_promise_of_a_post_mortem() -> None:
    message = await said(declared(Severity.SEV3), resolved(60))
    assert "**Follow-up**: Action items will be tracked in INC-7." in message.text


async def test_an_update_says_what_was_written_and_where_things_stand() -> None:
    message = await said(declared(), update(10))
    assert message.subject == "[SEV1 UPDATE] checkout — Mitigating: Payments fail"
    assert message.text.startswith(
        "**Status**: Mitigating\n"
        "**Current Understanding**: Rolling back. The root cause is not known yet.\n"
        "**Actions Taken**: None recorded yet.\n"
        "**Next Steps**: Completing the mitigation, then watching the recovery.\n"
        "**Next Update**: In 15 minutes.\n"
    )


async def test_an_update_tells_what_was_done_since_the_last_one() -> None:
    done = [e.ActionLogged(occurred_at=at(minute), action=f"step {minute}") for minute in (1, 3, 6)]
    first = await said(declared(), done[0], done[1], update(5))
    assert "**Actions Taken**:\n- 12:01 UTC: step 1\n- 12:03 UTC: step 3\n" in first.text
    second = await said(declared(), done[0], done[1], update(5), done[2], update(10))
    assert "**Actions Taken**: 12:06 UTC: step 6.\n" in second.text
    third = await said(declared(), done[0], update(5), update(10))
    assert "**Actions Taken**: None recorded since the last update.\n" in third.text


async def test_only_the_latest_of_many_actions_are_told() -> None:
    done = [e.ActionLogged(occurred_at=at(n), action=f"step {n}.") for n in range(13)]
    text = (await said(declared(), *done, update(20))).text
    assert "step 2." not in text
    assert "step 3." in text
    assert "- and 3 earlier, on the timeline" in text


async def test_engineering_hears_of_paths_of_investigation_and_executives_do_not() -> None:
    paths = [
        e.HypothesisOpened(occurred_at=at(1), hypothesis="H1", statement="the last deploy"),
        e.HypothesisRejected(occurred_at=at(2), hypothesis="H1", finding="it began before"),
        e.HypothesisOpened(occurred_at=at(3), hypothesis="H2", statement="the pool", owner="Grace"),
    ]
    told = await messages(
        declared(),
        *paths,
        e.UpdatePosted(occurred_at=at(4), text="Looking.", status=e.UpdateStatus.INVESTIGATING),
    )
    texts = {message.intent.audience: message.text for message in told}
    assert "Ruled out: H1 the last deploy." in texts[Audience.ENGINEERING]
    assert "**Next Steps**: Investigating H2: the pool (Grace)." in texts[Audience.ENGINEERING]
    assert "H1" not in texts[Audience.EXECUTIVES]
    assert "**Next Steps**: Finding the cause." in texts[Audience.EXECUTIVES]


async def test_without_a_service_the_reference_stands_in_the_subject() -> None:
    assert (await said(declared(services=()))).subject == "[SEV1] INC-7 — Payments fail"


async def test_a_subject_is_one_line_of_bounded_length() -> None:
    told = await said(declared(title="many\nwords " * 40, services=tuple("abcde")))
    subject = told.subject
    assert subject.startswith("[SEV1] a, b, c and 2 more — many words many")
    assert len(subject) == 200
