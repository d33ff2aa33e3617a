"""What deploys the service agrees with what the tests ran against."""

import os
import re
import subprocess
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
    assert len(OWN) == 7
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
    who = {name for name, lines in services().items() if "ADMIN_PASSWORD" in lines}
    assert who == {"passwords", "nats", "provision"}
    assert "commandpost" in services()
