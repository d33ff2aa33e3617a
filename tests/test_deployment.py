"""What deploys the service agrees with what the tests ran against."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.embedded.nats_server import (
    COMMANDS_IN_TURN,
    FORBIDDEN_TO_APP,
    nats_server_binary,
)
from support.deployed_nats import PASSWORDS

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "deploy" / "nats.conf"
COMPOSE = (ROOT / "docker-compose.yml").read_text()


def nats_server_reads(**env: str) -> "subprocess.CompletedProcess[str]":
    """What it says of the configuration in this environment."""
    return subprocess.run(
        [nats_server_binary(), "-t", "-c", str(CONFIG)],
        env={**os.environ, **PASSWORDS, "NATS_DATA": "/data", **env},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )


def test_nats_server_accepts_the_configuration_of_the_containers():
    checked = nats_server_reads()
    assert checked.returncode == 0, checked.stderr


def test_the_containers_forbid_the_application_what_the_embedded_server_forbids():
    denied = re.search(r"user: app,.*?deny: \[(.*?)\]", CONFIG.read_text(), flags=re.DOTALL)
    assert denied is not None
    assert re.findall(r'"([^"]*)"', denied[1]) == FORBIDDEN_TO_APP
    assert f'["{COMMANDS_IN_TURN}"]' in CONFIG.read_text()


def test_every_published_port_is_on_loopback_unless_an_address_is_given():
    published = re.findall(r"^ +- (\S+):(\d+)(?: #.*)?$", COMPOSE, flags=re.MULTILINE)
    assert {inside for _, inside in published} == {"4222", "8222", "5432", "8080"}
    for outside, inside in published:
        movable = inside in {"4222", "8080"}  # what programs and people use
        where = "${COMMANDPOST_BIND:-127.0.0.1}:$" if movable else "127.0.0.1:$"
        assert outside.startswith(where)


def check_passwords(**env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", ROOT / "deploy" / "check-passwords.sh"],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )


OWN = {
    name: f"{place}x9kq2m7"
    for place, name in enumerate(sorted(set(re.findall(r"COMMANDPOST_\w+_PASSWORD", COMPOSE))))
}
"""A password of one's own for each that docker-compose.yml knows."""


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])
def test_on_loopback_the_passwords_of_the_repository_will_do(address: str):
    assert check_passwords(COMMANDPOST_BIND=address).returncode == 0


@pytest.mark.parametrize("address", ["0.0.0.0", "0", "::", "[::]", "192.168.1.4", "10.127.0.1"])
def test_beyond_loopback_each_password_of_the_repository_is_refused_by_name(address: str):
    assert len(OWN) == 8
    assert check_passwords(COMMANDPOST_BIND=address, **OWN).returncode == 0
    for name in OWN:
        user = name.removeprefix("COMMANDPOST_").removesuffix("_PASSWORD").lower()
        assert f"{{{name}:-{user}-of-commandpost}}" in COMPOSE
        for known in ("", f"{user}-of-commandpost"):
            done = check_passwords(COMMANDPOST_BIND=address, **{**OWN, name: known})
            assert done.returncode == 1
            assert re.findall(r"COMMANDPOST_\w+_PASSWORD", done.stderr) == [name]
            assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "password",
    ["short12", "abcd#efgh", "abcd efgh", "abcd@efgh", 'abcd"efgh', "abcd$efgh", "abcd/efgh"],
)
@pytest.mark.parametrize("address", ["", "0.0.0.0"])
def test_a_password_that_would_not_arrive_as_it_is_is_refused(password: str, address: str):
    done = check_passwords(COMMANDPOST_BIND=address, **OWN | {"COMMANDPOST_APP_PASSWORD": password})
    assert done.returncode == 1
    assert re.findall(r"COMMANDPOST_\w+_PASSWORD", done.stderr) == ["COMMANDPOST_APP_PASSWORD"]
    assert password not in done.stderr


@pytest.mark.parametrize(
    "password", ["12345678", "8000kibi", "2026-11-27", "-abcdefgh", "9f86d081884c7d65", "12_a-b-c"]
)
def test_nats_server_takes_what_is_accepted_for_text(password: str):
    assert check_passwords(COMMANDPOST_APP_PASSWORD=password).returncode == 0
    [quoted] = re.findall(r"NATS_APP_PASSWORD: '(.*)'$", COMPOSE, flags=re.MULTILINE)
    value = re.sub(r"\$\{.*\}", password, quoted)
    checked = nats_server_reads(NATS_APP_PASSWORD=value)
    assert checked.returncode == 0, checked.stderr


def services() -> dict[str, str]:
    """Each service of docker-compose.yml with its lines."""
    text = COMPOSE.partition("\nservices:\n")[2].partition("\nvolumes:\n")[0]
    parts = re.split(r"^  (\w+):", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_nothing_starts_before_the_passwords_are_checked():
    waits = {
        name: set(re.findall(r"^      (\w+): { condition: service_", lines, flags=re.MULTILINE))
        for name, lines in services().items()
    }
    assert waits == {
        "passwords": set(),
        "nats": {"passwords"},
        "postgres": {"passwords"},
        "provision": {"nats"},
        "commandpost": {"nats", "postgres", "provision"},
    }


def test_every_container_is_confined():
    anchor = COMPOSE.partition("x-confined: &confined\n")[2].partition("\n\n")[0]
    assert [line.strip() for line in anchor.splitlines()] == [
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
    ]
    assert "x-ours: &ours\n  <<: *confined\n" in COMPOSE
    for name, lines in services().items():
        assert re.search(r"^    <<: \*(confined|ours)$", lines, flags=re.MULTILINE), name
        assert "privileged" not in lines
        assert "cap_add" not in lines


def test_only_who_provisions_has_the_password_of_the_administrator():
    def who_has(name: str) -> set[str]:
        return {service for service, lines in services().items() if f"${{{name}:" in lines}

    assert who_has("COMMANDPOST_ADMIN_PASSWORD") == {"passwords", "nats", "provision"}
    assert who_has("COMMANDPOST_DATABASE_ADMIN_PASSWORD") == {"passwords", "postgres"}
    assert "commandpost" in who_has("COMMANDPOST_DATABASE_PASSWORD")


DIGEST = f"sha256:{'0123456789abcdef' * 4}"


def pin(folder: Path, *, answer: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
    """`make pin` where the registry answers so, without one."""
    docker = folder / "docker"
    docker.write_text(f"#!/bin/sh\necho '{answer}'\nexit {status}\n")
    docker.chmod(0o755)
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "pin_images.py", folder / ".env"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_images_are_pinned_to_the_digests_that_the_registry_shows(tmp_path: Path):
    """Those of every service and of the build; what else stands in the file stays."""
    (tmp_path / ".env").write_text("COMMANDPOST_HTTP_PORT=8081\nNATS_IMAGE=nats:old\n")
    assert pin(tmp_path, answer=DIGEST).returncode == 0
    lines = (tmp_path / ".env").read_text().splitlines()
    assert lines[0] == "COMMANDPOST_HTTP_PORT=8081"
    pinned = dict(line.split("=", 1) for line in lines[1:])
    dockerfile = (ROOT / "Dockerfile").read_text()
    usual = dict(re.findall(r"\$\{(\w+_IMAGE):-((?!commandpost)\S+)\}", COMPOSE))
    assert pinned == {name: f"{image}@{DIGEST}" for name, image in usual.items()}
    assert f"ARG PYTHON_IMAGE={usual['PYTHON_IMAGE']}" in dockerfile
    assert set(re.findall(r"^FROM (\S+)", dockerfile, flags=re.MULTILINE)) == {"${PYTHON_IMAGE}"}


def test_without_an_answer_of_the_registry_nothing_is_pinned(tmp_path: Path):
    for answer, status in (("no such host", 1), ("nothing", 0)):
        refused = pin(tmp_path, answer=answer, status=status)
        assert refused.returncode == 1
        assert "the registry shows no digest" in refused.stderr
        assert not (tmp_path / ".env").exists()
