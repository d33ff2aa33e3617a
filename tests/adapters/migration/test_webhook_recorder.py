"""Webhooks that come in are kept once their signature is known, and nothing else is."""

import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from adapters.migration.webhook_recorder import BODY_BYTES_MAX, kept, recorder
from support.recorded_webhooks import webhook

SECRET = "a secret of a subscription"


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, sha256).hexdigest()
    return {"X-PagerDuty-Signature": f"v1={digest}"}


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def client(tmp_path: Path, told: list[str]) -> Any:
    with TestClient(recorder(tmp_path, ["an older one", SECRET], told.append)) as found:
        yield found


def test_a_signed_body_is_on_disk_when_it_is_answered(client: Any, tmp_path: Path, told: list[str]):
    body = json.dumps(webhook("triggered", "2026-01-06T03:00:00Z", "A")).encode()
    assert client.post("/", content=body, headers=signed(body)).status_code == 202
    (file,) = tmp_path.iterdir()
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (body, 0o600)
    assert told == [file.name]


def test_the_same_again_is_kept_once(client: Any, tmp_path: Path, told: list[str]):
    for _ in range(2):
        assert client.post("/", content=b"{}", headers=signed(b"{}")).status_code == 202
    assert len(list(tmp_path.iterdir())) == len(told) == 1


@pytest.mark.parametrize(
    "headers", [{}, signed(b"{}", "another secret"), signed(b"[]"), {"X-PagerDuty-Signature": "é"}]
)
def test_what_nobody_signed_is_refused_and_not_kept(client: Any, tmp_path: Path, headers: Any):
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    assert client.post("/", content=b"{}", headers=encoded).status_code == 401
    assert list(tmp_path.iterdir()) == []


def test_a_body_that_is_too_long_is_refused(client: Any, tmp_path: Path):
    body = b" " * (BODY_BYTES_MAX + 1)
    assert client.post("/", content=body, headers=signed(body)).status_code == 413
    assert list(tmp_path.iterdir()) == []


def test_what_was_half_written_is_written_again(tmp_path: Path):
    name = kept(tmp_path, b"{}")
    assert name is not None
    (tmp_path / name).rename(tmp_path / name.replace(".json", ".part"))
    assert kept(tmp_path, b"{}") == name
    assert [each.name for each in tmp_path.iterdir()] == [name]
