"""Under which key the ledger of a subject is kept: one function each way.

Keys are in the log for ever, and so are those by which receivers tell what belongs together. That
of an incident is its id, as it was when messages were about nothing else; that of anything else is
`<aggregate>:<id>`.
"""

from domain.kernel.subject import Subject

INCIDENT = "incident"


def key_of(aggregate: str, id_: str) -> str:
    """The key of an aggregate, one token of a stream."""
    return id_ if aggregate == INCIDENT else f"{aggregate}:{id_}"


def key_of_subject(subject: Subject) -> str:
    """The key of what a message is about."""
    return key_of(subject.aggregate, subject.id)


def named_by(key: str) -> tuple[str, str]:
    """The aggregate of a key, and its id."""
    aggregate, colon, id_ = key.partition(":")
    return (aggregate, id_) if colon else (INCIDENT, key)
