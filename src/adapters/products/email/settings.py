"""Settings of a channel by e-mail."""

from typing import Annotated, Literal

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

RECIPIENTS_MOST = 50

Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Address = Annotated[str, msgspec.Meta(pattern=r"^[^\s@<>,]+@[^\s@<>,]+$", max_length=254)]


class EmailSettings(
    ChannelSettings, frozen=True, kw_only=True, tag="email", rename={"from_": "from"}
):
    """Mails by SMTP, to each recipient on its own, and to persons who are paged."""

    host: Given
    from_: Address
    to: Annotated[tuple[Address, ...], msgspec.Meta(max_length=RECIPIENTS_MOST)] = ()
    port: Port = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str | None = None
    password: str | None = None

    def __post_init__(self) -> None:
        if self.audiences and not self.to:
            raise ValueError(
                "to is needed for its audiences; a channel for persons alone has audiences = []"
            )

    @property
    def carries(self) -> tuple[str, ...]:
        """To the address of a person."""
        return ("email",)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Each address once, as it is written to."""
        return tuple(dict.fromkeys(address.strip() for address in self.to))
