"""One example of each event of a merge, with every optional field given."""

from domain.incident import events as e
from domain.incident.corrections.correction_samples import clock
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes, Impact
from domain.incident.merging.merge_events import Brought, Had, Holder, Moved
from domain.kernel.roster import NameDoubt
from domain.policy import Role, Severity
from domain.policy.audience import Audience

MERGE_EVENTS: tuple[IncidentEvent, ...] = (
    e.Merged(
        occurred_at=clock(13, 50),
        into="01890a5d-ac96-774b-bcce-b302099a8058",
        into_number=8,
        reason="the same outage, seen by two services",
        public=True,
        told_there=True,
    ),
    e.Unmerged(
        occurred_at=clock(14, 20),
        reason="another database",
        out_of="01890a5d-ac96-774b-bcce-b302099a8058",
        out_of_number=8,
        public=True,
    ),
    e.DuplicateDetached(
        occurred_at=clock(14, 20),
        duplicate="01890a5d-ac96-774b-bcce-b302099a8059",
        duplicate_number=9,
        reason="another database",
    ),
    e.DuplicateAttached(
        occurred_at=clock(13, 50),
        duplicate="01890a5d-ac96-774b-bcce-b302099a8059",
        duplicate_number=9,
        in_hand=True,
        brought=Brought(
            services=("search",),
            roles=(Holder(Role.SCRIBE, "Edsger", "edsger", NameDoubt.NOT_ACTIVE),),
            acknowledged_at=clock(12, 2),
            acknowledged_by="Grace",
            impact_started_at=clock(11, 40),
            detected_at=clock(11, 45),
            times_before=(Moved(e.Milestone.DETECTED, clock(11, 52)),),
            impact=Changes(regions=4),
            before=Changes(regions=2),
            severity=Severity.SEV1,
            hypotheses=("H4",),
            audiences=(Audience.ENGINEERING, Audience.CUSTOMERS),
            headline="Search is slow",
            tiers=("engineering_manager",),
            updates=2,
            severe_since=clock(11, 58),
            tells=True,
            had=Had(
                merged_at=clock(13, 50),
                severity=Severity.SEV1,
                services=("checkout", "search"),
                roles=(Holder(Role.SCRIBE, "Edsger", "edsger", NameDoubt.NOT_ACTIVE),),
                acknowledged_at=clock(12, 2),
                acknowledged_by="Grace",
                impact_started_at=clock(11, 40),
                detected_at=clock(11, 45),
                impact=Impact(regions=4, percent_affected=2.0),
                statements=("a bad index",),
                tiers=("engineering_manager",),
            ),
        ),
    ),
)
