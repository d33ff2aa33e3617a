"""Fields are written one by one, each by its version, so that of two authors none loses an edit."""

from typing import Any

import msgspec

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock_s
from domain.learning.postmortem import commands as c
from domain.learning.postmortem import events as e
from domain.learning.postmortem import fault_tree
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.learning.postmortem.public_state import Written
from domain.learning.postmortem.sections import (
    FACTORS,
    FAULT_TREE,
    TITLES,
    WHYS,
    Factor,
    FactorKind,
    Why,
    is_figure,
)

SHOWN_MOST = 10_000
BYTES_MAX = 200_000
"""So large may a field be, as it is written to the log."""


def edit(command: c.EditField, pm: Postmortem, context: Context) -> list[e.PostmortemEvent]:
    """What is written; nothing where it stands there just so. Raises `Refused`."""
    field, value = _said(command)
    check_draft(pm)
    now = pm.content.value_of(field)
    if isinstance(command, c.StateImpact):
        _check_figure(command)
    if value == now or (not value and not now):
        return []
    version = pm.version_of(field)
    if command.seen != version:
        raise _meanwhile(pm, field, command.seen, now, value)
    _check(command)
    event = _event(command, version + 1, context)
    return [event]


def check_draft(pm: Postmortem) -> None:
    """Raises `Refused` where it is final."""
    if pm.status is PostmortemStatus.FINAL:
        raise Refused(
            "postmortem.final",
            f"{pm.reference} is final: `reopen` it with a reason to change what it says",
            field="postmortem",
            rule="What is final stays as it is, until it is reopened for a reason.",
        )


def _said(command: c.EditField) -> tuple[str, Any]:
    match command:
        case c.WriteProse(field=field, text=text):
            return str(field), text
        case c.SetPoints(field=points, points=said):
            return str(points), said
        case c.StateImpact(figure=figure, value=value):
            return str(figure), str(value).strip()
        case c.SetFactors(factors=factors):
            return FACTORS, factors
        case c.SetWhys(whys=whys):
            return WHYS, whys
        case c.SetFaultTree(tree=tree):
            return FAULT_TREE, tree
    raise AssertionError(command)


def _event(command: c.EditField, version: int, context: Context) -> e.PostmortemEvent:
    at = context.now
    match command:
        case c.WriteProse(field=field, text=text):
            return e.ProseWritten(occurred_at=at, version=version, field=field, text=text)
        case c.SetPoints(field=points, points=said):
            return e.PointsSet(occurred_at=at, version=version, field=points, points=said)
        case c.StateImpact(figure=figure, value=value):
            return e.ImpactStated(
                occurred_at=at, version=version, figure=figure, value=str(value).strip()
            )
        case c.SetFactors(factors=factors):
            return e.FactorsSet(occurred_at=at, version=version, factors=factors)
        case c.SetWhys(whys=whys):
            return e.WhysSet(occurred_at=at, version=version, whys=whys)
        case c.SetFaultTree(tree=tree):
            return e.FaultTreeSet(occurred_at=at, version=version, tree=tree)
    raise AssertionError(command)


def _check(command: c.EditField) -> None:
    size = len(msgspec.json.encode(command))
    if size > BYTES_MAX:
        raise Refused(
            "postmortem.field_too_large",
            f"the field takes {size:,} bytes, and no more than {BYTES_MAX:,} are kept",
            rule="What is longer stands elsewhere, and is linked to.",
            invalid=True,
        )
    if isinstance(command, c.SetFactors):
        _check_factors(command.factors)
    if isinstance(command, c.SetWhys):
        _check_whys(command.whys)
    if isinstance(command, c.SetFaultTree) and command.tree is not None:
        fault_tree.check(command.tree)


def _check_figure(command: c.StateImpact) -> None:
    if not is_figure(str(command.value).strip()):
        said = f"“{command.value}” is neither a number, `none` nor `not known`"
        raise Refused(
            "postmortem.no_figure",
            f"{TITLES[command.figure]}: {said}",
            field="value",
            rule="Say how many, with the unit, or that there is none, or that it is not known.",
            invalid=True,
        )


def _check_factors(factors: tuple[Factor, ...]) -> None:
    seen: set[str] = set()
    for each in factors:
        if each.id in seen:
            raise Refused(
                "postmortem.factor_repeats",
                f"two factors are called {each.id}",
                field="factors",
                rule="Action items refer to a factor by its id: each has one of its own.",
                invalid=True,
            )
        seen.add(each.id)


def _check_whys(whys: tuple[Why, ...]) -> None:
    """A systemic answer ends the chain: what lies behind it would be another chain."""
    for place, each in enumerate(whys[:-1], start=1):
        if each.kind is FactorKind.SYSTEMIC:
            raise Refused(
                "postmortem.why_goes_on",
                f"answer {place} is systemic, and {len(whys) - place} more follow",
                field="whys",
                rule="A chain of whys ends with its systemic answer.",
                invalid=True,
            )


def _meanwhile(pm: Postmortem, field: str, seen: int, theirs: Any, yours: Any) -> Refused:
    written, title = pm.written.get(field), TITLES[field]
    if written is None:
        return edited_meanwhile(f"{title} was never written: its version is 0, not {seen}")
    return edited_meanwhile(differ(title, written, seen, in_words(theirs), in_words(yours)))


def differ(title: str, written: Written | None, seen: int, theirs: str, yours: str) -> str:
    """What stands in a field, and what somebody would write who has not seen that."""
    version = written.version if written else 0
    by = f", written by {written.by} at {clock_s(written.at)}" if written else ""
    return (
        f"{title} is at version {version}{by}, and yours goes on from version {seen}.\n"
        f"It says: {theirs or '(nothing)'}\n"
        f"Yours, which was not written: {yours or '(nothing)'}"
    )


def edited_meanwhile(said: str) -> Refused:
    """That somebody has written a field since."""
    return Refused(
        "postmortem.edited_meanwhile",
        said,
        field="seen",
        rule="A field is written by whoever has read what stands there: join both texts, and send"
        " them with `seen` as the version that you have read.",
    )


def in_words(value: Any) -> str:
    """What stands in a field, as a text."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, tuple):
        return "\n".join(f"- {in_words(each)}" for each in value)
    match value:
        case Factor(id=id_, kind=kind, text=text):
            return f"{kind} ({id_}): {text}"
        case Why(question=question, answer=answer, kind=kind):
            return f"{question} → {answer}{f' ({kind})' if kind else ''}"
    return msgspec.json.encode(value).decode()[:SHOWN_MOST]
