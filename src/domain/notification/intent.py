"""An intent: who is to be told of what, whatever the channel. Words are made when it is sent."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from domain.kernel.recipient import Recipient
from domain.kernel.subject import Subject
from domain.policy import Severity
from domain.policy.audience import Audience

INCIDENT = "incident"


def key_of(aggregate: str, id_: str) -> str:
    """The key under which the ledger of an aggregate is kept, one token of a stream.

    Keys are in the log for ever, and so are those by which receivers tell what belongs together.
    That of an incident is its id, as it was when messages were about nothing else; that of anything
    else is `<aggregate>:<id>`.
    """
    return id_ if aggregate == INCIDENT else f"{aggregate}:{id_}"


def intent_id(event: str, audience: str) -> str:
    """The permanent id of what an event tells an audience; 32 hexadecimal digits."""
    return sha256(f"{event} {audience}".encode()).hexdigest()[:32]


def named_by(key: str) -> tuple[str, str]:
    """The aggregate of a key, and its id."""
    aggregate, colon, id_ = key.partition(":")
    return (aggregate, id_) if colon else (INCIDENT, key)


_ONE_OF_SEVERAL = re.compile("-[0-9a-f]{10}$")


def configured_name(channel: str) -> str:
    """The name in the configuration of a channel, which stands for several where each recipient has
    one: `mail-<digest>`.
    """
    return _ONE_OF_SEVERAL.sub("", channel)


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be told to an audience about a subject, as `kind`; `position` orders what is
    told of one subject. Channels go by `peak`, the highest severity at which it was told of, and by
    the services of the subject, all that it was told to concern (none: it may concern any), so that
    who heard of its beginning hears of its end. Of a `drill` those alone tell that are marked.
    What one has opened (`opened_by`) holds up nothing that another one has. What is addressed to
    one channel goes `through` that alone; what is for `admins`, through channels that they read;
    and what is for one person (`recipient`), through one that carries it, and no other.
    """

    id: str
    subject: Subject
    event_id: str
    position: int
    audience: Audience
    kind: str
    severity: Severity
    peak: Severity
    occurred_at: datetime
    recorded_at: datetime
    drill: bool = False
    opened_by: str = ""
    through: str = ""
    admins: bool = False
    recipient: Recipient | None = None

    @property
    def key(self) -> str:
        """What all intents about one subject share: that of its ledger."""
        return key_of(self.subject.aggregate, self.subject.id)

    @property
    def reference(self) -> str:
        """What people call the subject: its reference, or its key where it has none."""
        return self.subject.reference or self.key


_OF_SUBJECT = tuple(name for name in Subject.__struct_fields__ if name not in {"aggregate", "id"})
_OF_INTENT = tuple(
    name
    for name in Intent.__struct_fields__
    if name not in {"id", "subject", "audience", "recipient"}
)
"""What stands in a row of the outbox under the same name; the subject is there by its key."""


def intent_of(row: Mapping[str, Any], audience: str) -> Intent:
    """What the event of a row tells an audience."""
    aggregate, id_ = named_by(row["subject"])
    subject = {"aggregate": aggregate, "id": id_, **{name: row[name] for name in _OF_SUBJECT}}
    own = {name: row[name] for name in _OF_INTENT}
    own["id"] = intent_id(row["event_id"], audience)
    own["recipient"] = _recipient_of(row["recipient"])
    return msgspec.convert({**own, "subject": subject, "audience": audience}, Intent)


def _recipient_of(cell: str | Recipient | None) -> Recipient | None:
    """As a table holds it, or as it was folded."""
    return msgspec.json.decode(cell, type=Recipient) if isinstance(cell, str) else cell


def intents_of(row: Mapping[str, Any]) -> list[Intent]:
    """What the event of a row tells everybody."""
    return [intent_of(row, audience) for audience in row["audiences"].split()]
