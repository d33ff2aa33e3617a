"""Messages of Amazon SNS: signatures of both versions, and whose address a certificate has."""

import base64
import codecs
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from adapters.products.generic.settings import GenericSource
from adapters.products.generic.sns import Envelope, is_amazon, signed_text
from adapters.products.kit.settings import SettingFault
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import Opens
from handlers.ingest.receive import InboundRequest
from handlers.ingest.reports import Report, Unintelligible

SECRET = "a-secret-of-the-test"
NAME = "SimpleNotificationService-0123.pem"
ALARM = '{"AlarmArn": "arn:1", "AlarmName": "5xx", "NewStateValue": "ALARM"}'
ALGORITHMS = {"1": hashes.SHA1(), "2": hashes.SHA256()}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@pytest.fixture(scope="module")
def certificate(key: rsa.RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("sns") / NAME, key)


def written(file: Path, key: Any) -> Path:
    file.write_bytes(issued("sns.amazonaws.com", "sns.amazonaws.com", key, key))
    return file


def issued(name: str, by: str, key: Any, signing: Any) -> bytes:
    """A certificate of the key, in PEM."""
    subject, issuer = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, by)
    )
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    built = x509.CertificateBuilder(
        issuer, subject, key.public_key(), 1, begin, begin.replace(year=2036)
    )
    return built.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def message(key: rsa.RSAPrivateKey) -> Callable[..., dict[str, Any]]:
    """A message that is signed as it is; `forged` changes it afterwards."""

    def make(version: str = "1", forged: Any = None, **more: Any) -> dict[str, Any]:
        made = {
            "Type": "Notification",
            "MessageId": "m",
            "TopicArn": "arn:aws:sns:eu-west-1:1:ops",
            "Subject": "ALARM",
            "Message": ALARM,
            "Timestamp": "2026-02-03T04:05:06.789Z",
            "SignatureVersion": version,
            "SigningCertURL": f"https://sns.eu-west-1.amazonaws.com/{NAME}",
            **more,
        }
        made = {name: each for name, each in made.items() if each is not None}
        signature = key.sign(signed_text(made), padding.PKCS1v15(), ALGORITHMS[version])
        return {**made, "Signature": base64.b64encode(signature).decode(), **(forged or {})}

    return make


def kind(*certificates: Path) -> Any:
    settings = GenericSource(
        kind="generic",
        secrets=(SECRET,),
        preset="aws",
        certificates=tuple(map(str, certificates)),
    )
    return PRODUCTS.source_kinds["generic"].for_source(settings)


def let_in(inbound: Any, body: Any, secret: str = SECRET) -> bool:
    delivery = InboundRequest({}, {"token": secret}, msgspec.json.encode(body))
    return bool(inbound.authentic(delivery, (SECRET,)))


def test_what_is_signed_is_what_amazon_documents(message: Any):
    assert signed_text(message(Subject=None)).decode() == (
        f"Message\n{ALARM}\nMessageId\nm\nTimestamp\n2026-02-03T04:05:06.789Z\n"
        "TopicArn\narn:aws:sns:eu-west-1:1:ops\nType\nNotification\n"
    )
    asks = message(Type="SubscriptionConfirmation", Token="t", SubscribeURL="https://u")
    assert signed_text(asks).startswith(f"Message\n{ALARM}\nMessageId\nm\nSubscribeURL\n".encode())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0,)])
def test_of_a_chain_the_certificate_counts_that_has_issued_none(
    order: tuple[int, ...], key: rsa.RSAPrivateKey, message: Any, tmp_path: Path
):
    """As Amazon's: the one of SNS is issued by an authority, which is issued by a root."""
    names = ("sns.eu-west-1.amazonaws.com", "Amazon RSA 2048 M01", "Amazon Root CA 1")
    other = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    chain = [
        issued(name, by, owner, other)
        for name, by, owner in zip(names, (*names[1:], names[-1]), (key, other, other), strict=True)
    ]
    (tmp_path / NAME).write_bytes(b"".join(chain[place] for place in order))
    inbound = kind(tmp_path / NAME)
    assert let_in(inbound, message("2"))
    assert not let_in(inbound, message("2", forged={"Message": "forged"}))


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_message_is_let_in_if_it_is_signed(version: str, message: Any, certificate: Path):
    inbound = kind(certificate)
    assert let_in(inbound, message(version))
    assert let_in(inbound, message(version, Subject=None))
    assert not let_in(inbound, message(version), secret="wrong")
    for forged in (
        {"Message": ALARM.replace("5xx", "4xx")},
        {"Signature": "RVhBTVBMRQ=="},
        {"Signature": "not base64"},
        {"SignatureVersion": "3"},
        {"TopicArn": "arn:aws:sns:eu-west-1:2:ops"},
    ):
        assert not let_in(inbound, message(version, forged=forged)), forged
    assert not let_in(inbound, msgspec.json.decode(ALARM))  # unsigned


def test_a_flaw_of_the_json_lets_nothing_past_the_signature(message: Any, certificate: Path):
    inbound = kind(certificate)
    forged = msgspec.json.encode(message(forged={"Signature": "RVhBTVBMRQ=="}))
    for body in (forged[:-1] + b",}", codecs.BOM_UTF8 + forged, b"Message=down&key=a"):
        delivery = InboundRequest({}, {"token": SECRET}, body)
        assert not inbound.authentic(delivery, (SECRET,)), body


def test_a_certificate_that_is_not_known_keeps_the_message(message: Any, certificate: Path):
    url = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-new.pem"
    renewed = message(SigningCertURL=url)
    inbound = kind(certificate)
    assert let_in(inbound, renewed)
    (found,) = inbound.translate(msgspec.json.encode(renewed), "sns", Opens.INCIDENT)
    assert isinstance(found, Unintelligible)
    assert found.code == "signature.unverified"
    assert url in found.reason
    (read,) = inbound.translate(msgspec.json.encode(message()), "sns", Opens.INCIDENT)
    assert isinstance(read, Report)


def test_without_certificates_the_secret_counts_and_addresses_are_amazons(message: Any):
    inbound = kind()
    assert let_in(inbound, message(forged={"Signature": "EXAMPLE"}))
    assert let_in(inbound, msgspec.json.decode(ALARM))  # raw delivery
    for url in ("https://sns.amazonaws.com.evil.example/a.pem", "http://a", None, 7):
        assert not let_in(inbound, message(forged={"SigningCertURL": url})), url


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://sns.eu-west-1.amazonaws.com/a.pem", True),
        ("https://sns.cn-north-1.amazonaws.com.cn/a.pem", True),
        ("https://SNS.us-gov-west-1.amazonaws.com:443/a.pem", True),
        ("http://sns.eu-west-1.amazonaws.com/a.pem", False),
        ("https://sns.eu-west-1.amazonaws.com.evil.example/a.pem", False),
        ("https://sns.eu-west-1.amazonaws.com@evil.example/a.pem", False),
        ("https://evil.example/sns.eu-west-1.amazonaws.com", False),
        ("https://bucket.s3.amazonaws.com/a.pem", False),
        ("https://sns.eu-west-1.amazonaws.com:8443/a.pem", False),
        ("https://sns.eu-west-1.amazonaws.com:port/a.pem", False),
        ("https://[::1/a.pem", False),
        (None, False),
    ],
)
def test_an_address_of_amazon(url: str | None, *, known: bool):
    assert is_amazon(url) is known


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path):
    none, text = tmp_path / "none.pem", tmp_path / "text.pem"
    text.write_text("hello")
    curve = written(tmp_path / "curve.pem", ec.generate_private_key(ec.SECP256R1()))
    for file, why in ((none, "cannot read"), (text, "is no certificate"), (curve, "no RSA key")):
        with pytest.raises(SettingFault, match=f"certificates: .*{why}"):
            kind(file)


@pytest.mark.parametrize(
    "odd", [{"Type": []}, {"Type": {}}, {"SigningCertURL": "https://[", "Type": "Notification"}]
)
def test_what_is_no_envelope_crashes_nothing(odd: dict[str, Any]):
    envelope = Envelope(())
    body = {"TopicArn": "arn:aws:sns:eu-west-1:1:t", "Message": "{}", **odd}
    assert envelope.forged(msgspec.json.encode(body)) in {True, False}
    assert not isinstance(envelope.outcome(body), Report)
