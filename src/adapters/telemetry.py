"""Logs and metrics: what the service says about itself."""

import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice
from typing import Generic, TextIO, TypeVar, cast

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from adapters.config.settings import LogSettings

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LATE = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)

_TALLIES = {
    "signals_accepted": "Signals kept, by product and source.",
    "signals_refused": "Signals that were not kept, by product, source and reason.",
    "signals_translated": "Signals translated, by product, source, outcome and code.",
    "http_connections_ended": "HTTP connections that were ended or refused, by reason.",
    "status_page_requests": "Requests for the status page, by document and outcome.",
    "status_page_renders": "Documents of the status page that were made anew.",
    "alerts_routed": "Alerts that began to fire, by what became of them and the rule.",
    "deliveries": "Attempts to notify, by channel and outcome.",
    "template_faults": "Templates that could not be used, so that others were, by name.",
}

SERIES_MAX = 2_000
"""So many combinations of labels a metric has. Labels are names of ours or of the configuration;
whatever else should get in is counted together, and cannot fill our memory nor Prometheus'.
"""
OTHER = "other"

Sample = tuple[tuple[str, ...], float]
M = TypeVar("M", Counter, Histogram)


class _Forgiving:
    """A stream whose disk may be full: what is told must not fail for a line that is lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def configure_logging(log: LogSettings) -> None:
    """structlog to standard error: JSON lines, or for people on a terminal; one pipeline for the
    libraries as well.
    """
    as_json = log.format == "json" or (log.format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:
        render: list[structlog.types.Processor] = [
            # Never the local variables: they hold secrets and what users wrote.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
    else:
        render = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    structlog.configure(
        processors=[*shared, *render],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[log.level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Forgiving(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=max(_LEVELS[log.level], 30), force=True)


class Series(Generic[M]):
    """The series of one metric, by the values of its labels: `SERIES_MAX` at most."""

    def __init__(self, metric: M, labels: int) -> None:
        self._metric: M = metric
        self._others = (OTHER,) * labels
        self._known: dict[tuple[str, ...], M] = {}

    def of(self, *values: str) -> M:
        """The series with these labels, or that of all others."""
        found = self._known.get(values)
        if found is None:
            known = values if len(self._known) < SERIES_MAX else self._others
            found = self._known[known] = self._metric.labels(*known)
        return found


class Telemetry:
    """All metrics of the process, under the prefix `commandpost_`."""

    def __init__(self) -> None:
        # They double the output and nobody reads them.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._commands = self._counter("commands", "Commands by outcome.", "command", "outcome")
        self._seconds = self._histogram(
            "command_seconds", "From a decoded command to its acknowledged append.", "command"
        )
        self._appends = Histogram(
            "commandpost_append_seconds",
            "Round trip of an append to the log.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._ages = self._histogram(
            "delivery_age_seconds",
            "From an event to the receipt of its notification.",
            "channel",
            buckets=(*_SECONDS, 15.0, 60.0, 300.0, 3600.0),
        )
        self._wake_ups = self._counter(
            "wake_ups", "Fired timers, by timer and outcome.", "timer", "outcome"
        )
        self._lateness = self._histogram(
            "timer_lateness_seconds",
            "From the time at which a timer was due until its wake-up was handled.",
            "timer",
            buckets=_LATE,
        )
        self._steps = self._counter(
            "process_steps",
            "What process managers sent when it was due, by process and outcome.",
            "process",
            "outcome",
        )
        self._step_lateness = self._histogram(
            "process_lateness_seconds",
            "From the time at which a step of a process was due until it was taken.",
            "process",
            buckets=_LATE,
        )
        self._tallies: dict[str, Series[Counter]] = {}
        self.ready = Gauge(
            "commandpost_ready", "1 while the log takes writes.", registry=self.registry
        )

    def _counter(self, name: str, help_: str, *labels: str) -> Series[Counter]:
        counter = Counter(f"commandpost_{name}_total", help_, labels, registry=self.registry)
        return Series(counter, len(labels))

    def _histogram(
        self, name: str, help_: str, *labels: str, buckets: tuple[float, ...] = _SECONDS
    ) -> Series[Histogram]:
        histogram = Histogram(
            f"commandpost_{name}", help_, labels, buckets=buckets, registry=self.registry
        )
        return Series(histogram, len(labels))

    def command(self, name: str, outcome: str, seconds: float) -> None:
        self._commands.of(name, outcome).inc()
        self._seconds.of(name).observe(seconds)

    def append(self, seconds: float) -> None:
        self._appends.observe(seconds)

    def template_fault(self, name: str) -> None:
        """A template of the configuration could not be used."""
        self.tally("template_faults", template=name)

    def tally(self, name: str, **labels: str) -> None:
        """Count one thing under `commandpost_<name>_total`; a name keeps its labels."""
        series = self._tallies.get(name)
        if series is None:
            said = _TALLIES.get(name, name.replace("_", " ").capitalize())
            series = self._tallies[name] = self._counter(name, said, *sorted(labels))
        series.of(*(labels[each] for each in sorted(labels))).inc()

    def delivery(self, channel: str, result: str, age_s: float) -> None:
        """One outcome of delivering, `age_s` after the service knew what to tell."""
        self.tally("deliveries", channel=channel, outcome=result)
        if result == "delivered":
            self._ages.of(channel).observe(age_s)

    def wake_up(self, timer: str, outcome: str, lateness_s: float) -> None:
        """One attempt to handle a fired timer, `lateness_s` after it was due."""
        self._wake_ups.of(timer, outcome).inc()
        if outcome == "handled":
            self._lateness.of(timer).observe(lateness_s)

    def process_step(self, process: str, outcome: str, lateness_s: float) -> None:
        """A process manager has sent what was due `lateness_s` ago."""
        self._steps.of(process, outcome).inc()
        if outcome == "decided":
            self._step_lateness.of(process).observe(lateness_s)

    def counter(self, name: str, help_: str) -> Counter:
        """A counter `commandpost_<name>_total` without labels, which begins at 0."""
        return Counter(f"commandpost_{name}_total", help_, registry=self.registry)

    def gauge(self, name: str, help_: str) -> Gauge:
        """A gauge `commandpost_<name>` to be set."""
        return Gauge(f"commandpost_{name}", help_, registry=self.registry)

    def watch(
        self, name: str, help_: str, labels: tuple[str, ...], read: Callable[[], Iterable[Sample]]
    ) -> None:
        """A gauge that is read when it is asked for."""
        self.registry.register(_Watched(name, help_, labels, read))

    def exposition(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self.registry)


class _Watched(Collector):
    def __init__(
        self, name: str, help_: str, labels: tuple[str, ...], read: Callable[[], Iterable[Sample]]
    ) -> None:
        self._name, self._help, self._labels, self._read = name, help_, labels, read

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(self._name, self._help, labels=self._labels)
        for labels, value in islice(self._read(), SERIES_MAX):
            family.add_metric(labels, value)
        yield family
