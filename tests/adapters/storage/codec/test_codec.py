"""Commits as JSON: one typed pass, retired tags lifted, and nothing unknown ever skipped."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.storage.codec import Codec, UnreadableError
from domain.kernel.commit import Commit, Event
from domain.policy import Severity

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Weighed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="parcel.weighed.v3"):
    grams: int
    scale: str | None = None


class Sent(Event, frozen=True, kw_only=True, omit_defaults=True, tag="parcel.sent.v1"):
    pass


def in_grams(event: dict[str, Any]) -> dict[str, Any]:
    kilos = event.pop("kilos")
    return {**event, "tag": "parcel.weighed.v2", "milligrams": int(kilos * 1_000_000)}


def in_whole_grams(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "tag": "parcel.weighed.v3", "grams": event.pop("milligrams") // 1000}


CODEC = Codec(Weighed | Sent, {"parcel.weighed.v1": in_grams, "parcel.weighed.v2": in_whole_grams})


def stored(*events: dict[str, Any], **more: Any) -> bytes:
    """A commit as it lies in the log."""
    return msgspec.json.encode(
        {
            "id": "1",
            "actor": "ada",
            "correlation_id": "c",
            "recorded_at": "2026-01-02T12:00:00Z",
            "events": [{"occurred_at": "2026-01-02T12:00:00Z", **event} for event in events],
            **more,
        }
    )


def commit(*events: Event) -> Commit[Any]:
    return Commit(id="1", actor="ada", correlation_id="c", recorded_at=NOON, events=events)


def test_the_form_on_disk_is_flat_and_omits_what_is_not_given():
    written = CODEC.encode(commit(Weighed(occurred_at=NOON, grams=1200)))
    assert written == (
        b'{"id":"1","actor":"ada","correlation_id":"c","recorded_at":"2026-01-02T12:00:00Z",'
        b'"events":[{"tag":"parcel.weighed.v3","occurred_at":"2026-01-02T12:00:00Z","grams":1200}]}'
    )


def test_what_is_encoded_decodes_to_the_same():
    written = commit(Weighed(occurred_at=NOON, grams=1, scale="s"), Sent(occurred_at=NOON))
    assert CODEC.decode(CODEC.encode(written)) == written


@pytest.mark.parametrize(
    "event",
    [
        {"tag": "parcel.weighed.v1", "kilos": 1.2},
        {"tag": "parcel.weighed.v2", "milligrams": 1_200_000},
        {"tag": "parcel.weighed.v3", "grams": 1200},
    ],
    ids=lambda event: event["tag"],
)
def test_every_version_of_an_event_is_read_as_of_today(event):
    sent = {"tag": "parcel.sent.v1"}
    assert CODEC.decode(stored(sent, event, sent)) == commit(
        Sent(occurred_at=NOON), Weighed(occurred_at=NOON, grams=1200), Sent(occurred_at=NOON)
    )


def test_a_commit_of_todays_tags_is_read_without_the_upcasters():
    def never(_: Any) -> Any:
        raise AssertionError("the fast path looked at an upcaster")

    codec = Codec(Weighed | Sent, {"parcel.weighed.v1": never})
    assert codec.decode(stored({"tag": "parcel.sent.v1"})) == commit(Sent(occurred_at=NOON))


def test_a_field_of_a_later_version_is_passed_over():
    """So that a service can be rolled back by one version."""
    event = {"tag": "parcel.sent.v1", "carrier": "by bicycle"}
    assert CODEC.decode(stored(event, region="eu")) == commit(Sent(occurred_at=NOON))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (stored({"tag": "parcel.lost.v1"}), r"parcel\.lost\.v1"),
        (stored({"tag": "parcel.weighed.v3", "grams": "many"}), "grams"),
        (stored({"tag": "parcel.weighed.v3"}), "grams"),
        (stored({"tag": "parcel.weighed.v1"}), "kilos"),
        (stored({}), "tag"),
        (stored({"tag": "parcel.sent.v1", "occurred_at": "2026-01-02T12:00:00"}), "timezone"),
        (b'{"id":"1"}', "events"),
        (b"[]", "object"),
        (b"not JSON", "malformed"),
        (b'"\xff"', "utf-8"),
        (b"[" * 100_000, "recursion"),
        (b'{"id":"1","events":[7]}', "no commit"),
        (b'{"id":"1","events":[{"tag":["a"]}]}', "no commit"),
    ],
)
def test_what_cannot_be_read_is_a_loud_error_that_says_why(body, says):
    with pytest.raises(UnreadableError, match=says):
        CODEC.decode(body)


def test_upcasters_that_run_in_a_circle_are_found():
    codec = Codec(Sent | Weighed, {"a.v1": lambda event: {**event, "tag": "a.v1"}})
    with pytest.raises(UnreadableError, match="circle"):
        codec.decode(stored({"tag": "a.v1"}))


def test_a_tag_cannot_be_retired_and_in_use():
    with pytest.raises(ValueError, match=r"parcel\.sent\.v1"):
        Codec(Weighed | Sent, {"parcel.sent.v1": lambda event: event})


def test_a_commit_says_from_which_level_executives_hear_where_that_is_not_the_usual_one():
    told = msgspec.structs.replace(commit(Sent(occurred_at=NOON)), executives_from=Severity.SEV3)
    written = CODEC.encode(told)
    assert b'"executives_from":"SEV3"' in written
    assert CODEC.decode(written) == told
    assert b"executives_from" not in CODEC.encode(commit(Sent(occurred_at=NOON)))
