"""`commandpost up`: the service in the foreground."""

import gc
from typing import Annotated

from cyclopts import Parameter

from adapters.cli.session import DEFAULTS, Options, registry_in_use
from adapters.telemetry import configure_logging


async def up(
    *,
    http: Annotated[str | None, Parameter(help="HOST:PORT to listen on [127.0.0.1:8080].")] = None,
    options: Options = DEFAULTS,
) -> None:
    """Serve until SIGINT or SIGTERM. Prints the URLs when ready, and writes them to
    `commandpost.json` in the state folder.
    """
    gc.disable()  # what is loaded is no garbage: looking for some takes a twentieth of it
    from adapters.runtime.serve import serve_until_signalled  # noqa: PLC0415 - other commands start sooner

    gc.enable()
    config = options.load(http=http)
    configure_logging(config.log)
    await serve_until_signalled(config, registry_in_use())
