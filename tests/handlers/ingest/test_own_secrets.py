"""What is kept of a delivery holds no secret of its source, however the sender writes it."""

import json
from urllib.parse import quote, urlencode

import pytest

from handlers.ingest.own_secrets import HIDDEN, headers_without_secrets, without_secrets

SECRET = 'p/ä"s s+w=ö-7654321'


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"routing_key": SECRET, "text": "x"}).encode(),
        json.dumps({"deep": [{"password": SECRET}]}, ensure_ascii=False).encode(),
        urlencode({"token": SECRET, "text": "x"}).encode(),
        f"https://example.com/?token={quote(SECRET)}".encode(),
        quote(SECRET, safe="").replace("%2F", "%2f").encode(),
        f"{SECRET}{SECRET}".encode(),
    ],
)
def test_it_is_hidden_in_each_form(body: bytes):
    kept = without_secrets(body, ["another-secret", SECRET])
    assert b"7654321" not in kept
    assert HIDDEN.encode() in kept


def test_a_body_stays_as_well_formed_as_it_was():
    kept = without_secrets(json.dumps({"token": SECRET, "text": "x"}).encode(), [SECRET])
    assert json.loads(kept) == {"token": HIDDEN, "text": "x"}


def test_a_body_without_any_is_kept_byte_for_byte():
    body = b'{"text": "\xff caf\xc3\xa9"}'
    assert without_secrets(body, [SECRET, ""]) is body or without_secrets(body, [SECRET]) == body


def test_a_short_secret_is_hidden_where_it_stands_by_itself():
    assert without_secrets(b"key=abc&text=abcd", ["abc"]) == b"key=[secret]&text=abcd"


def test_one_that_is_part_of_another_one_leaves_nothing_of_that():
    assert without_secrets(b"long-secret-1", ["long-secret", "long-secret-1"]) == HIDDEN.encode()


def test_headers_hold_none_either():
    assert headers_without_secrets({"ce-source": f"/x?token={SECRET}"}, [SECRET]) == {
        "ce-source": f"/x?token={HIDDEN}"
    }
