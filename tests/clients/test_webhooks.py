"""A receiver verifies what the service signs, and nothing else."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from commandpost_client import Unverified, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = 1_795_857_600
BODY = '{"kind": "declared", "text": "Kasse fällt aus"}'.encode()


def signed(body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    """Headers as the service makes them, with the standard's own library."""
    at = datetime.fromtimestamp(AT, UTC)
    signature = Webhook(secret).sign("msg_1", at, body.decode())
    return {"webhook-id": "msg_1", "Webhook-Timestamp": str(AT), "webhook-signature": signature}


@pytest.mark.parametrize("late_s", [0, 299, -299])
def test_what_was_signed_is_read(late_s: int):
    content = verify(SECRET, signed(), BODY, now=AT + late_s)
    assert content == {"kind": "declared", "text": "Kasse fällt aus"}


def test_one_of_several_signatures_is_enough():
    """While a secret is replaced, both sign."""
    headers = signed()
    headers["webhook-signature"] = "v1,bm90IHRoaXMgb25l v2,abc " + headers["webhook-signature"]
    assert verify(SECRET, headers, BODY, now=AT)["kind"] == "declared"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"webhook-id": "msg_2"}, "no signature fits"),
        ({"Webhook-Timestamp": str(AT + 1)}, "no signature fits"),
        ({"Webhook-Timestamp": "soon"}, "not a number"),
        ({"webhook-signature": "v1,äöü"}, "no signature fits"),
        ({"webhook-signature": ""}, "no signature fits"),
        ({"webhook-signature": None}, "no header webhook-signature"),
    ],
)
def test_what_was_changed_is_refused(change: dict[str, str | None], why: str):
    headers = {name: it for name, it in {**signed(), **change}.items() if it is not None}
    with pytest.raises(Unverified, match=why):
        verify(SECRET, headers, BODY, now=AT)


@pytest.mark.parametrize("late_s", [301, -301])
def test_what_is_too_old_or_of_the_future_is_refused(late_s: int):
    with pytest.raises(Unverified, match="more than 300 s"):
        verify(SECRET, signed(), BODY, now=AT + late_s)


def test_another_body_and_another_secret_are_refused():
    with pytest.raises(Unverified, match="no signature fits"):
        verify(SECRET, signed(), BODY + b" ", now=AT)
    with pytest.raises(Unverified, match="no signature fits"):
        verify("whsec_" + "A" * 32, signed(), BODY, now=AT)
    with pytest.raises(Unverified, match="not base64"):
        verify("whsec_!", signed(), BODY, now=AT)


def test_what_is_signed_and_no_object_is_refused():
    with pytest.raises(Unverified, match="no JSON object"):
        verify(SECRET, signed(b"[1]"), b"[1]", now=AT)
