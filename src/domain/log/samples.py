"""Examples of what is set aside of a log: events, commands, and the way into each phase.

Documents and tests are made from them; the service itself never imports this module.
"""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.log.set_aside import (
    EVENTS,
    PHASES,
    EndLost,
    LogCommand,
    LogEvent,
    MessageSkipped,
    MessagesReadable,
    MessagesUnreadable,
    NoteLostEnd,
    Recover,
    Report,
    Skip,
)

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SUBJECT = "incident.01890a5d-ac96-774b-bcce-b302099a8057"
REASON = "this release does not know incident.teleported.v1: a newer one has written it"

REPORT = Report(
    positions=(17, 19),
    subject=SUBJECT,
    code="tag.unknown",
    reason=REASON,
    tags=("incident.teleported.v1",),
)
SKIP = Skip(
    position=17, subject=SUBJECT, code="tag.unknown", reason="written by a release we withdrew"
)
LOST = NoteLostEnd(position=4_711, found="it ends at 4200")

SAMPLES: Samples[LogCommand, LogEvent] = complete(
    Samples(
        events=(
            MessagesUnreadable(
                occurred_at=AT,
                positions=(17, 19),
                subject=SUBJECT,
                code="tag.unknown",
                reason=REASON,
                tags=("incident.teleported.v1",),
            ),
            MessageSkipped(
                occurred_at=AT,
                position=17,
                subject=SUBJECT,
                code="tag.unknown",
                reason="written by a release we withdrew",
            ),
            MessagesReadable(occurred_at=AT, positions=(19,)),
            EndLost(occurred_at=AT, position=4_711, found="it ends at 4200"),
        ),
        commands={
            "report": REPORT,
            "skip": SKIP,
            "recover": Recover(positions=(17,)),
            "note_lost_end": LOST,
        },
        phases={"whole": (), "waiting": (REPORT,), "skipped": (SKIP,), "end lost": (LOST,)},
    ),
    EVENTS,
    kinds(LogCommand),
    PHASES,
)
