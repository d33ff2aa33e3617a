"""Who knew what when: by what was delivered, and by when things were recorded."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import events as e
from domain.kernel.commit import Commit, Event, Recorded
from domain.notification.events import NOTHING_TO_PAGE, NotificationDelivered
from domain.policy.audience import Audience
from projections.incident.reading import read_for
from projections.learning.knowledge import Knowledge, knowledge_of, on_record
from projections.past import NOW, Cut
from support.spec import SEV2, at, declared, log_of, resolved


def delivered(audience: Audience, minute: float, receipt: str = "ok") -> Recorded[Event]:
    event = NotificationDelivered(
        occurred_at=at(minute),
        intent_id="i",
        channel="slack",
        audience=audience,
        subject="s",
        attempt=1,
        receipt=receipt,
    )
    commit = Commit[Event](
        id=f"n{minute}",
        actor="commandpost",
        correlation_id="c",
        recorded_at=at(minute),
        events=(event,),
    )
    return Recorded(99, "notification.i-1", commit)


def late(recorded: Recorded[Any], when: datetime) -> Recorded[Any]:
    return replace(recorded, commit=replace(recorded.commit, recorded_at=when))


def known(*notified: Recorded[Event], cut: Cut = NOW) -> Knowledge:
    noted = e.NoteAdded(occurred_at=at(3), text="A customer had written in")
    log = log_of(declared(SEV2), noted, resolved(30))
    commits = [*log.commits]
    commits[1] = late(commits[1], at(25))
    told = read_for(log.incident_id, "postmortem", commits, cut)
    assert told is not None
    return knowledge_of(told, on_record([*commits, *notified], cut))


def test_each_audience_knew_from_the_first_message_that_went_anywhere():
    engineering, executives, customers = Audience
    found = known(
        delivered(engineering, 9),
        delivered(engineering, 2),
        delivered(executives, 4, f"{NOTHING_TO_PAGE} nobody"),
        delivered(executives, 6),
    )
    assert found.first_told == {engineering: at(2), executives: at(6), customers: None}


def test_what_was_recorded_long_after_it_happened_is_named_with_both_times():
    [found] = known().learnt_late
    assert (found.at, found.known_at) == (at(3), at(25))
    assert "A customer had written in" in found.text


def test_as_of_then_nobody_knew_what_came_later():
    early = known(delivered(Audience.ENGINEERING, 9), cut=Cut(known_at=at(5)))
    assert (early.first_told[Audience.ENGINEERING], early.learnt_late) == (None, ())
