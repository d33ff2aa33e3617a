"""Whether definitions in files are valid: each document with all that is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from adapters.openslo.alert_thresholds import Given, never_firing
from adapters.openslo.cross_references import Name, name_of, unresolved
from adapters.openslo.dialects import DIALECTS
from adapters.openslo.fields import FieldFinding, Found
from adapters.openslo.framework import is_framework, reading_of
from adapters.openslo.objects import found_in
from adapters.strict_documents import Definition, definitions_of


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of one document. `document` is its number in the file from 0. `problems`
    make it invalid; `notes` do not: what of it cannot be computed, or is said otherwise than usual;
    nor does `elsewhere`: what it refers to that is not in the files that were read.
    """

    file: str
    document: int
    kind: str | None
    name: str | None
    valid: bool
    problems: tuple[FieldFinding, ...]
    notes: tuple[FieldFinding, ...] = ()
    elsewhere: tuple[FieldFinding, ...] = ()


class _Around(NamedTuple):
    """What is beside a document: the names in each file, those of all, what of it is valid, and
    whether it is all that there is.
    """

    beside: Mapping[str, Set[Name]]
    given: Set[Name]
    sound: Given
    whole: bool


def verdicts(paths: Iterable[Path], *, whole: bool = False) -> list[Verdict]:
    """Judge all documents of these files, in order. `whole`: what they refer to must be in them."""
    return verdicts_on([each for path in paths for each in definitions_of(path)], whole=whole)


def verdicts_on(read: Sequence[Definition], *, whole: bool = False) -> list[Verdict]:
    """Judge what was read of files, in order."""
    looked_at = [(each, found_in(each.content)) for each in read]
    beside: dict[str, set[Name]] = defaultdict(set)
    sound: dict[Name, Any] = {}
    for each, found in looked_at:
        if name := name_of(each.content):
            beside[each.file].add(name)
            if not found.problems:
                sound.setdefault(name, each.content)
    around = _Around(beside, set().union(*beside.values()), sound, whole)
    return [_judge(each, found, around) for each, found in looked_at]


def _judge(each: Definition, found: Found, around: _Around) -> Verdict:
    if each.fault is not None:
        return _verdict(each, None, None, [FieldFinding("", "unreadable", each.fault)])
    if is_framework(each.content):
        framework = reading_of(each.content)
        said = framework.found
        return _verdict(each, "framework", framework.service, said.problems, said.notes)
    name = name_of(each.content)
    wrong, elsewhere = unresolved(
        each.content, around.beside.get(each.file, set()), around.given, whole=around.whole
    )
    if not found.problems and name and name.kind == "SLO" and name.version in DIALECTS:
        wrong += never_firing(each.content, around.sound)
    return _verdict(
        each,
        name.kind if name else None,
        name.name if name else None,
        [*found.problems, *wrong],
        found.notes,
        elsewhere,
    )


def _verdict(
    each: Definition,
    kind: str | None,
    name: str | None,
    problems: list[FieldFinding],
    notes: Iterable[FieldFinding] = (),
    elsewhere: Iterable[FieldFinding] = (),
) -> Verdict:
    return Verdict(
        file=each.file,
        document=each.place,
        kind=kind,
        name=name,
        valid=not problems,
        problems=tuple(dict.fromkeys(problems)),
        notes=tuple(dict.fromkeys(notes)),
        elsewhere=tuple(dict.fromkeys(elsewhere)),
    )
