"""What a stream of the log may be called, the same for every driver of the event store."""

import re

_STREAM = re.compile(r"[a-z][a-z0-9_]*\.[A-Za-z0-9_:-]{1,200}")


def check_stream(stream: str) -> None:
    """A stream name becomes a subject on the wire, so nothing else may pass. Raises ValueError."""
    if not _STREAM.fullmatch(stream):
        raise ValueError(f"not a stream name: {stream!r}")
