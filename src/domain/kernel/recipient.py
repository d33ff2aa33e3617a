"""Whom a message reaches in person, and how."""

import msgspec


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """A person, by slug and name; the `method` of contact, such as `sms`, and the `address` by it.
    `attempt` is the number of the attempt, by which what becomes of it is reported.
    """

    person: str
    name: str
    method: str
    address: str
    attempt: int
