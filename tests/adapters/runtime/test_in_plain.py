"""Where tokens cross a network that others can hear, the start says so."""

import pytest

from adapters.config.settings import Config
from adapters.runtime.serve import listens_in_plain

EVERYWHERE = "0.0.0.0:8080"
BEHIND = "https://ops.example.com"


@pytest.mark.parametrize(
    ("url", "everywhere", "public_url", "heard"),
    [
        ("http://127.0.0.1:8080", None, None, False),
        ("http://[::1]:8080", None, None, False),
        ("http://127.9.9.9:8080", None, None, False),
        ("http://localhost:8080", None, None, False),
        ("http://127.0.0.1:8080", EVERYWHERE, None, True),
        ("http://127.0.0.1:8080", EVERYWHERE, "http://ops.example.com", True),
        ("http://127.0.0.1:8080", EVERYWHERE, BEHIND, False),
        ("http://10.0.0.7:8080", None, None, True),
        ("http://10.0.0.7:8080", None, BEHIND, False),
        ("http://ops.internal:8080", None, None, True),
    ],
)
def test_others_hear_what_is_said_beyond_this_machine_without_tls(
    url: str, everywhere: str | None, public_url: str | None, heard: bool
) -> None:
    assert listens_in_plain(url, everywhere, Config(public_url=public_url)) is heard
