"""What a folder would change in the directory: entry by entry, field by field."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from adapters.as_code.folder import Folder, Wanted
from adapters.as_code.kinds import BY_TABLE, KINDS, EntryKind
from domain.directory.registration import Managed

Action = Literal["enter", "change", "take over", "move", "bring back", "deactivate", "retire"]


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of an entry now, and what the folder says. None: nothing."""

    field: str
    now: Any
    folder: Any


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """What applying does with one entry. `take over`: no code manages it; `move`: the configuration
    is kept elsewhere now; `deactivate`, `retire`: it carries the label of the configuration, and
    the folder has it no more. Who changed it last, and when, as far as it is there.
    """

    action: Action
    table: str
    slug: str
    fields: tuple[FieldChange, ...] = ()
    file: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the folder that another configuration manages."""

    table: str
    slug: str
    file: str
    managed: Managed


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that applying would do, in this order, and what stands in its way."""

    managed: Managed
    steps: tuple[PlanStep, ...]
    elsewhere: tuple[Elsewhere, ...]
    unchanged: int


Views = Mapping[str, Mapping[str, Any]]
"""The entries of the directory as they are shown: by table, by slug."""


def plan_of(folder: Folder, views: Views) -> Plan:
    """What is to be done so that the directory says what the folder says. What nobody manages is
    taken over; what carries the label of the folder, and is not in it, leaves, services first.
    """
    steps: list[PlanStep] = []
    elsewhere: list[Elsewhere] = []
    for kind in KINDS:
        for wanted in _of(folder, kind):
            view = views[kind.table].get(wanted.slug)
            holder = view.managed if view is not None else None
            if holder is not None and holder.name != folder.managed.name:
                elsewhere.append(_elsewhere(wanted, holder))
            elif step := _step(folder.managed, wanted, view):
                steps.append(step)
    changed = len(steps)
    steps += _gone(folder, views)
    unchanged = len(folder.entries) - changed - len(elsewhere)
    return Plan(
        managed=folder.managed, steps=tuple(steps), elsewhere=tuple(elsewhere), unchanged=unchanged
    )


def _of(folder: Folder, kind: EntryKind) -> Iterator[Wanted]:
    return (each for (table, _), each in folder.entries.items() if table == kind.table)


def _elsewhere(wanted: Wanted, holder: Managed) -> Elsewhere:
    return Elsewhere(table=wanted.kind.table, slug=wanted.slug, file=wanted.file, managed=holder)


def _step(managed: Managed, wanted: Wanted, view: Any) -> PlanStep | None:
    kind = wanted.kind
    if view is None:
        fields = _differences({}, wanted.said)
        return PlanStep(
            action="enter", table=kind.table, slug=wanted.slug, fields=fields, file=wanted.file
        )
    fields = _differences(kind.said(view), wanted.said)
    if not getattr(view, "active", True):
        action: Action = "bring back"
    elif managed.claims(view.managed):
        action = "move" if view.managed else "take over"
    elif fields:
        action = "change"
    else:
        return None
    return PlanStep(
        action=action,
        table=kind.table,
        slug=wanted.slug,
        fields=fields,
        file=wanted.file,
        changed_by=view.changed_by,
        changed_at=view.changed_at,
    )


def _gone(folder: Folder, views: Views) -> Iterator[PlanStep]:
    for kind in reversed(KINDS):
        for slug, view in views[kind.table].items():
            ours = view.managed is not None and view.managed.name == folder.managed.name
            if ours and (kind.table, slug) not in folder.entries and not kind.is_gone(view):
                yield PlanStep(
                    action=kind.leaves.action,
                    table=kind.table,
                    slug=slug,
                    changed_by=view.changed_by,
                    changed_at=view.changed_at,
                )


def _differences(now: Mapping[str, Any], folder: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names: Iterable[str] = dict.fromkeys((*folder, *now))
    return tuple(
        FieldChange(field=name, now=now.get(name), folder=folder.get(name))
        for name in names
        if now.get(name) != folder.get(name)
    )


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A command that a step comes to, and its fields. `ref`: None where it enters the entry."""

    kind: EntryKind
    command: str
    ref: str | None
    body: dict[str, Any]


def orders_of(step: PlanStep, folder: Folder) -> Iterator[Order]:
    """The commands of one step, in their order."""
    kind = BY_TABLE[step.table]
    by = {"managed_by": msgspec.to_builtins(folder.managed)}
    if step.action in {"deactivate", "retire"}:
        _, command, body = kind.leaves
        why = f"it is not in the configuration {folder.managed.name} any more"
        reason = {"reason": why} if step.action == "deactivate" else {}
        yield Order(kind=kind, command=command, ref=step.slug, body={**body, **reason, **by})
        return
    said = folder.entries[step.table, step.slug].said
    if step.action == "enter":
        body = {"slug": step.slug, **said, **by}
        yield Order(kind=kind, command="register", ref=None, body=body)
        return
    if step.action == "bring back":
        yield Order(kind=kind, command="reactivate", ref=step.slug, body=by)
    usual = kind.usual()
    fields = {each.field: said.get(each.field, usual.get(each.field)) for each in step.fields}
    if fields or step.action in {"take over", "move"}:
        yield Order(kind=kind, command="change", ref=step.slug, body={**fields, **by})
