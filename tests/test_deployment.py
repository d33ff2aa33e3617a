"""What deploys the service agrees with what the tests ran against."""

import os
import re
import subprocess
from pathlib import Path

from adapters.embedded.nats_server import (
    COMMANDS_IN_TURN,
    FORBIDDEN_TO_APP,
    nats_server_binary,
)
from support.deployed_nats import PASSWORDS

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "deploy" / "nats.conf"


def test_nats_server_accepts_the_configuration_of_the_containers():
    checked = subprocess.run(
        [nats_server_binary(), "-t", "-c", str(CONFIG)],
        env={**os.environ, **PASSWORDS, "NATS_DATA": "/data"},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_the_containers_forbid_the_application_what_the_embedded_server_forbids():
    denied = re.search(r"user: app,.*?deny: \[(.*?)\]", CONFIG.read_text(), flags=re.DOTALL)
    assert denied is not None
    assert re.findall(r'"([^"]*)"', denied[1]) == FORBIDDEN_TO_APP
    assert f'["{COMMANDS_IN_TURN}"]' in CONFIG.read_text()


def test_every_published_port_is_on_loopback():
    compose = (ROOT / "docker-compose.yml").read_text()
    published = re.findall(r"^ +- (\S+:\d+)$", compose, flags=re.MULTILINE)
    assert len(published) == 4
    assert all(port.startswith("127.0.0.1:") for port in published)
