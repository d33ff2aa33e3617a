"""The kinds of sources and channels that there are, to be looked up by name."""

from collections.abc import Mapping
from typing import NamedTuple

from adapters.products.kit.channel import AnyChannelKind
from adapters.products.kit.source import SourceKind


class Products(NamedTuple):
    """What may send, and what may be sent to, in the order in which they are listed to people."""

    sources: tuple[SourceKind, ...]
    channels: tuple[AnyChannelKind, ...]

    @property
    def source_kinds(self) -> Mapping[str, SourceKind]:
        """By the `kind` of the configuration."""
        return {each.kind: each for each in self.sources}

    @property
    def channel_kinds(self) -> Mapping[str, AnyChannelKind]:
        """By the `kind` of the configuration."""
        return {each.kind: each for each in self.channels}
