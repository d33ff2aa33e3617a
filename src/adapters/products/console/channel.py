"""Notifications printed as readable blocks, for trying things out and for demonstrations."""

import textwrap
from typing import TextIO

from adapters.products.kit.text import printable, strip_marks
from domain.kernel.text import clock
from handlers.notify.channels import Transient
from handlers.notify.render import Message


class Console:
    """Prints to `stream`."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self._name = name
        self._stream = stream

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """One write for the whole block, so that no other output gets in between."""
        try:
            self._stream.write(block(message))
            self._stream.flush()
        except (OSError, ValueError) as error:  # a closed pipe, a closed file
            raise Transient(f"cannot print: {error}") from error
        return "printed"


def block(message: Message) -> str:
    """The subject, then the text indented, then to whom it goes."""
    intent = message.intent
    person = message.recipient
    whom = f"{person.name} by {person.method} {person.address}" if person else intent.audience.value
    to = f"to {whom} · {clock(intent.occurred_at)} · {intent.id}"
    lines = [
        message.subject,
        *(f"  {line}" for line in _lines(strip_marks(message.text))),
        f"  {to}",
    ]
    return "\n" + "".join(f"{printable(line)}\n" for line in lines) + "\n"


def _lines(text: str) -> list[str]:
    return [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, 98, subsequent_indent="  ") or [""]
    ]
