"""The streams this service lives on: declared here, created once, and never changed silently."""

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog

from adapters.storage.nats.connection import CannotConnectError, NatsConnection
from adapters.storage.nats.jetstream import SECOND_NS
from adapters.storage.nats.requests import ApiError, Requests
from domain.kernel.aggregate import AnyAggregate
from domain.registry import AGGREGATES
from handlers.kernel.ports import Unavailable

EVENTS = "EVENTS"
SIGNALS = "SIGNALS"
REFERENCES = "REFERENCES"
TIMERS = "TIMERS"

DEDUP_WINDOW_S = 600
COMMIT_BYTES_MAX = 252 * 1024  # with its headers it must fit in 256 KiB
SIGNAL_PART_BYTES_MAX = 1024 * 1024
SIGNAL_BODY_BYTES_MAX = 64 * SIGNAL_PART_BYTES_MAX
SIGNAL_HEADERS_BYTES_MAX = 48 * 1024  # all headers of a JetStream message must fit in 64 KiB
STREAM_NOT_FOUND = 10059
STREAM_NAME_IN_USE = 10058
RUN_PROVISION = "run `commandpost provision` as a user who may create streams (nats_admin_url)"

log = structlog.get_logger()

Config = dict[str, Any]
"""A stream configuration as the JetStream API has it: durations in nanoseconds, sizes in bytes."""

_UNJUDGED = frozenset({"metadata", "placement"})  # the server's own notes; an operator's choice


def log_stream(name: str, subjects: list[str], *, message_bytes_max: int, **more: Any) -> Config:
    """A stream that keeps every message for ever and lets nobody take one out."""
    return {
        "name": name,
        "subjects": subjects,
        "storage": "file",
        "retention": "limits",
        "discard": "new",
        "max_consumers": -1,
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": -1,
        "max_msg_size": message_bytes_max,
        "duplicate_window": DEDUP_WINDOW_S * SECOND_NS,
        "num_replicas": 1,
        "compression": "s2",
        "deny_delete": True,
        "deny_purge": True,
        "allow_direct": True,
        **more,
    }


def timer_stream(name: str, subject: str) -> Config:
    """A stream of message schedules (ADR-51), one message per subject: `set` holds what is armed,
    and that for as long as it takes; `fired` and `off` messages bring their own end of life. It is
    derived, so the newest message counts and anything may go. Subjects end with aggregate, id and
    name; earlier releases knew incidents alone, and left the aggregate out.
    """
    return {
        "name": name,
        "subjects": [
            f"{subject}.{kind}{names}"
            for names in (".*.*", ".*.*.*")
            for kind in ("set", "fired", "off")
        ],
        "storage": "file",
        "retention": "limits",
        "discard": "old",
        "max_consumers": -1,
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": 1,
        "max_msg_size": 4096,
        "duplicate_window": DEDUP_WINDOW_S * SECOND_NS,
        "num_replicas": 1,
        "compression": "none",
        "allow_direct": True,
        "allow_msg_ttl": True,
        "allow_msg_schedules": True,
        "allow_rollup_hdrs": True,  # the server insists: a new schedule replaces the old one
    }


def logs(aggregates: Sequence[AnyAggregate] = AGGREGATES) -> tuple[Config, ...]:
    """The streams that are the truth: nothing of them is derived."""
    return (
        log_stream(
            EVENTS,
            [aggregate.stream("*") for aggregate in aggregates],
            message_bytes_max=256 * 1024,
            allow_atomic=True,
        ),
        log_stream(
            SIGNALS,
            # What was delivered to us, and the beginning of what is too large for one message;
            # what services publish themselves.
            ["raw.*.*", "part.*.*", "signals.*"],
            message_bytes_max=SIGNAL_PART_BYTES_MAX + 64 * 1024,
        ),
        log_stream(REFERENCES, ["reference.*", "reference.*.*"], message_bytes_max=1024),
    )


def all_streams(aggregates: Sequence[AnyAggregate] = AGGREGATES) -> tuple[Config, ...]:
    """All streams of the service."""
    return (*logs(aggregates), timer_stream(TIMERS, "timer"))


STREAMS = all_streams()


class DriftError(Exception):
    """A stream exists with other settings than declared; nothing was changed."""


class _Info(msgspec.Struct, frozen=True):
    config: Config


async def provision(
    connection: NatsConnection, streams: tuple[Config, ...] = STREAMS, *, replicas: int = 1
) -> None:
    """Create the streams that are missing and check those that exist; new subjects are added.

    Raises `DriftError` naming every differing field, `CannotConnectError` when the server has no
    JetStream, takes too small messages or lets this user not create streams.
    """
    requests = await _started(connection, streams)
    for stream in streams:
        wanted = {**stream, "num_replicas": replicas}
        try:
            stored = await _widened(requests, wanted, await provide(requests, wanted))
        except (Unavailable, ApiError) as error:
            raise CannotConnectError(
                f"stream {stream['name']} cannot be provided: {error}. Is JetStream enabled, and"
                " may this user create streams?"
            ) from error
        refuse_drift(wanted, stored)


async def check(
    connection: NatsConnection, streams: tuple[Config, ...] = STREAMS, *, replicas: int = 1
) -> None:
    """See that `provision` has nothing to do, and change nothing. Only `TIMERS`, which is derived,
    is made anew if it is missing, as the service does while it runs.

    Raises `DriftError`, and `CannotConnectError` that says what to run.
    """
    requests = await _started(connection, streams)
    for stream in streams:
        name, wanted = stream["name"], {**stream, "num_replicas": replicas}
        try:
            stored = await (provide if name == TIMERS else _described)(requests, wanted)
        except (Unavailable, ApiError) as error:
            why = f"cannot be used: {error}. Is JetStream enabled?"
            if isinstance(error, ApiError) and error.error_code == STREAM_NOT_FOUND:
                why = f"is not there: {RUN_PROVISION}"
            raise CannotConnectError(f"stream {name} {why}") from error
        stored = _known_part(wanted, stored)
        if missing := sorted({*wanted["subjects"]} - {*stored["subjects"]}):
            raise CannotConnectError(
                f"stream {name} does not take {', '.join(missing)} yet: {RUN_PROVISION}"
            )
        refuse_drift(wanted, stored)


async def _started(connection: NatsConnection, streams: tuple[Config, ...]) -> Requests:
    largest = max(stream["max_msg_size"] for stream in streams)
    if connection.max_payload < largest:
        raise CannotConnectError(
            f"NATS accepts messages of {connection.max_payload} bytes, {largest} are needed:"
            " set max_payload = 8MB in the configuration of nats-server"
        )
    return await Requests(connection).start()


async def provide(requests: Requests, wanted: Config) -> Config:
    """The configuration of a stream as the server has it, after creating the stream if it was
    missing. Raises `ApiError`, `Unavailable`.
    """
    name = wanted["name"]
    try:
        return await _described(requests, wanted)
    except ApiError as error:
        if error.error_code != STREAM_NOT_FOUND:
            raise
    try:
        return (await requests.api(f"$JS.API.STREAM.CREATE.{name}", wanted, _Info)).config
    except ApiError as error:
        if error.error_code != STREAM_NAME_IN_USE:
            raise
    # Another instance was faster, with other settings: show which.
    return await _described(requests, wanted)


async def _described(requests: Requests, wanted: Config) -> Config:
    return (await requests.api(f"$JS.API.STREAM.INFO.{wanted['name']}", None, _Info)).config


def _known_part(wanted: Config, stored: Config) -> Config:
    """A log made by a newer release has more subjects: what stands there is for those who know its
    aggregates.
    """
    if set(stored["subjects"]) > set(wanted["subjects"]) and wanted["name"] == EVENTS:
        log.warning("stream.newer", stream=EVENTS, subjects=stored["subjects"])
        return {**stored, "subjects": wanted["subjects"]}
    return stored


async def _widened(requests: Requests, wanted: Config, stored: Config) -> Config:
    """A stream made by an earlier release takes the subjects that are new since; nothing else of
    it is ever changed, and no subject is taken away.
    """
    stored = _known_part(wanted, stored)
    if not set(stored["subjects"]) < set(wanted["subjects"]):
        return stored
    refuse_drift({**wanted, "subjects": stored["subjects"]}, stored)
    wider = {**stored, "subjects": wanted["subjects"]}
    return (await requests.api(f"$JS.API.STREAM.UPDATE.{wanted['name']}", wider, _Info)).config


def refuse_drift(wanted: Config, stored: Config) -> None:
    """Raise `DriftError` unless the stored configuration is the wanted one; a setting that is not
    declared must be off.
    """
    stored, wanted = _ordered(stored), _ordered(wanted)
    differences = [
        f"  {field}: stored {stored.get(field)!r}, wanted {wanted.get(field)!r}"
        for field in sorted((wanted.keys() | stored.keys()) - _UNJUDGED)
        if (stored.get(field) or None) != (wanted.get(field) or None)
    ]
    if differences:
        raise DriftError(
            f"stream {wanted['name']} is not configured as declared; change it by hand, or"
            " use another server:\n" + "\n".join(differences)
        )


def _ordered(config: Config) -> Config:
    """The order of subjects means nothing."""
    return {**config, "subjects": sorted(config.get("subjects") or ())}
