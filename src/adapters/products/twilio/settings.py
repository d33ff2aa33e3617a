"""Settings of a channel by text message and call."""

from typing import Annotated, Literal

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

RECIPIENTS_MOST = 50

Number = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9][0-9]{6,14}$")]
"""In the form of E.164, `+442079460000`."""


class TwilioSettings(
    ChannelSettings, frozen=True, kw_only=True, tag="twilio", rename={"from_": "from"}
):
    """Text messages (`by` sms) or calls (`by` voice) of an account, from a number of its own or,
    for text messages, a messaging service (`MG…`). At `callback_url`, this service as the provider
    reaches it, arrives what became of them. One number gets at most `hourly` of them in an hour.
    """

    account_sid: Given
    auth_token: Given
    from_: Given
    to: Annotated[tuple[Number, ...], msgspec.Meta(max_length=RECIPIENTS_MOST)] = ()
    by: Literal["sms", "voice"] = "sms"
    hourly: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 20
    callback_url: Given | None = None
    api_url: Given = "https://api.twilio.com"

    @property
    def carries(self) -> tuple[str, ...]:
        """To the number of a person; calls need a number to come from."""
        return ("sms",) if self.from_.startswith("MG") else ("sms", "phone")

    @property
    def recipients(self) -> tuple[str, ...]:
        """Each number once."""
        return tuple(dict.fromkeys(self.to))
