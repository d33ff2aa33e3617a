"""Server-sent events, as the HTML standard reads them (9.2.6), and what one of the log holds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec


class LogEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of an incident. `position` and `index` are its place in the log; `event` has its
    kind as `tag`, such as `incident.declared.v1`, and its fields.
    """

    id: str
    position: int
    index: int
    recorded_at: datetime
    actor: str
    correlation_id: str
    event: dict[str, Any]
    causation_id: str | None = None
    via: str | None = None
    policy_version: str | None = None

    @property
    def place(self) -> str:
        """What `follow` goes on behind."""
        return f"{self.position}.{self.index}"


@dataclass
class Reading:
    """Lines of a stream, until an empty one ends an event; `last` is the id of the latest."""

    last: str = ""
    _data: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """What a broken connection left unended is forgotten; the service sends it again."""
        self._data = []

    def line(self, line: str) -> LogEvent | None:
        """The event that ends with this line, if one does."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                self._data.append(value)
            elif name == "id" and "\0" not in value:
                self.last = value
            return None
        text, self._data = "\n".join(self._data), []
        return msgspec.json.decode(text, type=LogEvent) if text else None
