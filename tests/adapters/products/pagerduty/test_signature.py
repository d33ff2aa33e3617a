"""X-PagerDuty-Signature."""

import hashlib
import hmac

import pytest

from adapters.products.pagerduty.signature import is_signed

BODY = b'{"event": {}}'


def sign(secret: str, body: bytes = BODY) -> str:
    return "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_the_signature_of_our_secret_is_accepted():
    assert is_signed(BODY, sign("old-secret"), ["old-secret"])


def test_a_known_vector_is_accepted():
    """RFC 4231, test case 2, so that a mistake in `sign` above cannot hide one in `is_signed`."""
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert is_signed(b"what do ya want for nothing?", f"v1={digest}", ["Jefe"])


@pytest.mark.parametrize(
    "header",
    [
        f"{sign('old-secret')},{sign('new-secret')}",
        f"{sign('new-secret')}, {sign('old-secret')}",
        f"v2=00,{sign('new-secret')}",
        f"v1=,{sign('new-secret')}",
        f"v1=zz,{sign('new-secret')}",
    ],
)
@pytest.mark.parametrize("secrets", [["new-secret"], ["gone-secret", "new-secret"]])
def test_any_signature_by_any_secret_is_enough_while_secrets_rotate(
    header: str, secrets: list[str]
):
    assert is_signed(BODY, header, secrets)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        ",",
        "v1",
        "v1=",
        "v1=zz",
        "v1=é",
        sign("other-secret"),
        sign("our-secret").replace("v1=", "v2="),
        sign("our-secret").removeprefix("v1="),
        sign("our-secret")[:-1],
        sign("our-secret") + "0",
        sign("our-secret").upper(),
        sign("our-secret", BODY + b" "),
    ],
)
def test_everything_else_is_refused(header: str | None):
    assert not is_signed(BODY, header, ["our-secret"])


def test_a_body_that_was_changed_is_refused():
    assert not is_signed(BODY.replace(b"event", b"Event"), sign("our-secret"), ["our-secret"])


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_signed_not_even_with_the_empty_key(secrets: list[str]):
    assert not is_signed(BODY, sign(""), secrets)
