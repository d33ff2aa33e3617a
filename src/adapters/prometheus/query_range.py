"""Counters as Prometheus has them, minute by minute (`/api/v1/query_range`)."""

from collections.abc import Mapping
from math import isfinite
from urllib.parse import urlencode

import msgspec

from adapters.products.kit.web import Call, Web
from domain.slo.counter_growth import CounterPoint, CounterSeries
from handlers.notify.channels import Permanent, Transient
from handlers.processes.counter_reader import CannotReadError

READ_BYTES = 16 << 20
STEP_S = 60
_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


class _RangeSeries(msgspec.Struct):
    metric: dict[str, str]
    values: list[tuple[float, str]] = []


class _RangeData(msgspec.Struct):
    result_type: str = msgspec.field(name="resultType")
    result: list[_RangeSeries]


class _RangeAnswer(msgspec.Struct):
    status: str
    data: _RangeData


class PrometheusSource:
    """One Prometheus, at its configured address."""

    def __init__(self, web: Web, url: str, headers: Mapping[str, str]) -> None:
        self._web = web
        self._url = f"{url.rstrip('/')}/api/v1/query_range"
        self._headers = {**_FORM, **headers}

    async def counters(self, query: str, begins_s: int, ends_s: int) -> tuple[CounterSeries, ...]:
        """The series of a query at each whole minute from the one until the other, both included.
        Raises `CannotReadError`.
        """
        asked = {"query": query, "start": begins_s, "end": ends_s, "step": STEP_S}
        call = Call("POST", self._url, self._headers, urlencode(asked).encode(), READ_BYTES)
        try:
            answer = self._web.decoded(await self._web.take(call), _RangeAnswer)
        except (Transient, Permanent) as failure:
            raise CannotReadError(str(failure)) from failure
        if answer.status != "success" or answer.data.result_type != "matrix":
            raise CannotReadError(f"{answer.data.result_type}, and no series over time")
        names = [tuple(sorted(each.metric.items())) for each in answer.data.result]
        if len(set(names)) < len(names):
            raise CannotReadError("the same series comes twice: which of them counts is not known")
        return tuple(
            tuple(CounterPoint(int(at), _count(value)) for at, value in each.values)
            for each in answer.data.result
        )


def _count(text: str) -> int | None:
    """A whole number; None for what is none, such as `NaN`."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if isfinite(value) and value == int(value) and value >= 0 else None
