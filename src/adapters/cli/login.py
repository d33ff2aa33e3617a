"""A link by which a browser is logged in."""

from pathlib import Path

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.session import DEFAULTS, Options, connected, sender
from adapters.config.settings import Config
from adapters.runtime.state_file import service_in
from domain.access.sessions import LINK
from domain.kernel.decider import UNKNOWN


async def login(*, options: Options = DEFAULTS) -> None:
    """Print a link that logs a browser in, once, as whoever shows the token in COMMANDPOST_TOKEN,
    or else as the owner of the state folder. Whoever opens it first is logged in: keep it.
    """
    config = options.load()
    base = _base(config)
    async with connected(options) as parts:
        by = await sender(parts, UNKNOWN)
        assert by.principal is not None
        secret = await parts.access_keeper.make_link(by, by.principal)
    print(f"{base}/login#{secret}")
    minutes = int(LINK.total_seconds() // 60)
    tables.say(f"It is good once, for {minutes} minutes, and logs in {by.principal.name}.")


def _base(config: Config) -> str:
    """Where a browser reaches the service."""
    if config.public_url:
        return config.public_url.rstrip("/")
    found = service_in(Path(config.state)) if config.nats_url is None else None
    if found is None:
        fail(
            "no service runs over this state folder, and the configuration has no public_url: so"
            " there is nothing that a browser could open; start one with `commandpost up`"
        )
    return found.http_url
