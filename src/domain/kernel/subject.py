"""What a message is about."""

import msgspec


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One aggregate as messages name it: the name of its kind, its id, its reference such as
    `INC-123` (None: it has none), its title, and the services that it concerns (none: perhaps any).
    """

    aggregate: str
    id: str
    title: str
    reference: str | None = None
    services: tuple[str, ...] = ()
