"""Channels: which there are, and whether one works."""

from pathlib import Path

from cyclopts import App

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.session import DEFAULTS, Format, Options, check_rights, registry_in_use
from adapters.runtime.state_file import service_in


async def list_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """List the configured channels with whom they tell; for e-mail, one for each recipient."""
    # Here, so that other commands, which send nothing, start without the clients.
    from adapters.cli.channel_test import ListedChannel, list_channel  # noqa: PLC0415

    await check_rights(options)
    configured = options.load().channels.items()
    known = registry_in_use().products
    found = [
        it for name, settings in configured for it in await list_channel(name, settings, known)
    ]
    if format == "json":
        tables.as_json([it._asdict() for it in found])
    else:
        tables.table(tables.count(len(found), "channel"), ListedChannel._fields, found)


async def try_out(name: str, *, options: Options = DEFAULTS) -> int:
    """Send a message that says it is a test through one channel, and print its receipt, or why
    there is none (exit status 1). Nothing is recorded. A pager is told of the end at once; a
    public page is only asked whether it is there. A running service uses what works again at once.
    """
    from adapters.cli.channel_test import try_channel  # noqa: PLC0415
    from adapters.runtime.mended_channels import tell  # noqa: PLC0415

    await check_rights(options)
    config = options.load()
    channels = config.channels
    if name not in channels:
        fail(f"there is no channel {name}; configured are {', '.join(channels) or 'none'}")
    networks = config.outgoing.networks
    whole, works = await try_channel(name, channels[name], registry_in_use().products, networks)
    found = service_in(Path(config.state)) if config.nats_url is None else None
    nats_url = found.nats_url if found else config.nats_url
    if works and nats_url and not await tell(nats_url, works):
        tables.complain("A running service was not reached: it tries the channel again by itself.")
    return 0 if whole else 1


GROUP = App(name="channels", help="The ways out for notifications.")
GROUP.command(list_, name="list")
GROUP.command(try_out, name="test")
