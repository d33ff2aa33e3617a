"""The few calls and answers of the JetStream API that several adapters share."""

import base64
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from adapters.storage.nats.requests import ApiError, ApiFault, NoReply, RawReply, Requests
from adapters.storage.nats.wire import header, status
from domain.kernel.commit import EPOCH
from handlers.kernel.ports import Unavailable

PAGE = 512
SECOND_NS = 1_000_000_000
PULL_EXPIRES_S = 30
SILENT_S = 3.0  # a server of a cluster tells its leader each second that it is there
NO_MESSAGE = 10037
REPLACED = "\ufffd"
WRONG_LAST_SEQUENCE = frozenset({10071, 10164})

# Wrong last sequence; its constant form; a write with the same id is under way; an atomic batch
# holds the id of a stored message.
ABOUT_THE_MESSAGE = frozenset({*WRONG_LAST_SEQUENCE, 10158, 10201})


class WriteAck(msgspec.Struct, frozen=True):
    """The answer to a publish: `duplicate` when the message id was stored before, at `seq`."""

    seq: int = 0
    duplicate: bool = False
    error: ApiFault | None = None


class StoredMessage(msgspec.Struct, frozen=True):
    """A message as the leader of its stream has it."""

    subject: str
    seq: int
    time: datetime
    data: str = ""
    hdrs: str = ""

    @property
    def body(self) -> bytes:
        return base64.b64decode(self.data)

    @property
    def headers(self) -> bytes:
        return base64.b64decode(self.hdrs)


class _Got(msgspec.Struct, frozen=True):
    message: StoredMessage


class _State(msgspec.Struct, frozen=True):
    messages: int
    last_seq: int
    num_subjects: int = 0


class _Config(msgspec.Struct, frozen=True):
    num_replicas: int = 1


class _Replica(msgspec.Struct, frozen=True):
    active: int = 0  # nanoseconds since its leader heard of it
    offline: bool = False


class _Cluster(msgspec.Struct, frozen=True):
    leader: str = ""
    replicas: list[_Replica] = []  # without the one that answers


class StreamInfo(msgspec.Struct, frozen=True):
    """How far a stream is, and what its reader must know of its settings."""

    state: _State
    config: _Config
    cluster: _Cluster | None = None

    @property
    def has_majority(self) -> bool:
        """Whether its leader has heard lately of enough servers to write anything: it goes on to
        lead, and to answer, for up to 20 s after it has lost them.
        """
        if self.config.num_replicas == 1 or self.cluster is None:
            return True
        others = self.cluster.replicas
        heard = sum(not it.offline and it.active < SILENT_S * SECOND_NS for it in others)
        return 2 * (heard + 1) > self.config.num_replicas


class HandedOut(NamedTuple):
    """What the reply subject of a message of a consumer says: its position in the stream, and when
    it was stored, in nanoseconds.
    """

    position: int
    stored_ns: int

    @property
    def stored_at(self) -> datetime:
        """To the microsecond, rounded as msgspec does."""
        return EPOCH + timedelta(microseconds=(self.stored_ns + 500) // 1000)


def handed_out(reply: bytes) -> HandedOut:
    """$JS.ACK.<stream>.<consumer>.<deliveries>.<position>.<n>.<nanoseconds>.<pending>, and since
    ADR-15 version 2 with domain and account before <stream> and a token behind <pending>. Raises
    IndexError, ValueError.
    """
    words = reply.split(b".")
    first = 5 if len(words) == 9 else 7
    return HandedOut(int(words[first]), int(words[first + 2]))


def pull_request(batch: int, *, bytes_max: int, heartbeat_s: float) -> bytes:
    """The body that asks a consumer for the next messages; it says every `heartbeat_s` that there
    are none yet.
    """
    return msgspec.json.encode(
        {
            "batch": batch,
            "max_bytes": bytes_max,
            "expires": PULL_EXPIRES_S * SECOND_NS,
            "idle_heartbeat": int(heartbeat_s * SECOND_NS),
        }
    )


ack_of = msgspec.json.Decoder(WriteAck).decode


async def write(
    requests: Requests, stream: str, subject: str, body: bytes, headers: bytes
) -> WriteAck:
    """Store one message. An error in the answer is about what the message says: it is not the place
    that it expects, say. Raises `Unavailable`, `Unwritable`.
    """
    try:
        ack = ack_of((await requests.ask(subject, body, headers)).payload)
    except NoReply as silence:
        raise requests.writes.refused(stream, subject, str(silence)) from silence
    return judged(requests, stream, subject, ack)


def judged(requests: Requests, stream: str, subject: str, ack: WriteAck) -> WriteAck:
    """The answer to a write, unless the server could not store it. Raises `Unavailable`,
    `Unwritable`.
    """
    fault = ack.error
    if fault is None or fault.err_code in ABOUT_THE_MESSAGE:
        requests.writes.taken(stream)
        return ack
    cause = f"{fault.description} ({fault.err_code})"
    raise requests.writes.refused(stream, subject, cause, fault.err_code)


async def stream_info(requests: Requests, stream: str) -> StreamInfo:
    """As its leader sees it. Raises `Unavailable`, also where a server answers that has no leader:
    then too few of them run to write anything.
    """
    try:
        info = await requests.api(f"$JS.API.STREAM.INFO.{stream}", None, StreamInfo)
    except ApiError as error:
        raise Unavailable(str(error)) from error
    if info.config.num_replicas > 1 and info.cluster and not info.cluster.leader:
        raise Unavailable(f"stream {stream} has no leader: too few of its servers are running")
    return info


async def stored_message(
    requests: Requests, stream: str, which: dict[str, Any]
) -> StoredMessage | None:
    """The message with `{"seq": n}` or `{"last_by_subj": subject}`, asked of the leader, who is
    never behind. Raises `Unavailable`.
    """
    try:
        got = await requests.api(f"$JS.API.STREAM.MSG.GET.{stream}", which, _Got)
    except ApiError as error:
        if error.error_code == NO_MESSAGE:
            return None
        raise Unavailable(str(error)) from error
    return got.message


async def raw_subject(requests: Requests, stream: str, message: StoredMessage) -> bytes:
    """The subject of a stored message in bytes: in JSON, those that are not UTF-8 are replaced.
    Raises `Unavailable`.
    """
    if REPLACED not in message.subject:
        return message.subject.encode()
    which = msgspec.json.encode({"seq": message.seq})
    reply = await requests.ask(f"$JS.API.DIRECT.GET.{stream}", which)
    return header(reply.headers, b"Nats-Subject") or message.subject.encode()


async def direct_page(
    requests: Requests, stream: str, subject: str, after: int, most: int = PAGE
) -> tuple[list[RawReply], bool]:
    """Up to so many messages of `subject`, which may have wildcards, behind position `after`, and
    whether these are all. Any replica may answer, and one may be behind. Raises `Unavailable`.
    """
    want: dict[str, Any] = {"seq": after + 1, "next_by_subj": subject, "batch": most}
    replies, end = await requests.collect(f"$JS.API.DIRECT.GET.{stream}", msgspec.json.encode(want))
    match status(end.headers):
        case 404:
            return [], True
        case 204:
            return replies, int(header(end.headers, b"Nats-Num-Pending")) == 0
        case _:
            raise Unavailable(f"{subject}: {end.headers[9:80].decode(errors='replace')}")


def position_of(reply: RawReply) -> int:
    """Where a message that was got directly is in its stream."""
    return int(header(reply.headers, b"Nats-Sequence"))
