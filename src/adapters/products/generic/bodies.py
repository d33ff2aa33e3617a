"""What a body holds: JSON, or the fields of a form. What it is called by its sender says nothing:
`curl -d` calls JSON a form, and Amazon SNS calls it plain text.
"""

import re
from urllib.parse import parse_qs

from handlers.ingest.reading import json_value
from handlers.ingest.reports import UnusableError

FIELDS_MAX = 1_000
BOUNDARY_BYTES = range(3, 75)
_PART = re.compile(
    rb'\r?\n(?:[^\r\n]+\r?\n)*?content-disposition:[^\r\n]*?;\s*name="?([^";\r\n]{1,200})"?'
    rb"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n",
    re.IGNORECASE,
)
_FORM = re.compile(r"[A-Za-z0-9_.\[\]%*+-]{1,200}=")


def document_of(body: bytes) -> object:
    """An object or a list. A field of a form that comes once is a text, else a list of them.
    Raises `UnusableError`.
    """
    try:
        found = json_value(body)
    except UnusableError as error:
        fields = _form(body) or _parts(body)
        if not fields:
            reason = str(error).replace("is not JSON", "is neither JSON nor a form")
            raise UnusableError("body.not_json", reason) from error
        return _opened(fields)
    if not isinstance(found, dict | list):
        kind = type(found).__name__
        raise UnusableError("body.wrong_shape", f"the body is no object and no list but a {kind}")
    return found


def _form(body: bytes) -> dict[str, object] | None:
    try:
        text = body.decode(errors="replace").strip()
        if not _FORM.match(text):
            return None
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        return None
    return {name: said[0] if len(said) == 1 else said for name, said in fields.items()}


def _parts(body: bytes) -> dict[str, object] | None:
    """The fields of a form in parts (RFC 7578), whose first line is what stands between them."""
    boundary = body.partition(b"\n")[0].strip()
    if not (boundary.startswith(b"--") and len(boundary) in BOUNDARY_BYTES):
        return None
    fields: dict[str, object] = {}
    for part in (b"\n" + body).split(b"\n" + boundary, FIELDS_MAX)[1:]:
        found = _PART.match(part)
        if found and b"filename=" not in found[0].lower():
            said = part[found.end() :].removesuffix(b"\n").removesuffix(b"\r")
            fields[found[1].decode(errors="replace")] = said.decode(errors="replace")
    return fields


def _opened(fields: dict[str, object]) -> dict[str, object]:
    """A form whose one field is an object, with the members of that: Uptime Kuma's `data`, and the
    `payload` of many.
    """
    (said, *others) = fields.values()
    if others or not isinstance(said, str) or not said.lstrip().startswith("{"):
        return fields
    try:
        inner = json_value(said.encode())
    except UnusableError:
        return fields
    return {**fields, **inner} if isinstance(inner, dict) else fields
