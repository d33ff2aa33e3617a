"""What a body holds: JSON, or the fields of a form. What it is called by its sender says nothing:
`curl -d` calls JSON a form, and Amazon SNS calls it plain text.
"""

import re
from urllib.parse import parse_qs

from handlers.ingest.reading import json_value
from handlers.ingest.reports import UnusableError

FIELDS_MAX = 1_000
_FORM = re.compile(r"[A-Za-z0-9_.\[\]%*+-]{1,200}=")


def document_of(body: bytes) -> object:
    """An object or a list. A field of a form that comes once is a text, else a list of them.
    Raises `UnusableError`.
    """
    try:
        found = json_value(body)
    except UnusableError as error:
        fields = _form(body)
        if fields is None:
            reason = str(error).replace("is not JSON", "is neither JSON nor a form")
            raise UnusableError("body.not_json", reason) from error
        return fields
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
