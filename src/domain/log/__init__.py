"""The log itself: what of it cannot be read, who was told of that, and what people leave out."""

from typing import Any

from domain.kernel.aggregate import Aggregate, Samples
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiable, Notifiables, Told, Topic, to
from domain.kernel.totality import kinds, total
from domain.log.set_aside import (
    EVENTS,
    EndLost,
    LogCommand,
    LogEvent,
    MessageSkipped,
    MessagesReadable,
    MessagesUnreadable,
    NoteLostEnd,
    Recover,
    Report,
    SetAside,
    Skip,
    decide,
    describe,
    evolve,
    is_news,
    skips_in,
)
from domain.policy import Severity
from domain.policy.audience import Audience

__all__ = [
    "EVENTS_LOG",
    "LOG",
    "SKIPS",
    "NoteLostEnd",
    "Recover",
    "Report",
    "SetAside",
    "Skip",
    "skips_in",
]

EVENTS_LOG = "events"
"""The one log that there is."""


def _samples() -> Samples[LogCommand, LogEvent]:
    from domain.log.samples import SAMPLES  # noqa: PLC0415 - for documents and tests

    return SAMPLES


def _growing(_: Told, before: SetAside, __: Any, after: SetAside) -> Notifiable | None:
    found = Notifiable("unreadable", (Audience.ENGINEERING,))
    return found if is_news(before, after) else None


LOG: Aggregate[LogCommand, SetAside, LogEvent] = Aggregate(
    name="log",
    plural="logs",
    decider=Decider(initial=SetAside(), decide=decide, evolve=evolve),
    events=EVENTS,
    begin=EVENTS,
    opens=kinds(LogCommand),
    samples=_samples,
    over_gaps=True,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of the log",
            EVENTS,
            {
                MessagesUnreadable: _growing,
                MessageSkipped: to("skipped", Audience.ENGINEERING),
                MessagesReadable: to("readable", Audience.ENGINEERING),
                EndLost: to("end_lost", Audience.ENGINEERING),
            },
        ),
        heard={
            Audience.ENGINEERING: ("unreadable", "skipped", "readable", "end_lost"),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        # It may be a page that was not read.
        topic=lambda _: Topic("Part of the log cannot be read, or is lost", severity=Severity.SEV2),
        describe=describe,
    ),
)
"""The log, whose id is `EVENTS_LOG`."""

SKIPS = LOG.stream(EVENTS_LOG)
"""The stream that says what is left out of every history."""
