"""Several bodies in one are each read, however they are put together."""

from typing import Any

import msgspec
import pytest

from adapters.products.events_v2.answer import answer
from adapters.products.events_v2.routing_key import shows_key, without_key
from adapters.products.events_v2.translate import translate
from domain.incident.alerts.alert import Opens
from handlers.ingest.json_body import documents
from support.desks import event, lines

JOINTS = (b"\n", b"", b"\r\n\r\n", b",", b"\n\x1e")


def listed(*bodies: bytes) -> bytes:
    return b"[" + b",".join(bodies) + b"]"


@pytest.mark.parametrize("joint", JOINTS)
def test_what_stands_one_after_the_other_is_taken_apart(joint: bytes):
    bodies = [b'{"a": "} {"}', b'{"b": [1]}', b"[{}]"]
    assert documents(joint.join(bodies)) == bodies
    assert documents(joint.join([*bodies, b'{"c": 1'])) == [*bodies, b'{"c": 1']


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[{}]", b"[1, 2]", b"{} and so on", b"no JSON", b'{"a": 1', b"\xff{"]
)
def test_what_is_one_body_or_none_is_left_alone(body: bytes):
    assert documents(body) == [body]


def bodies_of(source: str, alertmanager: Any, pagerduty: Any) -> list[bytes]:
    if source == "am":
        return [alertmanager(("a", 0, None)), alertmanager(("b", 1, None), ("c", 1, None))]
    if source == "pd":
        return [pagerduty("triggered", event=f"E{n}", incident=f"Q{n}") for n in "123"]
    if source == "tools":
        return [event("trigger", dedup_key=key) for key in "abc"]
    if source == "shop":
        said = {"specversion": "1.0", "source": "/s", "type": "s.trigger"}
        return [
            msgspec.json.encode({**said, "id": n, "data": {"dedup_key": n, "summary": n}})
            for n in "123"
        ]
    return [
        msgspec.json.encode({"items": [{"id": key, "is": "firing", "what": key}]}) for key in "abc"
    ]


@pytest.mark.parametrize("source", ["am", "gf", "pd", "tools", "shop", "mapped"])
@pytest.mark.parametrize("joint", [b"\n", b"", None])
async def test_each_alert_of_several_bodies_is_an_incident(
    new_desk: Any, source: str, joint: bytes | None, alertmanager: Any, pagerduty: Any
):
    desk = new_desk()
    bodies = bodies_of("am" if source == "gf" else source, alertmanager, pagerduty)
    body = listed(*bodies) if joint is None else joint.join(bodies)
    outcome = await desk.deliver(source, body)
    assert (outcome.outcome, len(outcome.incidents)) == ("used", 3)
    for each in outcome.incidents:
        assert "flawed" not in (await lines(desk, each))[0]


async def test_one_of_several_that_cannot_be_read_costs_itself_alone(desk: Any, alertmanager: Any):
    bodies = (alertmanager(("a", 0, None)), b'{"alerts": 7}', alertmanager(("b", 0, None))[:-40])
    outcome = await desk.deliver("am", b"\n".join(bodies))
    assert len(outcome.incidents) == 1
    assert outcome.outcome == "quarantined"
    assert outcome.reason.startswith("body 2 of 3: ")


def test_each_of_several_events_shows_the_key_of_its_sender():
    ours, other = (event("trigger", dedup_key="d", routing_key=key) for key in ("ours", "other"))
    assert shows_key(ours + ours, ["ours"])
    assert not shows_key(ours + other, ["ours"])
    assert not shows_key(ours + event("trigger"), ["ours"])
    kept = without_key(ours + b"\n" + ours)
    assert b"ours" not in kept
    reply = answer(translate(kept, "tools", Opens.INCIDENT), 7)
    assert (reply.status, reply.content.dedup_key) == (202, "d")


async def test_a_number_of_any_length_costs_no_body(desk: Any):
    """Also where the end of one body is looked for, and where a quotation mark is mended."""
    digits = b"9" * 5_000
    for body in (b'{"a": %s}{"a": 1' % digits, b'{"a": %s, "b": "say "no" to it"}' % digits):
        assert (await desk.deliver("gf", body)).code != "translator.failed"
