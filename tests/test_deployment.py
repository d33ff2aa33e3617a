"""What deploys the service agrees with what the tests ran against."""

import os
import re
import subprocess
from pathlib import Path

from adapters.embedded.nats_server import FORBIDDEN_TO_APP, nats_server_binary

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "deploy" / "nats.conf"


def test_nats_server_accepts_the_configuration_of_the_containers():
    checked = subprocess.run(
        [nats_server_binary(), "-t", "-c", str(CONFIG)],
        env={**os.environ, "NATS_ADMIN_PASSWORD": "a", "NATS_APP_PASSWORD": "b"},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_the_containers_forbid_the_application_what_the_embedded_server_forbids():
    assert re.findall(r'"(\$JS\.API[^"]*)"', CONFIG.read_text()) == FORBIDDEN_TO_APP


def test_every_published_port_is_on_loopback():
    compose = (ROOT / "docker-compose.yml").read_text()
    published = re.findall(r"^ +- (\S+:\d+)$", compose, flags=re.MULTILINE)
    assert len(published) == 4
    assert all(port.startswith("127.0.0.1:") for port in published)
