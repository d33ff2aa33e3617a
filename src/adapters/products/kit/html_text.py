"""HTML in the words of others as text that can be read: status pages take both, and say of neither
which it is. What is no mark-up that people write, such as `<none>`, stays as it came.
"""

import re
from html.parser import HTMLParser

LINES = frozenset({"br", "hr", "tr"})
PARAGRAPHS = frozenset(
    {"p", "div", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
)
WITHIN = frozenset(
    {"a", "b", "strong", "i", "em", "u", "s", "small", "span", "code", "mark", "sub", "sup"}
    | {"td", "th", "tbody", "thead", "font", "img"}
)
UNSAID = frozenset({"script", "style"})
KNOWN = LINES | PARAGRAPHS | WITHIN | UNSAID | {"li"}

_MARKED = re.compile(
    rf"</?(?:{'|'.join(sorted(KNOWN))})\b[^<>]*>|&(?:\#\d+|\#x[0-9a-f]+|[a-z]{{2,8}});",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\u00a0]*\n[ \t\u00a0]*")
_GAPS = re.compile(r"\n{3,}")


def as_text(said: str) -> str:
    """The text without its mark-up; one without any stays as it is."""
    if not _MARKED.search(said):
        return said
    reader = _Reader()
    reader.feed(said)
    reader.close()
    return _GAPS.sub("\n\n", _BLANKS.sub("\n", "".join(reader.said))).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._unsaid = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN:
            self.said.append(self.get_starttag_text() or "")
        elif tag in UNSAID:
            self._unsaid += 1
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.said)))
        elif tag in LINES:
            self.said.append("\n")
        elif tag in PARAGRAPHS:
            self.said.append("\n\n")
        elif tag == "li":
            self.said.append("\n- ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag == "a":
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSAID:
            self._unsaid = max(0, self._unsaid - 1)
        elif tag == "a" and self._links:
            address, place = self._links.pop()
            words = "".join(self.said[place:]).strip()
            if address.startswith(("http://", "https://", "mailto:")) and address not in words:
                self.said.append(f" ({address})" if words else address)
        elif tag in PARAGRAPHS:
            self.said.append("\n\n")
        elif tag not in KNOWN:
            self.said.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._unsaid:
            self.said.append(data)

    def handle_comment(self, data: str) -> None:
        """What nobody was to see."""
