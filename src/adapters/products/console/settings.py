"""Settings of a channel to the terminal."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings

Method = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]


class ConsoleSettings(ChannelSettings, frozen=True, kw_only=True, tag="console"):
    """Prints to standard output. `stands_for` are the contact methods of which it prints what
    persons would be sent, for trying pages out.
    """

    stands_for: tuple[Method, ...] = ()

    @property
    def carries(self) -> tuple[str, ...]:
        return self.stands_for
