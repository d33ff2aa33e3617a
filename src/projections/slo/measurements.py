"""What was counted for objectives: each sample as it was recorded, so that what was known at any
time can be asked for.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.slo.measurement import MEASUREMENT, Measurement, MeasurementRecorded
from projections.projection import Change, Projection
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of


class RecordedSample(msgspec.Struct, frozen=True, kw_only=True):
    """A sample of an objective, of that time (seconds since 1970); None: not known. Of several of
    one time the one with the highest `position` counts.
    """

    slo: str
    at_s: int
    position: int
    good: int | None
    total: int | None
    recorded_at: datetime


class MeasuredSlo(msgspec.Struct, frozen=True, kw_only=True):
    """How many samples there are of an objective, and of when."""

    id: str
    samples: int
    first_at: datetime
    last_at: datetime
    recorded_at: datetime
    position: int


_SAMPLES = table_of(
    RecordedSample,
    name="sample",
    key=("slo", "at_s", "position"),
    about=(),
    indexes=(("slo", "position"),),
    once=True,
)
_MEASURED = table_of(MeasuredSlo, name="measured", key=("id",), about=())
_put_sample = put_into(_SAMPLES, RecordedSample)
_put_measured = put_into(_MEASURED, MeasuredSlo)


def _rows(_: Measurement, after: Measurement, recorded: Recorded[Event]) -> Iterable[Change]:
    for event in recorded.commit.events:
        if isinstance(event, MeasurementRecorded):
            # Of two of one time in one commit the last counts, and is the only row.
            of_times = {int(each.at.timestamp() // 1): each for each in event.samples}
            for at_s, each in of_times.items():
                yield _put_sample(
                    RecordedSample(
                        slo=recorded.key,
                        at_s=at_s,
                        position=recorded.position,
                        good=each.good,
                        total=each.total,
                        recorded_at=recorded.commit.recorded_at,
                    )
                )
    shown = MEASUREMENT.view and MEASUREMENT.view.show(recorded.key, after, recorded.position)
    if shown is not None:
        fields = {name: getattr(shown, name) for name in MeasuredSlo.__struct_fields__}
        yield _put_measured(MeasuredSlo(**fields))


def _follow(measurement: Measurement, recorded: Recorded[Any]) -> Measurement:
    return MEASUREMENT.follow(measurement, recorded.commit)


MEASUREMENTS: Projection[Measurement] = Projection(
    name="measurements",
    version=1,
    follows=(MEASUREMENT.stream(""),),
    tables=(_SAMPLES, _MEASURED),
    initial=MEASUREMENT.initial,
    evolve=_follow,
    each=_rows,
    snapshot=Measurement,
)


class SamplesWithin(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of an objective from `since_s` until before `until_s`, as they were known at a
    time (None: now), recorded behind a position.
    """

    slo: str
    since_s: int
    until_s: int
    known_at: datetime | None = None
    behind: int = 0


SAMPLES_WITHIN = Question(
    of=MEASUREMENTS.name,
    sql="""
        SELECT DISTINCT ON (at_s) * FROM {sample}
        WHERE slo = $slo AND at_s >= $since_s AND at_s < $until_s AND position > $behind
          AND ($known_at::timestamptz IS NULL OR recorded_at <= $known_at)
        ORDER BY at_s, position DESC
    """,
    takes=SamplesWithin,
    answer=RecordedSample,
)


class FirstSample(msgspec.Struct, frozen=True, kw_only=True):
    """Of an objective, as was known at a time (None: now)."""

    slo: str
    known_at: datetime | None = None


FIRST_SAMPLE = Question(
    of=MEASUREMENTS.name,
    sql="""
        SELECT at_s FROM {sample}
        WHERE slo = $slo AND ($known_at::timestamptz IS NULL OR recorded_at <= $known_at)
        ORDER BY at_s LIMIT 1
    """,
    takes=FirstSample,
    answer=int,
    whole=True,
)


class MeasuredPage(msgspec.Struct, frozen=True, kw_only=True):
    """Those behind the slug `after`."""

    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_MEASURED = Question(
    of=MEASUREMENTS.name,
    sql="SELECT * FROM {measured} WHERE id > $after ORDER BY id LIMIT $limit",
    takes=MeasuredPage,
    answer=MeasuredSlo,
)

MEASURED_LIST = Resource(
    path="/v1/measurements",
    operation_id="list_measurements",
    tag="slos",
    summary="Measurements",
    description="Of which objectives samples were recorded, how many, and of when.",
    question=LIST_MEASURED,
    paging=Paging(by="after", place=lambda last: last.id),
    waits=True,
)
