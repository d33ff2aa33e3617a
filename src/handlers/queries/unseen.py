"""Answers without what they say of incidents that their reader may not see.

An incident that everybody sees may name one that has become private since: it was linked to it, or
one was merged into the other and turned out to be none. What was decided together with that stands
in the log as if it had not been; what people have written stays as they wrote it.
"""

import re
from collections.abc import Collection, Iterable, Set
from functools import cache
from itertools import product
from operator import is_
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

import msgspec

from domain.incident import INCIDENT
from domain.incident.events import EVENTS
from domain.incident.hypothesis import Hypothesis
from domain.incident.others import (
    fields_of_others,
    hints_of,
    holders_of_others,
    it_was_that_of,
    names_other,
    others_of,
    others_within,
    words_name_other,
)
from domain.incident.relation import Related
from domain.kernel.commit import Event, Recorded, event_id, name_of
from domain.notification import LEDGER
from domain.notification.intent import intent_id
from domain.policy.audience import Audience

NAMING = frozenset(name_of(each) for each in EVENTS if words_name_other(each))
"""The kinds of lines whose words name another incident."""


class _Hidden(NamedTuple):
    ids: Collection[str]
    references: Collection[str]
    named: re.Pattern[str]

    def is_named_by(self, part: Any) -> bool:
        """Whether one of several tells of such an incident: a link, a line in the words of the
        service, or what came from one and was given back.
        """
        if isinstance(part, Related):
            return part.id in self.ids
        if isinstance(part, Hypothesis):
            return part.finding in {it_was_that_of(each) for each in self.references}
        return is_in_words_of_ours(part) and bool(self.named.search(part.text))


def is_in_words_of_ours(part: Any) -> bool:
    """Whether it is a line, and the service words which other incident it is about."""
    if not isinstance(getattr(part, "text", None), str):
        return False
    return getattr(part, "kind", None) in NAMING or getattr(part, "automatic", None) is not None


def without(answer: Any, ids: Collection[str], references: Collection[str]) -> Any:
    """An answer without what names incidents of these ids and references."""
    return _kept(answer, _Hidden(ids, references, any_of(references)))


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """What finds these names in words."""
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(names))) + r")\b")


def _kept(value: Any, hidden: _Hidden) -> Any:
    """The value itself where nothing is left out of it, as of nearly all."""
    if isinstance(value, list | tuple):
        found = [_kept(each, hidden) for each in value if not hidden.is_named_by(each)]
        if len(found) == len(value) and all(map(is_, found, value)):
            return value
        return found if isinstance(value, list) else tuple(found)
    if isinstance(value, msgspec.Struct):
        other = {name: _kept(getattr(value, name), hidden) for name in _ways(type(value))}
        other |= {
            name: _named(getattr(value, name), hidden.ids)
            for name in fields_of_others(type(value))
            if not isinstance(value, Related)
        }
        changed = {name: it for name, it in other.items() if it is not getattr(value, name)}
        return msgspec.structs.replace(value, **changed) if changed else value
    return value


def _named(value: Any, ids: Collection[str]) -> Any:
    """Ids of other incidents, or the only one, but for those that are hidden."""
    if isinstance(value, tuple):
        kept = tuple(each for each in value if each not in ids)
        return value if len(kept) == len(value) else kept
    return None if value in ids else value


@cache
def _ways(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields in which others may be named: few, of the many that a long list has."""
    return tuple(name for name, hint in hints_of(kind).items() if _leads(hint, {kind}))


def _leads(kind: Any, above: Set[Any]) -> bool:
    """Whether a value of this type may name others; of one `above` it is asked already."""
    plain = get_origin(kind) or kind
    if not (isinstance(plain, type) and issubclass(plain, msgspec.Struct)):
        anything = isinstance(kind, TypeVar) or kind in [Any, object, list, tuple]
        return anything or any(_leads(each, above) for each in get_args(kind))
    fields = hints_of(plain)
    if kind in {Related, Hypothesis} or "kind" in fields or any(map(names_other, fields.values())):
        return True
    return kind not in above and any(_leads(each, above | {kind}) for each in fields.values())


Commits = Iterable[Recorded[Event]]


def named_in(commits: Commits) -> tuple[str, ...]:
    """The ids of the incidents that these name beside their own, each once."""
    events = [event for each in commits for event in each.commit.events]
    found = (other for it in events for other in (*others_of(it), *others_within(it)))
    return tuple(dict.fromkeys(found))


def readable(commits: Commits, ids: Collection[str]) -> list[Recorded[Event]]:
    """Commits but for those that name one of these incidents, for what was told of them, and for
    those of the incidents themselves. What one command decided goes together: what a merge has
    brought, and what was given back.
    """
    if not ids:
        return list(commits)
    kept, told = list[Recorded[Event]](), set[str]()
    for each in commits:
        if _is_of(each, ids):
            told.update(_told_of(each))
        elif any(other in ids for event in each.commit.events for other in others_within(event)):
            kept.append(_left_out_of(each, ids))
        else:
            kept.append(each)
    return [each for each in kept if not _tells(each, told)] if told else kept


def _left_out_of(recorded: Recorded[Event], ids: Collection[str]) -> Recorded[Event]:
    """A commit whose events name none of these in their parts."""
    events = tuple(
        msgspec.structs.replace(
            event,
            **{name: _blank(getattr(event, name), ids) for name in holders_of_others(type(event))},
        )
        for event in recorded.commit.events
    )
    commit = msgspec.structs.replace(recorded.commit, events=events)
    return msgspec.structs.replace(recorded, commit=commit, body=None)


def _blank(part: msgspec.Struct, ids: Collection[str]) -> msgspec.Struct:
    named = {name: _named(getattr(part, name), ids) for name in fields_of_others(type(part))}
    return msgspec.structs.replace(part, **named)


def _is_of(recorded: Recorded[Event], ids: Collection[str]) -> bool:
    if recorded.aggregate in {INCIDENT.name, LEDGER.name} and recorded.key in ids:
        return True
    return any(other in ids for event in recorded.commit.events for other in others_of(event))


def _told_of(recorded: Recorded[Event]) -> Iterable[str]:
    """The ids by which what a commit tells was told."""
    commit = recorded.commit
    for place, audience in product(range(len(commit.events)), Audience):
        yield intent_id(event_id(commit.id, place), audience.value)


def _tells(recorded: Recorded[Event], told: Collection[str]) -> bool:
    return recorded.aggregate == LEDGER.name and any(
        getattr(event, "intent_id", None) in told for event in recorded.commit.events
    )
