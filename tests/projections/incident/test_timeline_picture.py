"""What a picture of a timeline shows: each severity and phase until the next, and who was told."""

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import Milestone
from projections.incident.reading import read_for
from projections.incident.timeline_picture import TimelinePicture, phases_of, picture_of
from projections.past import NOW, Cut
from support.spec import (
    SEV1,
    SEV2,
    Log,
    acknowledged,
    at,
    changed,
    declared,
    identified,
    log_of,
    mitigated,
    reopened,
    resolved,
)


def picture(log: Log, cut: Cut = NOW) -> TimelinePicture | None:
    told = read_for(log.incident_id, "postmortem", log.commits, cut)
    assert told is not None
    return picture_of(told, phases_of(log.commits, cut))


def drawn(found: TimelinePicture | None) -> tuple[list[tuple[str, float, float]], ...]:
    assert found is not None

    def minute(when: object) -> float:
        return (when - at(0)).total_seconds() / 60  # type: ignore[operator, no-any-return]

    return tuple(
        [(it.label, minute(it.begins_at), minute(it.ends_at)) for it in bands]
        for bands in (found.severities, found.phases)
    )


STORY = (
    declared(SEV2),
    acknowledged(2),
    changed(SEV1, SEV2, 5),
    identified(10),
    mitigated(16),
    resolved(28),
)


def test_each_severity_and_each_phase_lasts_until_the_next():
    clear = k.AllClear(occurred_at=at(43))
    severities, phases = drawn(picture(log_of(*STORY, clear)))
    assert severities == [("SEV2", 0, 5), ("SEV1", 5, 43)]
    assert phases == [
        ("investigating", 0, 10),
        ("identified", 10, 16),
        ("monitoring", 16, 28),
        ("resolved", 28, 43),
    ]


def test_what_is_not_over_goes_to_the_last_that_is_known():
    found = picture(log_of(*STORY[:4]))
    assert found is not None
    assert (found.over, found.ends_at) == (False, at(10))
    assert picture(log_of(declared(SEV2))) is None, "one time is no picture"


def test_a_phase_comes_back_after_a_reopening():
    phases = drawn(picture(log_of(*STORY, reopened(30), resolved(40))))[1]
    assert [label for label, *_ in phases] == [
        *("investigating", "identified", "monitoring", "resolved", "identified"),
    ]
    assert phases[-1][1:] == (30, 40)


def test_it_is_as_it_was_then_and_corrected_times_count():
    early = drawn(picture(log_of(*STORY), Cut(as_of=at(12))))
    assert early[1] == [("investigating", 0, 10)]
    moved = e.TimeCorrected(
        occurred_at=at(60), milestone=Milestone.MITIGATED, value=at(14), reason="by the graph"
    )
    phases = drawn(picture(log_of(*STORY, moved)))[1]
    assert ("identified", 10, 14) in phases
