"""Settings of a channel by Web Push."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

SUBSCRIPTIONS_MOST = 50

Subscriber = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class WebPushSettings(ChannelSettings, frozen=True, kw_only=True, tag="web_push"):
    """Messages to browsers that have subscribed, each as `<endpoint>#p256dh=<key>&auth=<secret>`.
    We show who we are by a `private_key` (P-256, 32 bytes in base64url), which browsers know when
    they subscribe; `contact` is a `mailto:` or `https:` address for whoever runs a push service.
    """

    private_key: Given
    contact: Annotated[str, msgspec.Meta(pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://\S+)$")]
    to: Annotated[tuple[Subscriber, ...], msgspec.Meta(max_length=SUBSCRIPTIONS_MOST)] = ()

    @property
    def carries(self) -> tuple[str, ...]:
        """To the browsers of a person."""
        return ("push",)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Each subscription once."""
        return tuple(dict.fromkeys(self.to))
