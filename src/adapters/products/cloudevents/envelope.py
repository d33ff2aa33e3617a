"""The envelope of a CloudEvent, in the modes in which HTTP and NATS carry it.

Source: github.com/cloudevents/spec 1.0.2 (the specification, its JSON format and the bindings for
HTTP and NATS). In *binary* mode the attributes are headers `ce-<name>`, perhaps quoted (RFC 7230,
3.2.6) and percent-encoded below that, and the body is the data; in *structured* mode the body is
all of it, as JSON; a *batch* is a JSON array.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import msgspec

from domain.kernel.commit import Instant
from handlers.ingest.reports import UnusableError

PREFIX = "ce-"
_ESCAPED = re.compile(r"\\(.)")
MEDIA_TYPE = "application/cloudevents"

Attribute = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A CloudEvent in its JSON format. Extension attributes are passed over."""

    id: Attribute
    source: Attribute
    specversion: Literal["1.0"]
    type: Attribute
    subject: Attribute | None = None
    time: Instant | None = None
    datacontenttype: str | None = None
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    data_base64: str | None = None


def to_structured(headers: Mapping[str, str], body: bytes) -> bytes:
    """The event in structured mode, whichever mode it came in. Header names are in lower case."""
    content_type = headers.get("content-type", "")
    attributes: dict[str, Any] = {
        name.removeprefix(PREFIX): unquote(_unquoted(value))
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    if not attributes or content_type.strip().lower().startswith(MEDIA_TYPE):
        return body
    if content_type:
        attributes["datacontenttype"] = content_type
    if body:
        attributes |= _data(body)
    return msgspec.json.encode(attributes)


def _unquoted(value: str) -> str:
    """A header without the quotes around it, and what they escape."""
    value = value.strip()
    if len(value) < 2 or not (value.startswith('"') and value.endswith('"')):
        return value
    return _ESCAPED.sub(r"\1", value[1:-1])


def _data(body: bytes) -> dict[str, Any]:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {"data_base64": base64.b64encode(body).decode()}
    return {"data": msgspec.Raw(body)}


def object_in(said: str) -> dict[str, Any] | None:
    """The object that a text is, as JSON: who encodes their data twice sends such. None: it is
    none.
    """
    if not said.lstrip().startswith("{"):
        return None
    try:
        found = msgspec.json.decode(said)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def data_of(event: CloudEvent) -> bytes | None:
    """The data as they were; None: there are none. Raises `UnusableError`."""
    if event.data_base64 is None:
        return None if event.data is msgspec.UNSET else bytes(event.data)
    if event.data is not msgspec.UNSET:
        raise UnusableError("field.invalid", "data and data_base64: an event has one of them")
    try:
        return base64.b64decode(event.data_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableError("field.invalid", "data_base64 is not base64") from error
