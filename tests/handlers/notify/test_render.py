"""The words of notifications, made from the log at the moment of sending."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.http.emergencies import emergency_routes
from adapters.registry import REGISTRY
from adapters.storage.memory.event_store import MemoryEventStore
from adapters.templates import Templates
from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind, Link
from domain.incident.impact import Impact
from domain.kernel.commit import Event
from domain.notification import Audience
from domain.policy import DEFAULT, Severity
from domain.registry import AGGREGATES
from handlers.kernel.ports import Append
from handlers.notify.render import Message, Renderer, service_link
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


async def messages(
    *commits: Event | Sequence[Event], public_url: str | None = None
) -> list[Message]:
    """All that there is to tell of an incident, in words, after all of it has happened."""
    store, position = MemoryEventStore(), 0
    story = log(*commits)
    for recorded in story:
        position = await store.append(Append(recorded.stream, position, recorded.commit))
    renderer = Renderer(store, Templates(), DEFAULT, public_url=public_url)
    return [await renderer.render(intent) for intent in intents(story)]


async def said(*commits: Event | Sequence[Event]) -> Message:
    return (await messages(*commits))[-1]


async def test_words_say_what_was_known_at_the_event_however_late_they_are_made() -> None:
    first, *_, last = await messages(
        declared(Severity.SEV3), changed(Severity.SEV1, Severity.SEV3), resolved()
    )
    assert first.subject == "[SEV3] checkout — Payments fail"
    assert (first.shown.severity, first.shown.status) == (Severity.SEV3, "investigating")
    assert (last.shown.severity, last.shown.status) == (Severity.SEV1, "resolved")


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
        "**Follow-up**: Post-mortem scheduled for 2026-05-06 13:42 UTC at the latest.\n"
        "\n"
        "INC-7 · SEV1 (Critical)"
    )


async def test_a_minor_incident_ends_with_a_short_record_and_no_post_mortem() -> None:
    message = await said(declared(Severity.SEV3), resolved(60))
    assert "**Follow-up**: A short record is due by" in message.text
    assert "ost-mortem" not in message.text


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


def firing(number: int, pod: str, **more: Any) -> e.AlertReceived:
    """An alert of Alertmanager about a pod, in an incident of its own."""
    told = alert(AlertKind.TRIGGERED, 0, Severity.SEV2)
    said: dict[str, Any] = {
        "product": "alertmanager",
        "source": "am",
        "alert_id": f"w{number}",
        "title": "KubePodNotReady: Pod not ready.",
        "service": None,
        "priority": "critical",
        "text": f"Pod {pod} has been not ready for 15 minutes.",
        "labels": (("pod", pod), ("namespace", "shop")),
        "links": (Link("Runbook", "https://runbooks.example.com/KubePodNotReady"),),
        "url": "https://prometheus.example.com/graph",
    }
    return replace(told, number=number, alert=replace(told.alert, **(said | more)))


async def test_a_page_says_what_a_person_needs_at_3_am() -> None:
    page, *_ = await messages(firing(7, "checkout-7f9"), public_url="https://cp.example.com/")
    assert page.subject == "[SEV2] INC-7 — KubePodNotReady: Pod not ready. (checkout-7f9, shop)"
    assert page.text.splitlines()[:9] == [
        "**Alert**: KubePodNotReady: Pod not ready.",
        "**Where**: pod checkout-7f9, namespace shop",
        "**Since**: 2026-05-04 12:00 UTC; SEV2 (Major), at the source: critical",
        "**Description**: Pod checkout-7f9 has been not ready for 15 minutes.",
        "**Runbook**: https://runbooks.example.com/KubePodNotReady",
        "**At the source**: https://prometheus.example.com/graph",
        "**Incident**: INC-7, https://cp.example.com/v1/incidents/INC-7",
        "**Current Status**: An alert has fired. Nobody has acknowledged it yet.",
        "**Respond**: Within 15 minutes.",
    ]
    assert "**From**: alertmanager (am), alert w7" in page.text
    assert page.url == "https://cp.example.com/v1/incidents/INC-7"
    assert [link.name for link in page.links] == ["Runbook", "At the source"]


async def test_without_a_public_address_a_message_links_nowhere_of_ours() -> None:
    page = await said(firing(7, "checkout-7f9"))
    assert page.url is None
    assert "**Incident**" not in page.text


async def test_two_alerts_never_make_two_identical_messages() -> None:
    """Also where nothing but the key of the source tells them apart."""
    (one, *_), (other, *_) = [
        await messages(firing(7, "a", alert_id=key, labels=())) for key in ("x", "y")
    ]
    assert one.text != other.text
    (one, *_), (other, *_) = [await messages(firing(7, pod, text=None)) for pod in ("a", "b")]
    assert one.subject != other.subject


async def test_a_long_description_is_whole_below_the_links() -> None:
    page = await said(firing(7, "a", text="All pods fail. " * 60))
    first, _, rest = page.text.partition("**Runbook**")
    assert len(first) < 800
    assert "…" in first
    assert rest.count("All pods fail.") == 60


async def test_an_incident_of_many_alerts_names_the_first_and_counts_the_others() -> None:
    many = [firing(7, f"pod-{number}", alert_id=f"w{number}") for number in range(30)]
    overdue = await said(*many, resolved())
    assert overdue.subject.endswith("(pod-0, shop, and 29 more alerts)")


async def test_every_line_break_is_one_and_nothing_steers() -> None:
    page = await said(firing(7, "a", text="one\r\ntwo\rthree\u2028four \x1b[31m\x00red"))
    assert "**Description**: one\ntwo\nthree\nfour [31mred\n" in page.text


def test_a_link_leads_to_where_something_is_to_be_seen() -> None:
    """Of whatever there is to tell people."""
    nobody: Any = None
    shown = {
        *(resource.path for model in REGISTRY.read_models for resource in model.resources),
        *(f"/v1/{each.plural}/{{ref}}" for each in REGISTRY.public),
        *(path for route in emergency_routes(nobody) for path in route.paths),
    }
    told = [each for each in AGGREGATES if each.notifiables]
    links = {each.name: service_link("https://cp.example.com/", each, "x/1") for each in told}
    assert links == {
        "incident": "https://cp.example.com/v1/incidents/x%2F1",
        "quarantine": "https://cp.example.com/v1/quarantine",
        "log": None,
        "backlog": "https://cp.example.com/v1/backlog",
        "access": "https://cp.example.com/v1/audit",
        "postmortem": "https://cp.example.com/v1/postmortems/x%2F1",
        "action_item": "https://cp.example.com/v1/action-items/x%2F1",
        "page": "https://cp.example.com/v1/pages/x%2F1",
        "slo": "https://cp.example.com/v1/slos/x%2F1",
        "runbook": "https://cp.example.com/v1/runbooks/x%2F1",
        "maintenance": "https://cp.example.com/v1/maintenances/x%2F1",
    }
    assert {each.looked_at for each in told} - {None} <= shown
