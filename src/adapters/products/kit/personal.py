"""The channel by which single persons are reached, where each address has one of its own."""

from collections.abc import Callable

from handlers.notify.channels import Channel, Permanent
from handlers.notify.render import Message

EACH_PERSON = "whoever is paged"
"""To whom it leads, for people who ask."""


class Personal:
    """Goes by the configured name, and sends through the way `to` the address of each recipient."""

    def __init__(self, name: str, to: Callable[[str], Channel]) -> None:
        self._name = name
        self._to = to

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """What is for nobody in person is never given to it."""
        recipient = message.recipient
        if recipient is None:
            raise Permanent("it is for no single person")
        return await self._to(recipient.address).send(message, again=again)
