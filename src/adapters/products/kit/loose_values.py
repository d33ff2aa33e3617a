"""Values as senders write them who have agreed with nobody: labels, links, texts, words."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from adapters.products.kit.alert_words import link_name
from adapters.products.kit.expressions import says_nothing
from domain.incident.alerts.alert import Link
from handlers.ingest.reports import line, link, text

LINKS_MAX = 20
LABELS_MAX = 100


def labels_of(value: object) -> dict[str, str]:
    """Labels of an object, of a list of `name` and `value`, of texts `name:value`, or of one text
    with several of these.
    """
    if isinstance(value, str):
        value = value.split(",")
    pairs: list[tuple[object, object]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [_pair(each) for each in value]
    said = [(line(key, 200), text(each)) for key, each in pairs[:LABELS_MAX]]
    return {key: each for key, each in said if key and each}


def _pair(value: object) -> tuple[object, object]:
    if isinstance(value, dict):
        said = value.get("name", value.get("key", value.get("tag")))
        return said, value.get("value")
    if isinstance(value, str):
        key, _, said = value.strip().partition(":" if ":" in value else "=")
        return key, said
    return None, None


def links_of(value: object) -> tuple[Link, ...]:
    """URLs of a text, of a list, of objects with `href` or `url` (and a `text`, `title` or `name`),
    or of an object of URLs by their names. One without a name has that of its host.
    """
    if isinstance(value, dict) and not {"href", "url"} & value.keys():
        return tuple(_unique((link_name(key), each) for key, each in value.items()))
    several = value if isinstance(value, list) else [value]
    return tuple(_unique(map(_named_url, several[:LINKS_MAX])))


def _named_url(value: object) -> tuple[str, object]:
    if not isinstance(value, dict):
        return "", value
    name = next(filter(None, (line(value.get(key), 40) for key in ("text", "title", "name"))), "")
    return name, value.get("href") or value.get("url")


def _unique(named: Iterable[tuple[str, object]]) -> Iterator[Link]:
    seen = set()
    for name, given in named:
        url = link(given)
        if url and url not in seen and _host(url):
            seen.add(url)
            yield Link(name or _host(url), url)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def first_of(value: object) -> object:
    """Of several the first that says something."""
    if isinstance(value, list):
        return next((each for each in value if not says_nothing(each)), None)
    return value


def joined(value: object, separator: str = ", ") -> object:
    """Several texts as one; all else as it is."""
    if isinstance(value, list):
        return separator.join(filter(None, (line(each) for each in value)))
    return value


def word_of(value: object) -> str:
    """A state or severity as it is looked up: `1` is the text "1", whatever way it was sent."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return (line(value) or "").lower()
