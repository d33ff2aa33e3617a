"""`commandpost provision`: the streams, made once by a user whom the service does not need."""

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Options, registry_in_use
from adapters.config.settings import ConfigFault
from adapters.main import provision_streams
from adapters.telemetry import configure_logging


async def provision(*, options: Options = DEFAULTS) -> None:
    """Make the streams in a NATS of your own, or widen those of an earlier release, and end. The
    service then needs no `nats_admin_url`. Repeated, it changes nothing.
    """
    config = options.load()
    configure_logging(config.log)
    admin = config.nats_admin_url or config.nats_url
    if admin is None:
        raise ConfigFault(
            "nats_admin_url: give the URL of a user of NATS who may create streams; embedded"
            " servers need no provisioning"
        )
    await provision_streams(admin, config.replicas, registry_in_use())
    tables.say("All streams are provided.")
