"""What of a document the form of runbooks has no place for."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from domain.runbook.contents import SECTIONS
from domain.runbook.readiness import Lack

NAMED = re.compile(r"\*\*(.+?):?\*\*\s*:?\s*(.*)|([A-Z][\w-]*)\s*:\s+(.*)", re.DOTALL)
"""`**Service**: checkout`, or `Internal: …`."""
_BY_NAME = ("Quick Reference", "Detection", "Communication")


def other_sections(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The sections that the form does not have, each with its text."""
    heads = [
        (int(token.tag[1:]), token.map, tokens[place + 1].content.strip())
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map and token.tag <= "h2"
    ]
    ends = [*(at[0] for _, at, _ in heads), len(lines)][1:]
    for (level, (_, begins), title), end in zip(heads, ends, strict=True):
        if level == 2 and title not in SECTIONS:
            yield title, "\n".join(lines[begins:end]).strip()


def not_kept(tokens: Sequence[Token], offset: int) -> Iterator[Lack]:
    """What stands where the form has no place for it: it is read by people alone."""
    section, level, depth, option = "", 0, 0, False
    for token in tokens:
        line = (token.map[0] if token.map else 0) + offset + 1
        if token.type == "heading_open":
            level = int(token.tag[1:])
            option = level == 3 and section == "Remediation"
            lost = level > 2 and not option
        elif token.type == "inline" and level:
            section = token.content.strip() if level == 2 else section
            level, lost = 0, False
        else:
            depth += token.nesting if token.type.startswith("list_item_") else 0
            lost = _is_lost(token, section, placed=bool(depth), option=option)
        if lost and section in ("", *SECTIONS):
            yield Lack(f"line {line}", "not_kept", "the form has no place for this")


def _is_lost(token: Token, section: str, *, placed: bool, option: bool) -> bool:
    """Whether a part that is no heading is none of what the form has in this section; `placed`: it
    stands in a list.
    """
    if token.type == "html_block":
        return True
    if token.type not in {"inline", "fence", "code_block"}:
        return False
    if section == "Remediation" and not option:
        return True
    if token.type != "inline":
        return section not in {"Diagnosis", "Remediation", "Verification"}
    return not placed or (section in _BY_NAME and not NAMED.fullmatch(token.content))
