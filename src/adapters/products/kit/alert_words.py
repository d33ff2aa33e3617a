"""What an alert says to people beside its title: links, and the notes that its author gave it."""

from collections.abc import Iterable, Mapping

from domain.incident.alerts.alert import Link
from handlers.ingest.reports import line, link, text

LINKS_MOST = 8
LINK_NAME_CHARS = 40
IN_THE_TITLE = ("summary", "title", "message")
"""Annotations of which the first that says something is a part of the title."""
_USUAL = ("Runbook", "Dashboard", "Panel", "Graph", "Alert rule")
"""Where people look first."""


def links_of(
    notes: Mapping[str, object], given: Iterable[tuple[str, object]] = ()
) -> tuple[Link, ...]:
    """Where to look: annotations that hold a URL, under the names that these have, and what the
    product names itself, `given` as name and URL. Each URL once, `LINKS_MOST` at most.
    """
    noted = [(link_name(key), value) for key, value in notes.items()]
    found: dict[str, str] = {}
    for name, value in (*noted, *given):
        url = link(value)
        if url:
            found.setdefault(url, name)
    links = [Link(name, url) for url, name in found.items()]
    places = {name: place for place, name in enumerate(_USUAL)}
    links.sort(key=lambda each: places.get(each.name, len(_USUAL)))
    return tuple(links[:LINKS_MOST])


def link_name(key: object) -> str:
    """The name of a field as that of a link: `runbook_url` is `Runbook`, `logsLink` is `Logs`."""
    said = (line(key) or "").strip("_").replace("*", "").replace(":", "")
    for ending in ("_url", "_link", "URL", "Url", "Link", "_uri", "-url"):
        said = said.removesuffix(ending)
    said = " ".join(said.replace("_", " ").replace("-", " ").split())[:LINK_NAME_CHARS]
    return said[:1].upper() + said[1:] or "Link"


def details_of(notes: Mapping[str, str], *more: str | None) -> str | None:
    """The description, what the product adds, and every other annotation that is neither a link
    nor in the title.
    """
    titled = next((name for name in IN_THE_TITLE if notes.get(name)), None)
    others = (
        f"{link_name(key)}: {value}"
        for key, value in notes.items()
        if key not in {"description", titled} and not key.startswith("__") and not link(value)
    )
    return text("\n".join(filter(None, (notes.get("description"), *more, *others))))
