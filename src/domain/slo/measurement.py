"""What was counted for an objective: samples, as they came, on a stream of their own.

A sample that comes again for the same time counts instead of the one before. So a source may be
read again, and what was known at any time stays known. The events are on disk for ever: rename
nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated, Any

import msgspec

from domain.directory.registration import Slug
from domain.kernel.aggregate import Aggregate, IdKind, Samples, View, complete
from domain.kernel.basis import Basis
from domain.kernel.commit import Event, Instant
from domain.kernel.decider import UNKNOWN, Context, Decider
from domain.kernel.refusal import Refused
from domain.kernel.text import clock_s
from domain.kernel.totality import kinds
from domain.slo.tracking import SLO
from domain.slo.tracking.tracked import TrackedSlo

SAMPLES_MOST = 5_000
"""So many come at once: three days of minutes."""
AHEAD = timedelta(minutes=5)
"""So far may the clock of whoever measures be ahead of ours."""
BACK = timedelta(days=800)

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class MeasuredSample(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How many events there were since the sample before, `at` that time, and how many of them were
    good. Without figures: what happened then is not known, whatever was said of it before.
    """

    at: Instant
    good: Count | None = None
    total: Count | None = None


class MeasurementRecorded(Event, frozen=True, kw_only=True, tag="measurement.recorded.v1"):
    """These were counted."""

    samples: tuple[MeasuredSample, ...]


class RecordMeasurement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say what was counted for an objective. One of the same time as before counts instead."""

    slo: Slug
    samples: Annotated[
        tuple[MeasuredSample, ...], msgspec.Meta(min_length=1, max_length=SAMPLES_MOST)
    ]


class Measurement(msgspec.Struct, frozen=True):
    """How many samples there are of an objective, and the times of the first and the last."""

    samples: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    recorded_at: datetime | None = None
    last_said: str = ""
    """What tells the samples that came last from others: who sends them again adds nothing."""


class MeasurementView(msgspec.Struct, frozen=True, kw_only=True):
    """How many samples were recorded of an objective, of when the first and the last are, and when
    something was recorded last.
    """

    id: str
    samples: int
    first_at: datetime
    last_at: datetime
    recorded_at: datetime
    position: int


def decide(
    command: RecordMeasurement, measurement: Measurement, context: Context
) -> list[MeasurementRecorded]:
    """Each sample is one that there can be. Raises `Refused`."""
    if _digest(command.samples) == measurement.last_said:
        return []
    for place, each in enumerate(command.samples):
        _check(f"samples.{place}", each, context.now)
    return [MeasurementRecorded(occurred_at=context.now, samples=command.samples)]


def _check(field: str, sample: MeasuredSample, now: datetime) -> None:
    good, total = sample.good, sample.total
    if (good is None) is not (total is None):
        raise _wrong(field, "good and total are both there, or neither is: then it is not known")
    if good is not None and total is not None and good > total:
        raise _wrong(field, f"of {total} events {good} cannot have been good")
    if sample.at > now + AHEAD:
        raise _wrong(
            field, f"{clock_s(sample.at)} is yet to come: it is {clock_s(now)} by our clock"
        )
    if sample.at < now - BACK:
        raise _wrong(field, f"{clock_s(sample.at)} is more than 800 days ago")


def _wrong(field: str, detail: str) -> Refused:
    return Refused(
        "measurement.impossible",
        detail,
        field=field,
        rule="A sample says how many events there were until its time, and how many were good.",
        invalid=True,
    )


def evolve(measurement: Measurement, event: MeasurementRecorded, _: str = UNKNOWN) -> Measurement:
    """What is known after one more event."""
    times = [each.at for each in event.samples]
    known = [each for each in (measurement.first_at, measurement.last_at) if each is not None]
    return Measurement(
        measurement.samples + len(times),
        min([*times, *known]),
        max([*times, *known]),
        event.occurred_at,
        _digest(event.samples),
    )


def _digest(samples: tuple[MeasuredSample, ...]) -> str:
    return blake2b(msgspec.json.encode(samples), digest_size=12).hexdigest()


def show(id_: str, measurement: Measurement, position: int) -> MeasurementView | None:
    """None before anything was counted."""
    first, last, recorded = measurement.first_at, measurement.last_at, measurement.recorded_at
    if first is None or last is None or recorded is None:
        return None
    return MeasurementView(
        id=id_,
        samples=measurement.samples,
        first_at=first,
        last_at=last,
        recorded_at=recorded,
        position=position,
    )


def headline(view: MeasurementView) -> str:
    """A line for people."""
    many = f"{view.samples} sample{'' if view.samples == 1 else 's'}"
    return f"{view.id}: {many}, the last of {clock_s(view.last_at)}"


def _objective(id_: str, slo: TrackedSlo, _: Any = None) -> None:
    if slo.entry.profile is None:
        raise SLO.unknown(id_, field="slo")


_AT = datetime.fromisoformat("2026-05-04T12:00:00+00:00")
PHASES = ("unmeasured", "measured")


def _samples() -> Samples[RecordMeasurement, MeasurementRecorded]:
    counted = (
        MeasuredSample(at=_AT, good=998, total=1000),
        MeasuredSample(at=_AT + timedelta(minutes=1)),
    )
    record = RecordMeasurement(slo="checkout-answers", samples=counted)
    return complete(
        Samples(
            events=(MeasurementRecorded(occurred_at=_AT, samples=counted),),
            commands={"record": record},
            phases={"unmeasured": (), "measured": (record,)},
        ),
        (MeasurementRecorded,),
        (RecordMeasurement,),
        PHASES,
    )


MEASUREMENT: Aggregate[RecordMeasurement, Measurement, MeasurementRecorded] = Aggregate(
    name="measurement",
    plural="measurements",
    decider=Decider(initial=Measurement(), decide=decide, evolve=evolve),
    events=kinds(MeasurementRecorded),
    begin=(MeasurementRecorded,),
    commands={"record": RecordMeasurement},
    opens=(RecordMeasurement,),
    rests={
        RecordMeasurement: (
            Basis(of=SLO, names=lambda command, _: command.slo, facts=_objective, field="slo"),
        )
    },
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slo,
    view=View(MeasurementView, show, headline),
    samples=_samples,
    snapshot=Measurement,
)
"""The samples of one objective, by the slug of that."""
