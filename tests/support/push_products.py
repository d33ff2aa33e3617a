"""Products that push to phones, as far as our channels use them: each answers as the real one does,
and keeps what it has taken.
"""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from support.http_server import Answer, Request

NTFY_TOKEN, TOPIC = "tk_a-token-that-nobody-may-see", "acme-incidents"
GOTIFY_TOKEN = "A-token-that-nobody-may-see"
PUSHOVER_TOKEN, USER_KEY = "a" * 28 + "-1", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"
VAPID_KEY = base64.urlsafe_b64encode(bytes(range(1, 33))).decode().rstrip("=")


def as_json(status: int, content: Any) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(content).encode())


class NtfyServer:
    """A topic that only a token may publish to."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def respond(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {NTFY_TOKEN}":
            return as_json(403, {"code": 40301, "http": 403, "error": "forbidden"})
        content = json.loads(request.body)
        if not 0 < len(content["message"].encode()) <= 4_096:
            return as_json(413, {"code": 41301, "http": 413, "error": "message too large"})
        assert 1 <= content["priority"] <= 5
        self.messages.append(content)
        event = {"id": f"m{len(self.messages)}", "event": "message", "topic": content["topic"]}
        return as_json(200, event)


class GotifyServer:
    """An application of one user."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def respond(self, request: Request) -> Answer:
        if request.headers.get("x-gotify-key") != GOTIFY_TOKEN:
            said = "you need to provide a valid access token or user credentials to access this api"
            content = {"error": "Unauthorized", "errorCode": 401, "errorDescription": said}
            return as_json(401, content)
        content = json.loads(request.body)
        assert content["message"]
        self.messages.append(content)
        return as_json(200, {"id": len(self.messages), "appid": 1, **content})


class PushoverService:
    """One application and one user."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []

    def respond(self, request: Request) -> Answer:
        given = parse_qs(request.body.decode(), keep_blank_values=True)
        form = {key: values[0] for key, values in given.items()}
        if form["token"] != PUSHOVER_TOKEN:
            return pushover_refusal(f"application token {form['token']} is invalid", "token")
        if form["user"] != USER_KEY:
            return pushover_refusal("user identifier is not a valid user", "user")
        assert 0 < len(form["message"]) <= 1_024
        assert len(form["title"]) <= 250
        self.messages.append(form)
        return as_json(200, {"status": 1, "request": f"request-{len(self.messages)}"})


def pushover_refusal(error: str, field: str, status: int = 400) -> Answer:
    said = {field: "invalid", "errors": [error], "status": 0, "request": "r"}
    return as_json(status, said)


class Browser:
    """A browser behind its push service. It has keys of its own, and alone can read what is sent;
    whom the service does not know by the key that it was subscribed with, it refuses.
    """

    def __init__(self) -> None:
        self._key = ec.derive_private_key(7**70 % 2**250, ec.SECP256R1())
        self._secret = bytes(range(16))
        self.messages: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def address(self, endpoint: str) -> str:
        return f"{endpoint}#p256dh={_encoded(self.public)}&auth={_encoded(self._secret)}"

    def respond(self, request: Request) -> Answer:
        assert request.headers["content-encoding"] == "aes128gcm"
        assert int(request.headers["ttl"]) >= 0
        assert len(request.headers["topic"]) <= 32
        if not self._knows(request.headers["authorization"]):
            return Answer(403, body=b"the key does not match that of the subscription")
        if len(request.body) > 4_096:
            return Answer(413)
        self.messages.append(json.loads(self.read(request.body)))
        self.headers.append(request.headers)
        return Answer(201, {"location": "https://push.example.net/message/1"})

    def read(self, body: bytes) -> bytes:
        """RFC 8291, 3.4, from the side of the browser."""
        salt, size, theirs, sealed = body[:16], body[20], body[21:86], body[86:]
        assert size == 65
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self._key.exchange(ec.ECDH(), point)
        info = b"WebPush: info\0" + self.public + theirs
        material = _derived(shared, self._secret, info, 32)
        key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        return plain[:-1]

    def _knows(self, authorization: str) -> bool:
        """RFC 8292, 2 and 3."""
        scheme, _, rest = authorization.partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        known = ec.derive_private_key(int.from_bytes(bytes(range(1, 33))), ec.SECP256R1())
        point = known.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        if scheme != "vapid" or said["k"] != _encoded(point):
            return False
        numbers = known.public_key().public_numbers()
        x, y = (_encoded(it.to_bytes(32)) for it in (numbers.x, numbers.y))
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        claims = jwt.decode(said["t"], key, algorithms=["ES256"]).claims
        return bool(claims["aud"].startswith("http://127.0.0.1:") and claims["sub"])


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)
