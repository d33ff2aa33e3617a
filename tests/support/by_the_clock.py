"""An incident by the clock: what deadlines follow from after what people do at their times, and
what follows by itself.
"""

from datetime import timedelta
from typing import Any

from domain.incident import INCIDENT
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.table import DEADLINES
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Policy
from domain.policy.reach import Reach
from support.spec import at


def recorded(
    *events: Event, late_min: float = 0, policy: Policy = DEFAULT, reach: Reach | None = None
) -> DeadlineHistory:
    """What deadlines follow from after these events: each is a commit, recorded `late_min` after it
    happened, that says whom no channel of `reach` told.
    """
    history = DEADLINES.initial
    for place, event in enumerate(events, start=1):
        history = _one_more(history, event, place, policy, reach, late_min)
    return history


def _one_more(
    history: DeadlineHistory,
    event: Any,
    place: int,
    policy: Policy,
    reach: Reach | None,
    late_min: float = 0,
) -> DeadlineHistory:
    after = INCIDENT.evolve(history.incident, event)
    commit = Commit[Event](
        id=f"c{place}",
        actor="a",
        correlation_id="k",
        recorded_at=event.occurred_at + timedelta(minutes=late_min),
        events=(event,),
        unreached=INCIDENT.missed(after, (event,), policy, reach),
    )
    there = Recorded(place, "incident.i", commit)
    return DEADLINES.follow(history, there, policy, INCIDENT.evolve)


def played(
    *events: Event,
    until: float = 24 * 60,
    policy: Policy = DEFAULT,
    reach: Reach | None = None,
) -> list[Any]:
    """All that clocks cause while these events come at their times, each with its minute. `reach`:
    whom channels tell; None: all.
    """
    history, incident, place = DEADLINES.initial, INCIDENT.initial, 0
    found: list[Any] = []
    left = list(events)

    def add(event: Any) -> None:
        nonlocal history, incident, place
        place += 1
        history = _one_more(history, event, place, policy, reach)
        incident = INCIDENT.evolve(incident, event)

    now = left[0].occurred_at
    add(left.pop(0))
    for _ in range(2_000):
        end = left[0].occurred_at if left else at(until)
        steps = [DEADLINES.next_expiry(each, history, now, policy) for each in DEADLINES.all]
        step = min((each for each in steps if each), key=lambda it: it.fires_at, default=None)
        if step is None or step.fires_at > end:
            if not left:
                return found
            now = end
            add(left.pop(0))
            continue
        if step.fires_at > now:
            now = step.fires_at
            continue
        caused = INCIDENT.decide(step, incident, Context(now, "c", policy, reach=reach))
        assert caused, f"{step} comes to nothing, again and again"
        for event in caused:
            found.append(event)
            add(event)
    raise AssertionError("it never ends")
