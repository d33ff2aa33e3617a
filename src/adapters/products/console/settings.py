"""Settings of a channel to the terminal."""

from adapters.products.kit.settings import ChannelSettings


class ConsoleSettings(ChannelSettings, frozen=True, kw_only=True, tag="console"):
    """Prints to standard output."""
