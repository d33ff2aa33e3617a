"""A message that only one browser can read (RFC 8291, over `aes128gcm` of RFC 8188), and who sends
it (VAPID, RFC 8292).

On `cryptography` and `joserfc`, which are here anyway: pywebpush brings two more HTTP clients, and
http-ece, which it stands on, has had no release since 2024.
"""

import base64
import binascii
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from adapters.products.kit.settings import SettingFault

RECORD_BYTES = 4_096
PLAIN_BYTES_MAX = 3_993
"""RFC 8291, 4: a push service need not take more than 4,096 bytes, of which 86 are the header, 16
the tag and one the delimiter."""
KEY_BYTES, SECRET_BYTES = 65, 16
TOKEN_S = 12 * 3600  # RFC 8292, 2: at most 24 hours


class BrowserSubscription(NamedTuple):
    """A browser: where its push service takes messages, its public key, and a secret of it."""

    endpoint: str
    key: bytes
    secret: bytes


def subscription(address: str) -> BrowserSubscription:
    """What `<endpoint>#p256dh=…&auth=…` says. Raises `SettingFault`."""
    endpoint, _, fragment = address.partition("#")
    try:
        parts, said = urlsplit(endpoint), parse_qs(fragment, strict_parsing=True)
        key, secret = decoded(said["p256dh"][0]), decoded(said["auth"][0])
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except (KeyError, ValueError) as error:
        raise SettingFault("a subscription is <endpoint>#p256dh=<key>&auth=<secret>") from error
    sized = len(key) == KEY_BYTES and len(secret) == SECRET_BYTES
    if not sized or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingFault("a subscription is <endpoint>#p256dh=<key>&auth=<secret>")
    return BrowserSubscription(endpoint, key, secret)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A key of P-256 by its 32 bytes in base64url. Raises `SettingFault`."""
    try:
        raw = decoded(text)
        if len(raw) != 32:
            raise SettingFault(f"private_key: 32 bytes are expected, not {len(raw)}")
        return ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    except ValueError as error:
        raise SettingFault("private_key: 32 bytes in base64url are expected") from error


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The uncompressed point, as browsers have it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypt(
    plain: bytes, to: BrowserSubscription, own: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """One record. `own` and `salt` are made for this message alone (RFC 8291, 3.1)."""
    assert len(plain) <= PLAIN_BYTES_MAX, "it is cut before"
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.key)
    ours = public_bytes(own)
    shared = own.exchange(ec.ECDH(), theirs)
    material = _derived(shared, to.secret, b"WebPush: info\0" + to.key + ours, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def vapid(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now_s: int) -> str:
    """The header `Authorization` for a push service; it may ask `contact`."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now_s + TOKEN_S, "sub": contact}
    numbers = key.private_numbers()
    point = numbers.public_numbers
    own = ECKey.import_key(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": encoded(point.x.to_bytes(32)),
            "y": encoded(point.y.to_bytes(32)),
            "d": encoded(numbers.private_value.to_bytes(32)),
        }
    )
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, own)
    return f"vapid t={token}, k={encoded(public_bytes(key))}"


def encoded(raw: bytes) -> str:
    """In base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Out of base64url, with padding or without. Raises ValueError."""
    try:
        bare = text.strip().rstrip("=").encode("ascii")
        return base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)
