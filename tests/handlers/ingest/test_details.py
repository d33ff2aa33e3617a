"""Structured details of an alert stay readable."""

import msgspec

from handlers.ingest.details import readable


def test_a_text_is_shown_as_it_is():
    assert readable("disk full\non web-1") == "disk full\non web-1"
    assert readable(None) is None
    assert readable({}) is None


def test_objects_and_lists_are_lines_below_their_key():
    details = {
        "disk": {"free": "3%", "mount": "/var"},
        "hosts": ["web-1", "web-2"],
        "checks": [{"name": "ping", "ok": False}, {"name": "http", "ok": True}],
        "nothing": None,
        "empty": {},
        "count": 3,
    }
    assert readable(details) == "\n".join(
        (
            "disk:",
            "  free: 3%",
            "  mount: /var",
            "hosts: web-1, web-2",
            "checks:",
            "  - name: ping",
            "    ok: no",
            "  - name: http",
            "    ok: yes",
            "count: 3",
        )
    )


def test_a_text_of_several_lines_stays_below_its_key():
    assert readable({"trace": "one\ntwo"}) == "trace: one\n  two"


def test_what_is_nested_without_end_or_is_endless_is_cut_with_a_sign():
    deep = msgspec.json.decode(b'{"a":' * 200 + b"1" + b"}" * 200)
    assert "…" in (readable(deep) or "")
    assert (readable(list(range(60))) or "").endswith("… and 10 more")
    assert "and 10 more" in (readable({"hosts": [f"web-{n}" for n in range(60)]}) or "")
