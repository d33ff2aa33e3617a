"""What all pages have in common: the frame, its headers, and the words that templates use."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from adapters.clock import new_id
from adapters.console.moments import age, due, iso, moment, urgency
from adapters.console.static_files import address_of
from adapters.status_page.markdown import readable
from domain.kernel.text import clock_s, duration, enumerated, span

_NOWHERE = re.compile(r"(?i)^\s*(?!https?://)")


def _shown(value: Any) -> Any:
    """Older events may hold characters that HTML has no place for; Markup was made without them."""
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return readable(value) if plain else value


def _in_paragraphs(text: str) -> Markup:
    """What people wrote, with its line breaks."""
    return Markup("<br>").join(escape(readable(line)) for line in text.splitlines())


def _words(name: Any) -> str:
    """A name of ours as people write it: `data_integrity_concern`, `Open hypothesis`."""
    return str(getattr(name, "value", name)).replace("_", " ")


def _is_web(url: str) -> bool:
    """Whether an address may be a link: nothing that runs may."""
    return not _NOWHERE.match(url)


TEMPLATES = Environment(
    loader=PackageLoader("adapters.console"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_shown,
)
TEMPLATES.filters |= {
    "iso": iso,
    "moment": moment,
    "age": age,
    "due": due,
    "urgency": urgency,
    "span": span,
    "duration": duration,
    "words": _words,
    "paragraphs": _in_paragraphs,
    "enumerated": enumerated,
    "clock_s": clock_s,
}
TEMPLATES.tests["web_address"] = _is_web
TEMPLATES.globals["asset"] = address_of
TEMPLATES.globals["once"] = new_id
"""What a form shows when it is sent: sent twice, it is done once."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With `no-referrer` a browser would say of its own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Vary": "Accept-Encoding, Cookie",
}


def headers_of(nonce: str) -> dict[str, str]:
    """Of every page: what it may load and run is ours, and scripts bear this nonce. Text becomes
    markup in one place alone, which is that of the library that swaps parts of pages.
    """
    policy = (
        "default-src 'none'",
        f"script-src 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types htmx",
    )
    return _HEADERS | {"Content-Security-Policy": "; ".join(policy)}


class NavLink(NamedTuple):
    """A place that the frame leads to."""

    path: str
    name: str
    key: str | None = None
    """Behind `g`, the key that leads there."""


class Frame(NamedTuple):
    """What the frame around a page shows: who looks at it, where, and how fresh it is."""

    nonce: str
    path: str
    now: datetime
    actor: str | None
    role: str
    nav: tuple[tuple[str, tuple[NavLink, ...]], ...] = ()
    stale: str | None = None
    logged_in: bool = False


def rendered(template: str, frame: Frame, **values: Any) -> str:
    """A page, or what of one is swapped."""
    return TEMPLATES.get_template(template).render(frame=frame, **values)
