"""What the trail says of a configuration: whom it lets in and out, and no secret."""

from pathlib import Path

import msgspec

from adapters.config.loading import load
from adapters.runtime.configuration_trail import settings_of

CONFIG = """
public_url = "https://incidents.example.com"
[http_server]
hosts = ["incidents.example.com"]
origins = ["https://console.example.com"]
requests_per_minute = 600
[outgoing]
networks = ["10.0.0.0/8", "fd00::/8"]
[dead_mans_switch]
url = "https://hc.example.com/the-secret-path"
[nats]
commands_as = "integration"
[sources.pd]
kind = "pagerduty"
secrets = ["the-secret-of-pd", "the-next-one-of-pd"]
[channels.ops]
kind = "webhook"
url = "https://ada:the-password@hooks.example.com/x?key=the-key"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""


def test_who_is_let_in_and_where_it_connects_to_is_said(tmp_path: Path):
    path = tmp_path / "commandpost.toml"
    path.write_text(CONFIG)
    assert settings_of(load(path), "2026.1") == {
        "policy": "2026.1",
        "public_url": "https://incidents.example.com",
        "nats.commands_as": "integration",
        "http_server.hosts": "incidents.example.com",
        "http_server.origins": "https://console.example.com",
        "http_server.requests_per_minute": "600",
        "outgoing.networks": "10.0.0.0/8, fd00::/8",
        "dead_mans_switch": "hc.example.com, every 60 s",
        "sources.pd": "pagerduty, 2 secrets",
        "channels.ops": "webhook",
    }


def test_without_any_it_says_no_more_than_there_is():
    said = settings_of(load(), "2026.1")
    assert said.keys() == {"policy", "http_server.requests_per_minute", "channels.console"}, (
        msgspec.json.encode(said)
    )
