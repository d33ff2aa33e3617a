"""Where the service is, who asks it, and how patiently."""

import os
from dataclasses import dataclass, field

from commandpost_client.retries import Retries

URL, TOKEN = "COMMANDPOST_URL", "COMMANDPOST_TOKEN"
TIMEOUT_S = 10.0
FOLLOW_TIMEOUT_S = 60.0
"""The service sends a comment each 15 s: a stream that is silent for longer has ended."""


@dataclass(frozen=True)
class Options:
    """Where the service is, who asks, and how patiently.

    `actor` is on whose behalf commands are sent, where the token may say so. `source` is what
    signals say they come from; `secret` is that of the source that they are sent to. Without `url`
    and `token`, those of COMMANDPOST_URL and COMMANDPOST_TOKEN.
    """

    url: str | None = None
    token: str | None = None
    actor: str | None = None
    source: str | None = None
    secret: str | None = None
    timeout_s: float = TIMEOUT_S
    retries: Retries = field(default_factory=Retries)

    def base_url(self) -> str:
        """The address. Raises `ValueError`."""
        url = self.url or os.environ.get(URL)
        if not url:
            raise ValueError(f"no url is given, and {URL} is not set")
        return url

    def headers(self) -> dict[str, str]:
        """What every request shows. Raises `ValueError`."""
        token = os.environ.get(TOKEN) if self.token is None else self.token
        if token is not None and not token.strip():
            raise ValueError(f"the token is empty: is {TOKEN} set to nothing?")
        shown = {"Authorization": f"Bearer {token.strip()}"} if token else {}
        return shown | ({"Commandpost-Actor": self.actor} if self.actor else {})

    def signal_source(self) -> str:
        """What a CloudEvent names as its source."""
        return self.source or f"/{self.actor or 'commandpost-client'}"

    def signal_headers(self) -> dict[str, str]:
        """What a signal shows."""
        secret = {"X-Commandpost-Secret": self.secret} if self.secret else {}
        return {"Content-Type": "application/cloudevents+json", **secret}
