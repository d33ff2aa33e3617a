"""One of each event and command of the backlog, for documents and tests."""

from datetime import UTC, datetime

from domain.backlog.team_digest import EVENTS, PHASES, BacklogDigested, BacklogEntry, Digest
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.policy import Severity
from domain.policy.audience import Audience

_DUE = datetime(2026, 5, 5, 9, tzinfo=UTC)
_ENTRY = BacklogEntry(
    incident="01970001-0000-7000-8000-000000000000",
    reference="INC-7",
    title="A label is cut off",
    severity=Severity.SEV4,
    since=datetime(2026, 5, 4, 12, tzinfo=UTC),
    services=("checkout",),
    due="somebody acknowledges it",
    due_at=datetime(2026, 5, 5, 17, tzinfo=UTC),
)
_OLDER = BacklogEntry(
    incident="01970002-0000-7000-8000-000000000000",
    reference="INC-3",
    title="The export leaves out the last row",
    severity=Severity.SEV3,
    since=datetime(2026, 4, 28, 8, 30, tzinfo=UTC),
    services=("checkout", "payments"),
    due="the next status update to engineering is posted",
    due_at=datetime(2026, 5, 5, 8, 30, tzinfo=UTC),
)
DIGEST = Digest(due_at=_DUE, owner="Payments", entries=(_OLDER, _ENTRY))

SAMPLES: Samples[Digest, BacklogDigested] = complete(
    Samples(
        events=(
            BacklogDigested(
                occurred_at=_DUE,
                due_at=_DUE,
                audiences=(Audience.ENGINEERING,),
                count=2,
                entries=DIGEST.entries,
                owner="Payments",
            ),
        ),
        commands={"digest": DIGEST},
        phases={"not told": (), "told": (DIGEST,)},
    ),
    EVENTS,
    kinds(Digest),
    PHASES,
)
