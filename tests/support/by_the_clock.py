"""An incident played by the clock: what people do at their times, and what follows by itself."""

from typing import Any

from domain.incident import INCIDENT
from domain.incident.deadlines.table import DEADLINES
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Policy
from domain.policy.reach import Reach
from support.spec import at


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
        after = INCIDENT.evolve(incident, event)
        commit = Commit[Event](
            id=f"c{place}",
            actor="a",
            correlation_id="k",
            recorded_at=event.occurred_at,
            events=(event,),
            unreached=INCIDENT.missed(after, (event,), policy, reach),
        )
        recorded = Recorded(place, "incident.i", commit)
        history = DEADLINES.follow(history, recorded, policy, INCIDENT.evolve)
        incident = after

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
