"""The few calls and answers of the JetStream API that several adapters share."""

import base64
from datetime import datetime
from typing import Any

import msgspec

from adapters.nats.requests import ApiError, Fault, Requests
from handlers.ports import Unavailable

NO_MESSAGE = 10037
WRONG_LAST_SEQUENCE = frozenset({10071, 10164})


class WriteAck(msgspec.Struct, frozen=True):
    """The answer to a publish: `duplicate` when the message id was stored before, at `seq`."""

    seq: int = 0
    duplicate: bool = False
    error: Fault | None = None


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


class _Config(msgspec.Struct, frozen=True):
    num_replicas: int = 1


class StreamInfo(msgspec.Struct, frozen=True):
    """How far a stream is, and what its reader must know of its settings."""

    state: _State
    config: _Config


ack_of = msgspec.json.Decoder(WriteAck).decode


async def stream_info(requests: Requests, stream: str) -> StreamInfo:
    """As its leader sees it. Raises `Unavailable`."""
    try:
        return await requests.api(f"$JS.API.STREAM.INFO.{stream}", None, StreamInfo)
    except ApiError as error:
        raise Unavailable(str(error)) from error


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
