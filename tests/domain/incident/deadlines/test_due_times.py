"""By when something is due, of the severities that set a time for it."""

from datetime import datetime, timedelta

from domain.incident.deadlines.due_times import Reached, soonest
from domain.kernel.deadline import Moment
from support.spec import SEV1, SEV3, at


def test_the_severity_that_was_reached_last_in_the_log_sets_the_time_whatever_clocks_say():
    """Two services record it, and the clock of the second one is a minute behind."""
    ahead, behind = Moment(at(21), "c3/0", "declared"), Moment(at(20), "c4/0", "alert_received")
    levels = (Reached(SEV3, ahead), Reached(SEV1, behind))

    def due(reached: Reached) -> datetime | None:
        return reached.since.at + timedelta(minutes=30) if reached.severity is SEV1 else None

    assert soonest(levels, behind, due) == (at(50), behind)
