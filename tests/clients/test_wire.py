"""How requests are written, answers read, streams taken apart and waits counted."""

import itertools
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from commandpost_client import Options, Refused, Retries, Unavailable, reads
from commandpost_client.event_stream import Reading
from commandpost_client.models import AddNote, Declare, IncidentList, SignalData, StatedImpact
from commandpost_client.retries import wait_s
from commandpost_client.wire import Call, command_call, read_answer, signal_call

AT = datetime(2026, 11, 28, 2, 14, tzinfo=UTC)


def test_a_command_says_what_was_given_and_no_more():
    call = command_call(Declare(title="Slow", impact=StatedImpact(users_affected=0)), None, "k")
    assert (call.method, call.path) == ("POST", "/v1/incidents")
    assert call.headers["Idempotency-Key"] == "k"
    assert msgspec.json.decode(call.content or b"") == {
        "title": "Slow",
        "impact": {"users_affected": 0},
    }


def test_a_command_names_what_it_is_for():
    call = command_call(AddNote(text="x"), "INC-1/../2", None)
    assert call.path == "/v1/incidents/INC-1%2F..%2F2/add_note"
    assert call.headers["Idempotency-Key"]
    with pytest.raises(ValueError, match="AddNote needs what it is for"):
        command_call(AddNote(text="x"), None, None)


def test_a_question_leaves_out_what_is_not_asked():
    call = reads.list_incidents(status=["open"], as_of=AT)
    assert call.query == {"status": ["open"], "as_of": "2026-11-28T02:14:00+00:00"}
    assert call.method == "GET"


def test_a_signal_is_a_cloudevent_with_the_secret_of_its_source():
    options = Options(url="http://a", actor="slo", secret="s3cret")
    call = signal_call("shop", SignalData(action="resolve", dedup_key="b"), "e-1", AT, options)
    event = msgspec.json.decode(call.content or b"")
    assert event["type"] == "commandpost.alert.resolve"
    assert (event["id"], event["source"], event["time"]) == ("e-1", "/slo", "2026-11-28T02:14:00Z")
    assert call.headers["X-Commandpost-Secret"] == "s3cret"


LIST = Call("/v1/incidents", IncidentList)


def test_members_of_a_later_release_are_passed_over():
    answer = read_answer(LIST, 200, {}, b'{"incidents": [], "before": null, "weather": "fair"}')
    assert answer.incidents == []


def test_a_refusal_keeps_code_field_and_rule():
    problem = {"code": "roles.required", "detail": "Name a commander.", "field": "roles"}
    with pytest.raises(Refused) as refused:
        read_answer(LIST, 409, {}, msgspec.json.encode(problem))
    assert (refused.value.code, refused.value.field, refused.value.status) == (
        "roles.required", "roles", 409,
    )  # fmt: skip


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_go_right_later_is_unavailable(status: int):
    with pytest.raises(Unavailable) as unavailable:
        read_answer(LIST, status, {"retry-after": "7"}, b"<html>")
    assert unavailable.value.retry_after_s == 7.0


@pytest.mark.parametrize("told", ["", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "nan"])
def test_a_date_to_come_back_at_is_no_number_of_seconds(told: str):
    with pytest.raises(Unavailable) as unavailable:
        read_answer(LIST, 503, {"retry-after": told}, b"")
    assert unavailable.value.retry_after_s is None


def test_waits_double_within_their_bounds():
    waits = list(Retries(attempts=5, first_s=1.0, longest_s=3.0).waits())
    bounds = [(0.5, 1.0), (1.0, 2.0), (1.5, 3.0), (1.5, 3.0)]
    assert all(low <= wait <= high for wait, (low, high) in zip(waits, bounds, strict=True))
    assert list(Retries(attempts=1).waits()) == []


@pytest.mark.parametrize(
    ("planned", "asked", "waited"),
    [(1.0, None, 1.0), (1.0, 7.0, 7.0), (9.0, 7.0, 9.0), (1.0, 1e9, 60.0)],
)
def test_the_service_says_when_to_come_back(planned: float, asked: float | None, waited: float):
    assert wait_s(planned, asked) == waited


def event(position: int) -> dict[str, Any]:
    return {
        "id": f"e-{position}", "position": position, "index": 0, "recorded_at": AT, "actor": "ada",
        "correlation_id": "c", "event": {"tag": "incident.note_added.v1", "text": "two\nlines"},
    }  # fmt: skip


def lines(*positions: int) -> list[str]:
    return list(
        itertools.chain.from_iterable(
            (f"id: {it}.0", f"data: {msgspec.json.encode(event(it)).decode()}", "")
            for it in positions
        )
    )


def test_a_stream_is_read_line_by_line():
    reading = Reading()
    read = [it for it in map(reading.line, [": a comment", "", *lines(3, 4)]) if it]
    assert [(it.position, it.event["text"]) for it in read] == [
        (3, "two\nlines"),
        (4, "two\nlines"),
    ]
    assert (reading.last, read[-1].place) == ("4.0", "4.0")


def test_what_a_broken_connection_left_is_not_read_twice():
    """Not even in part: the service sends it again."""
    reading = Reading()
    first, second = lines(3), lines(4)
    for line in [*first, *second[:2]]:
        reading.line(line)
    reading.begin()
    read = [it for it in map(reading.line, second) if it]
    assert [it.position for it in read] == [4]


@pytest.mark.parametrize(("url", "token"), [("", None), ("http://a", " ")])
def test_options_that_cannot_be_meant(monkeypatch: pytest.MonkeyPatch, url: str, token: str | None):
    monkeypatch.delenv("COMMANDPOST_URL", raising=False)
    options = Options(url=url, token=token)
    with pytest.raises(ValueError, match="COMMANDPOST_"):
        (options.base_url(), options.headers())
