"""What the settings of all channels have in common; docs/channels.md says how to get them."""

from typing import Annotated

import msgspec

from domain.policy import Severity

Given = Annotated[str, msgspec.Meta(min_length=1)]
Service = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]


class SettingFault(Exception):  # noqa: N818 - told to whoever configures it
    """A setting that has the right shape and still cannot be used; the message names its key."""


class ChannelSettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """What all channels have: whom they tell, in order of preference, from which severity on, and
    of which services; none means of all. `rate_per_minute` and `burst` are how fast it may be used;
    None: as fast as its product takes it.
    """

    audiences: tuple[str, ...] = ("engineering",)
    min_severity: Severity = Severity.SEV4
    services: Annotated[tuple[Service, ...], msgspec.Meta(max_length=200)] = ()
    rate_per_minute: Annotated[float, msgspec.Meta(ge=0.1, le=60_000)] | None = None
    burst: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)
