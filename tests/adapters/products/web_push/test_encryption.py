"""Encryption and identification by the examples of the standards."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from adapters.products.kit.settings import SettingFault
from adapters.products.web_push.encryption import (
    BrowserSubscription,
    decoded,
    encoded,
    encrypt,
    private_key,
    public_bytes,
    subscription,
    vapid,
)

# RFC 8291, 5 and Appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
ENDPOINT = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"
ADDRESS = f"{ENDPOINT}#p256dh={BROWSER}&auth={SECRET}"


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    to = BrowserSubscription(ENDPOINT, decoded(BROWSER), decoded(SECRET))
    assert encoded(encrypt(PLAIN, to, private_key(OWN), decoded(SALT))) == BODY


def test_a_subscription_is_read_off_its_address() -> None:
    assert subscription(ADDRESS) == BrowserSubscription(ENDPOINT, decoded(BROWSER), decoded(SECRET))


@pytest.mark.parametrize(
    "address",
    [
        ENDPOINT,
        f"{ENDPOINT}#auth={SECRET}",
        f"{ENDPOINT}#p256dh={BROWSER}&auth=AAAA",
        f"{ENDPOINT}#p256dh={'A' * 87}&auth={SECRET}",
        f"{ENDPOINT}#p256dh={BROWSER[:40]}&auth={SECRET}",
        f"{ENDPOINT}#p256dh=%&auth={SECRET}",
        f"ftp://push.example.net/#p256dh={BROWSER}&auth={SECRET}",
        f"#p256dh={BROWSER}&auth={SECRET}",
    ],
)
def test_what_is_no_subscription_is_said_to_be_none(address: str) -> None:
    with pytest.raises(SettingFault, match="a subscription is <endpoint>#p256dh="):
        subscription(address)


@pytest.mark.parametrize("text", ["", "AAAA", "*" * 43, "A" * 43, "é" * 43])
def test_what_is_no_key_is_said_to_be_none(text: str) -> None:
    with pytest.raises(SettingFault, match="private_key: 32 bytes"):
        private_key(text)


def test_a_push_service_can_verify_who_sends_and_until_when() -> None:
    key = private_key(OWN)
    header = vapid(ENDPOINT, key, "mailto:ops@example.com", 1_777_896_000)
    scheme, _, rest = header.partition(" ")
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, said["k"]) == ("vapid", encoded(public_bytes(key)))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(said["k"]))
    x, y = (encoded(it.to_bytes(32)) for it in (point.public_numbers().x, point.public_numbers().y))
    known = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    assert jwt.decode(said["t"], known, algorithms=["ES256"]).claims == {
        "aud": "https://push.example.net",
        "exp": 1_777_896_000 + 12 * 3600,
        "sub": "mailto:ops@example.com",
    }
