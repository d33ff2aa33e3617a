"""What must not go out with a public post-mortem: names of people, what leads inside, and blame.

The rules are patterns, so each finding says which words and why. They may be wrong ("Will" is a
name, and a word), so whoever is sure may overrule them with a reason.
"""

import re
from collections.abc import Iterable, Iterator

from domain.kernel.roster import Roster, RosterPerson
from domain.learning.blameless import blames

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s<>()\[\]\"']+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:?#\s]+).*", re.IGNORECASE)
_OURS = re.compile(r"\b(?:PM|AI|IV)-[1-9][0-9]*\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_INSIDE = (".local", ".internal", ".intranet", ".corp", ".lan", ".home.arpa", ".test", ".localhost")
"""Ends of names that lead nowhere outside (RFC 6761, 6762, 8375), or are used within by custom."""
PART_MIN = 3


def findings(texts: Iterable[str], roster: Roster | None, named: Iterable[str]) -> tuple[str, ...]:
    """All that is found, in a line each: the words, and why they should not go out. `named` are
    people besides those of the directory.
    """
    people = roster.people if roster else ()
    names = tuple(dict.fromkeys((*named, *(each.name for each in people))))
    found = (
        line
        for text in texts
        for line in (*_people(text, people, names), *_inside(text), *_blame(text, names))
    )
    return tuple(dict.fromkeys(found))


def _people(text: str, people: Iterable[RosterPerson], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (_named(found) for found in _words_of(text, name))
    for person in people:
        others = (person.email, *person.known_as, *(f"@{each}" for each in _handles(person)))
        for other in filter(None, others):
            if found := re.search(rf"(?<!\w){re.escape(other)}(?!\w)", text, re.IGNORECASE):
                yield _named(found[0])
    yield from (f"“{mail}”: an address of somebody" for mail in _MAIL.findall(text))


def _handles(person: RosterPerson) -> Iterator[str]:
    yield person.id
    yield from (handle.removeprefix("@") for handle in person.handles.values())


def _words_of(text: str, name: str) -> Iterator[str]:
    """The name itself, in any case; or else a part of it, written as a name is."""
    if found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
        yield found[0]
        return
    for part in name.split():
        written = len(part) >= PART_MIN and part[0].isupper()
        if written and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text):
            yield part


def _named(words: str) -> str:
    return f"“{words}”: the name of a person; say what the system did, or which team"


def _inside(text: str) -> Iterator[str]:
    yield from (
        f"“{found}”: a reference that nobody outside can follow" for found in _OURS.findall(text)
    )
    for address in (found.rstrip(".,;:!?") for found in _ADDRESS.findall(text)):
        if leads_inside(address):
            yield f"“{address}”: a link that nobody outside can follow"


def leads_inside(address: str) -> bool:
    """Whether an address can be seen to lead to what only people inside reach: by its scheme, or
    by a host that is a number, has no dot, or ends as names within do.
    """
    found = _HOST.fullmatch(address)
    if found is None:
        return True
    host = found[1].rstrip(".").lower()
    numbers = host.startswith("[") or host.replace(".", "").isdigit()
    return numbers or "." not in host or host.endswith(_INSIDE) or "intranet" in host.split(".")


def _blame(text: str, names: Iterable[str]) -> Iterator[str]:
    for blame in blames(text, names):
        yield f"“{blame.sentence}”: “{blame.words}”: {blame.why} {blame.suggestion}"
