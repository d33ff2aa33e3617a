"""What the expressions of a source make of a body: identity, state, times, lists, faults, forms."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from adapters.products.generic.settings import GenericSource
from adapters.products.kit.settings import SettingFault
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.receive import InboundRequest
from handlers.ingest.reports import REPORTS_MAX, Reading, Report, Unintelligible, Unwanted

GENERIC = PRODUCTS.source_kinds["generic"]
SECRET = "a-secret-of-the-test"
FIELDS = {"key": "id", "title": "title", "state": "state"}
AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def inbound(**fields: Any) -> Any:
    settings = {"kind": "generic", "secrets": [SECRET], **FIELDS, **fields}
    return GENERIC.for_source(msgspec.convert(settings, GenericSource))


def read(body: Any, **fields: Any) -> tuple[Reading, ...]:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    found: tuple[Reading, ...] = inbound(**fields).translate(raw, "tools", Opens.TRIAGE)
    return found


def report(body: Any, **fields: Any) -> Report:
    (found,) = read(body, **fields)
    assert isinstance(found, Report), found
    return found


def fault(body: Any, **fields: Any) -> Unintelligible:
    (found,) = read(body, **fields)
    assert isinstance(found, Unintelligible), found
    return found


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("PROBLEM", AlertKind.TRIGGERED),
        (" Alerting ", AlertKind.TRIGGERED),
        ("OK", AlertKind.RESOLVED),
        ("closed", AlertKind.RESOLVED),
        ("ack", AlertKind.ACKNOWLEDGED),
        (True, AlertKind.TRIGGERED),
        (False, AlertKind.RESOLVED),
        (2, AlertKind.TRIGGERED),
        ("2.0", AlertKind.RESOLVED),
    ],
)
def test_a_state_in_words_numbers_and_truths(state: Any, kind: AlertKind):
    found = report({"id": 1, "state": state}, states={"2": "firing", "2.0": "resolved"})
    assert (found.alert.kind, found.alert.alert_id, found.alert.opens) == (kind, "1", Opens.TRIAGE)


@pytest.mark.parametrize(
    ("states", "kind"),
    [
        ("CRITICAL Warning UNREACHABLE degraded start true Reopened", AlertKind.TRIGGERED),
        ("[FIRING:2] firing(3) Problem! (down)", AlertKind.TRIGGERED),
        ("operational completed end false [RESOLVED] resolved! OK.", AlertKind.RESOLVED),
    ],
)
def test_a_state_in_the_words_of_others_and_with_what_stands_around_it(
    states: str, kind: AlertKind
):
    found = [report({"id": 1, "state": state}).alert.kind for state in states.split()]
    assert found == [kind] * len(found)


@pytest.mark.parametrize("state", ["unknown", "pending", "1", "0", "not ok", "[]", "!", "7 (2)"])
def test_what_may_mean_either_is_asked_about(state: str):
    assert fault({"id": 1, "state": state}).code in {"state.unknown", "state.missing"}


PARTS = (
    b'--X7\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: text/plain\r\n\r\n%b\r\n'
    b'--X7\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\x00\r\n--X7--\r\n'
)


@pytest.mark.parametrize(
    "body",
    [
        b"payload=" + quote('{"id": 1, "state": "down", "v": +Inf}').encode(),
        PARTS % b'{"id": 1, "state": "down"}',
        PARTS.replace(b"\r\n", b"\n") % b'{"id": 1, "state": "down"}',
        (
            b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n'
            b"--b\r\ncontent-disposition: form-data; name=state\r\n\r\ndown\r\n--b--"
        ),
    ],
)
def test_a_form_in_parts_and_an_object_in_its_one_field_are_read(body: bytes):
    found = report(body, title="state")
    assert (found.alert.alert_id, found.alert.kind) == ("1", AlertKind.TRIGGERED)


@pytest.mark.parametrize("body", [b"--", b"--X7\r\n", b"--X7\r\nno part\r\n--X7--", b"payload={"])
def test_what_is_no_form_waits(body: bytes):
    assert fault(body).code in {"body.not_json", "alert_id.missing", "state.missing"}


def test_without_an_expression_it_fires():
    assert report({"id": 1, "state": "ok"}, state=None).alert.kind is AlertKind.TRIGGERED


def test_a_state_that_is_to_be_ignored_is_passed_over_and_says_so():
    (found,) = read({"id": 1, "state": "maintenance"}, states={"Maintenance": "ignored"})
    assert found == Unwanted("state maintenance")
    (found,) = read({"id": 1, "state": "ok", "test": True}, ignore="test")
    assert found == Unwanted("passed over by `ignore`")
    (found,) = read({"id": 1, "state": "ok", "test": True}, ignore="test && 'a test'")
    assert found == Unwanted("a test")
    assert report({"id": 1, "state": "ok", "test": False}, ignore="test")


def test_a_time_is_that_of_what_is_said_or_of_the_beginning():
    fired = report({"id": 1, "state": "down", "t": 1770091506}, at="t")
    assert (fired.alert.began_at, fired.occurred_at) == (AT, AT)
    over = report({"id": 1, "state": "up", "t": "1770091506"}, at="t")
    assert (over.alert.began_at, over.occurred_at) == (None, AT)
    body = {"id": 1, "state": "up", "t": 1770091506000, "e": "2026-02-03T05:05:06Z"}
    told = report(body, at="t", ended_at="e")
    assert (told.alert.began_at, told.occurred_at) == (AT, AT.replace(hour=5))
    assert report({**body, "e": None}, at="t", ended_at="e").occurred_at is None


def test_a_time_that_is_none_costs_only_itself_and_is_named():
    found = report({"id": 1, "state": "down", "t": "soon"}, at="t")
    assert found.occurred_at is None
    assert found.alert.flaws == ("`at` is no time: soon",)


def test_several_alerts_each_with_the_whole_body():
    body = {"team": "db", "list": [{"id": 1, "state": "down"}, {"id": 2}, {"id": 3, "state": "up"}]}
    first, second, third = read(body, alerts="list", service="_body.team")
    assert isinstance(first, Report)
    assert isinstance(third, Report)
    assert (first.alert.service, third.alert.kind) == ("db", AlertKind.RESOLVED)
    assert isinstance(second, Unintelligible)
    assert second.reason == "alert 2 of 3: `state` (state) gives nothing"
    assert read({"list": []}, alerts="list") == (Unwanted("`alerts` finds none in this body"),)
    assert fault({"team": 1}, alerts="list").code == "field.missing"
    assert fault({"list": [{}] * (REPORTS_MAX + 1)}, alerts="list").code == "body.too_many"
    (one,) = read([{"id": 1, "state": "down"}], alerts="@")
    assert isinstance(one, Report)


def test_what_fails_is_said_with_the_expression():
    failed = fault({"id": 1, "state": "up", "parts": [1]}, title="join('-', parts)")
    assert failed.code == "expression.failed"
    assert failed.reason.startswith("`title` (join('-', parts)) fails: In function join()")
    unknown = fault({"id": 1, "state": "odd"})
    assert (unknown.code, unknown.reason) == (
        "state.unknown",
        "`state` (state) gives 'odd': say in `states` what that means",
    )
    assert fault({"state": "up"}).reason.startswith("`key` (id): ")
    assert fault({"id": {"a": 1}, "state": "up"}).code == "alert_id.missing"


def test_a_severity_that_is_no_text_is_named_as_not_understood():
    body = {"id": 1, "state": "down", "level": {"name": "critical"}}
    said = report(body, severity="level").alert
    assert (said.priority, said.flaws) == (
        None,
        ("`severity` is no text, and is not understood",),
    )
    assert report({**body, "level": 1.0}, severity="level").alert.priority == "1"
    assert report({**body, "level": None}, severity="level").alert.flaws == ()


def test_labels_links_and_severities_in_all_their_shapes():
    body = {
        "id": 1,
        "state": "down",
        "tags": "env:prod, host:a",
        "links": [{"href": "https://a.example"}, "https://b.example", "no link", None],
        "level": "Purple",
    }
    found = report(
        body, labels="tags", links="links", severity="level", severities={"purple": "SEV2"}
    )
    assert found.labels == {"env": "prod", "host": "a"}
    assert found.alert.url == "https://a.example"
    assert [tuple(msgspec.structs.astuple(each)) for each in found.alert.links] == [
        ("a.example", "https://a.example"),
        ("b.example", "https://b.example"),
    ]
    named = report({**body, "links": {"runbook_url": "https://r.example"}}, links="links")
    assert named.alert.links[0].name == "Runbook"
    assert found.alert.priority == "SEV2 (Purple)"
    for tags in (
        {"env": "prod", "n": 1},
        [{"name": "env", "value": "prod"}, {"tag": "n", "value": 1}],
        ["env:prod", "n=1"],
    ):
        assert report({**body, "tags": tags}, labels="tags").labels == {"env": "prod", "n": "1"}


def test_texts_that_are_lists_are_joined():
    found = report({"id": [7], "state": "down", "title": ["a", None, "b"]})
    assert (found.alert.alert_id, found.alert.title) == ("7", "a, b")


def test_a_form_is_read_as_an_object():
    body = b"id=7&title=Disk%20is+full&state=down&tag=a&tag=b&empty="
    found = report(body, labels="tag", details="empty")
    assert (found.alert.alert_id, found.alert.title) == ("7", "Disk is full")
    carried = b"payload=%7B%22id%22%3A+9%2C+%22state%22%3A+%22up%22%7D"
    assert report(carried, alerts="parse_json(payload)").alert.alert_id == "9"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body.not_json"),
        (b"hello", "body.not_json"),
        (b"\xff\xfe=1", "body.not_json"),
        (b"7", "body.wrong_shape"),
        (b"[" * 100_000, "body.not_json"),
        (b"&".join(b"a%d=1" % number for number in range(1_001)), "body.not_json"),
    ],
)
def test_what_is_neither_json_nor_a_form(body: bytes, code: str):
    assert fault(body).code == code


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key": "a."}, "key: it is no JMESPath"),
        ({"at": "now()"}, "at: there is no function now"),
        ({"title": ""}, "title: an expression is needed"),
        ({"preset": "nobody"}, "preset: 'nobody' is not one of"),
    ],
)
def test_what_cannot_be_used_is_refused_at_the_start(fields: dict[str, Any], said: str):
    with pytest.raises(SettingFault, match=said):
        inbound(**fields)


@pytest.mark.parametrize("write", [bytes.hex, lambda code: base64.b64encode(code).decode()])
def test_a_signature_is_as_good_as_a_secret(write: Any):
    body = b'{"id": 1}'
    code = hmac.digest(SECRET.encode(), body, hashlib.sha256)
    kind = inbound(signature_header="X-Signature")
    signed = InboundRequest({"x-signature": write(code)}, {}, body)
    assert kind.plausible(signed, (SECRET,))
    assert kind.authentic(signed, ("another-secret", SECRET))
    assert not kind.authentic(signed, ("another-secret",))
    assert not kind.authentic(InboundRequest(signed.headers, {}, body + b" "), (SECRET,))
    assert not inbound().authentic(signed, (SECRET,))
    assert not kind.plausible(InboundRequest({}, {}, b""), (SECRET,))


def test_a_source_that_is_gone_leaves_what_it_sent_in_quarantine():
    (found,) = GENERIC.translate(b"{}", "old", Opens.INCIDENT)
    assert isinstance(found, Unintelligible)
    assert found.code == "source.unknown"
