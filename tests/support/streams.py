"""The stream of any aggregate: a commit for each event, recorded when it occurred."""

from domain.kernel.commit import Commit, Event, Recorded


def stream(name: str, *events: Event) -> list[Recorded[Event]]:
    """`name` is such as `maintenance.x`."""
    return [
        Recorded(
            place,
            name,
            Commit[Event](
                id=f"command-{place}",
                actor="ada",
                correlation_id="c",
                recorded_at=event.occurred_at,
                events=(event,),
            ),
        )
        for place, event in enumerate(events, start=1)
    ]
