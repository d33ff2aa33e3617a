"""The backlog: what of it the owning team has been told, once a working day."""

from domain.backlog.team_digest import (
    EVENTS,
    Backlog,
    BacklogDigested,
    BacklogEntry,
    Digest,
    decide,
    describe,
    evolve,
    topic,
)
from domain.kernel.aggregate import Aggregate, Samples
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiable, Notifiables, Told
from domain.policy.audience import Audience

__all__ = ["BACKLOG", "BacklogEntry", "Digest"]


def _samples() -> Samples[Digest, BacklogDigested]:
    from domain.backlog.samples import SAMPLES  # noqa: PLC0415 - for documents and tests

    return SAMPLES


def _told(_: Told, __: Backlog, event: BacklogDigested, ___: Backlog) -> Notifiable:
    return Notifiable("digest", event.audiences)


BACKLOG: Aggregate[Digest, Backlog, BacklogDigested] = Aggregate(
    name="backlog",
    plural="backlogs",
    listed_at="/v1/backlog",
    decider=Decider(initial=Backlog(), decide=decide, evolve=evolve),
    events=EVENTS,
    begin=EVENTS,
    opens=(Digest,),
    samples=_samples,
    over_gaps=True,
    notifiables=Notifiables(
        rules={BacklogDigested: _told},
        heard={
            Audience.ENGINEERING: ("digest",),
            Audience.EXECUTIVES: ("digest",),
            Audience.CUSTOMERS: (),
        },
        topic=topic,
        describe=describe,
    ),
)
"""What one team is told of the backlog at one time. Its id says which: see `digest_id`."""
