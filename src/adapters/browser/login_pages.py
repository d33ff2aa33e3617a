"""The pages of a login: how to log in, and who one is."""

from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from adapters.page_policy import digest, page_policy

_TEMPLATES = Environment(
    loader=PackageLoader("adapters.browser"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _ours(name: str) -> Markup:
    return Markup(_TEMPLATES.get_template(name).render().strip())  # noqa: S704 - ours


_STYLE, _SCRIPT = _ours("login.css"), _ours("login.js")
HEADERS = {
    "Content-Security-Policy": page_policy(
        _STYLE, f"script-src {digest(_SCRIPT)}", "img-src data:", forms="'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With `no-referrer` a browser would say of its own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Nothing is loaded or run but one style sheet and one script, which are named by their digests."""


class LoggedIn(NamedTuple):
    """Who one is: as whom one acts, and what one may do."""

    actor: str
    name: str
    role: str
    permissions: tuple[str, ...]
    emergency: bool


def login_page(issuer: str | None, problem: str | None = None, code: str = "") -> bytes:
    """How to log in; `problem`: why it has not worked, of which `code` is the name."""
    return page_of("login.html", issuer=issuer, problem=problem, code=code)


def own_page(who: LoggedIn) -> bytes:
    """Who one is, and where to go from here."""
    return page_of("own.html", who=who)


def page_of(name: str, **shown: Any) -> bytes:
    """A page of ours by its template, with what is shown."""
    template = _TEMPLATES.get_template(name)
    return template.render(style=_STYLE, script=_SCRIPT, **shown).encode()
