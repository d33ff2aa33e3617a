"""The files that pages load: a style sheet and scripts, each under a name that its content gives.

Such a name never means other content, so that browsers keep them for good.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

PATH = "/assets"
_HERE = files("adapters.console")
_JAVASCRIPT, _CSS = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
_KINDS = {"js": _JAVASCRIPT, "css": _CSS, "svg": "image/svg+xml"}
SOURCES: Mapping[str, str] = {
    "console.css": "assets/console.css",
    "console.js": "assets/console.js",
    "theme.js": "assets/theme.js",
    "icon.svg": "assets/icon.svg",
    "htmx.js": "vendor/htmx.min.js",
    "hx-sse.js": "vendor/hx-sse.min.js",
    "hx-csp.js": "vendor/hx-csp.min.js",
}
"""What is served, and where it stands."""


class StaticFile(NamedTuple):
    """A file as it is sent: as it is, and compressed."""

    name: str
    media_type: str
    plain: bytes
    zipped: bytes


@cache
def static_file(name: str) -> StaticFile:
    """One of `SOURCES`, read once."""
    plain = _HERE.joinpath(SOURCES[name]).read_bytes()
    stem, _, ending = name.rpartition(".")
    served = f"{stem}-{sha256(plain).hexdigest()[:12]}.{ending}"
    return StaticFile(served, _KINDS[ending], plain, gzip.compress(plain, 9, mtime=0))


def address_of(name: str) -> str:
    """Where a page finds it."""
    return f"{PATH}/{static_file(name).name}"


def served_as(name: str) -> StaticFile | None:
    """The file that is served under a name; None: there is none."""
    return next((it for source in SOURCES if (it := static_file(source)).name == name), None)
