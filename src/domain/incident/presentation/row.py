"""What there is to say of one kind of event, wherever it is shown or told."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from domain.incident.explanations.case import Case
from domain.incident.presentation.digest import Digest
from domain.incident.presentation.event_words import EventWords
from domain.kernel.notifiable import Notifiable, Told


class Weight(Enum):
    """Who reads of an event in a row of its own, where a timeline is for somebody."""

    ALL = "all"
    """What happened, and what was decided, found, done and said."""
    RESPONDERS = "responders"
    """What asks them for something, or tells them how the record came about."""
    NOBODY = "nobody"
    """It stands in another row, or in the header."""


Line = Callable[[Any], str]
Why = Callable[[Case], Iterator[str]]
News = Callable[[Told, Any, Any, Any], Notifiable | None]


class Row(NamedTuple):
    """`line` is the event in a timeline, in words about the system, from the event alone; `why` it
    is there, in sentences; `read_by` who reads of it in a row of its own. Then messages: what it is
    told as and to whom (`news`), what it changes of the digest, and its own `words`. None: never
    news, changes nothing, has no words beside what it has changed.
    """

    line: Line
    why: Why
    read_by: Weight
    news: News | None
    digest: Callable[[Digest, Any], Digest] | None
    words: Callable[[Any], EventWords] | None
