"""Slack's mark-up of texts, both ways (docs.slack.dev/messaging/formatting-message-text).

In what people write, Slack escapes `&`, `<` and `>`, and writes links and mentions as `<…|…>`. In
what it is sent it takes them the same way, so that what others have written is escaped: a title
neither calls a whole channel together nor links elsewhere than it says.
"""

import re
from collections.abc import Iterator

from adapters.products.kit.text import cut, printable, urls

_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES))
_REFERENCE = re.compile(r"<([@#!]|(?:https?|mailto|tel|ftp):)([^<>|]*)(?:\|([^<>]*))?>")


def decode(text: str) -> str:
    """What somebody has written behind a slash command, as they see it themselves."""
    return decode_entities(_REFERENCE.sub(_plain, text))


def decode_entities(text: str) -> str:
    """What somebody has written into a dialog, where nothing becomes a link. Each once: `&amp;lt;`
    is `&lt;`, which was written so.
    """
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)


def _plain(found: re.Match[str]) -> str:
    sigil, target, label = found[1], found[2], (found[3] or "").strip()
    match sigil:
        case "@":
            return f"@{label.removeprefix('@') or target}"
        case "#":
            return f"#{label.removeprefix('#') or target}"
        case "!":
            return _special(target, label)
    url = sigil + target
    if not label or label.rstrip("/") == url.rstrip("/"):
        return target if sigil in {"mailto:", "tel:"} else url
    if label.rstrip("/") == target.removeprefix("//").rstrip("/"):
        return label  # Slack has made a link of it by itself
    return f"{label} ({url})"


def _special(target: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@on-call>`, `<!date^…^…|4 May>`."""
    kind, _, rest = target.partition("^")
    if kind == "date":
        return label or rest
    return f"@{label.removeprefix('@') or rest or kind}"


def escape(text: str, most: int) -> str:
    """For a place where Slack interprets mark-up; at most so many characters as it counts them."""
    short = cut(printable(text, keep="\n"), most)
    while len(safe := _escape(short)) > most:
        short = cut(short, len(short) - max(1, (len(safe) - most) // 5))
    return safe


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def marked(text: str) -> str:
    """Escaped, with the addresses in it as links: a verbatim text has none by itself."""
    return "".join(
        _escape(before) + (f"<{_target(url)}>" if url else "")
        for before, url in urls(printable(text, keep="\n\t"))
    )


def link(url: str, name: str) -> str:
    """A link that shows a name."""
    return f"<{_target(url)}|{_escape(printable(name).replace('|', '/'))}>"


def _target(url: str) -> str:
    """An address within a link, where a bar would end it."""
    return _escape(url.replace("|", "%7C").replace(" ", "%20"))


def pieces(line: str, most: int) -> Iterator[str]:
    """A line as `marked`, in pieces of so many characters at most, broken between words where there
    are any, and never within an address that fits.
    """
    rest = line
    while len(safe := marked(rest)) > most:
        taken = min(len(rest), most)
        while len(marked(rest[:taken])) > most:
            taken -= max(1, (len(marked(rest[:taken])) - most) // 5)
        space = rest.rfind(" ", taken // 2, taken)
        taken = space if space > 0 else taken
        yield marked(rest[:taken])
        rest = rest[taken:].lstrip(" ")
    yield safe
