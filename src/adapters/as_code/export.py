"""The directory as the files of a folder: the same entries give the same bytes."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import tomli_w

from adapters.as_code.folder import USUAL_NAME
from adapters.as_code.kinds import KINDS, RUNBOOKS
from adapters.as_code.steps import Views
from adapters.runbook_documents.runbook_writing import document_of_runbook
from domain.directory.registration import Managed
from domain.runbook.publishing.events import RunbookProfile


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """Files by their names, how many entries they hold, and those that are left out, because they
    are not active.
    """

    files: Mapping[str, str]
    entries: int
    left: tuple[str, ...]


def export(views: Views, managed: Managed | None) -> Exported:
    """All entries that are active, as a configuration of this name; None: as they are managed.
    Where several configurations do so, each has a folder of its own with what carries its label;
    what nobody manages has another.
    """
    several = None if managed else _names(views)
    if several is None or len(several) < 2:
        return _folder(views, managed or next(iter(several or ()), Managed(name=USUAL_NAME)))
    files: dict[str, str] = {}
    entries, left = 0, list[str]()
    for label in (*several, Managed(name=USUAL_NAME)):
        found = _folder(_of(views, label, several), label)
        if found.entries or label in several:
            files |= {f"{label.name}/{name}": text for name, text in found.files.items()}
        entries += found.entries
        left += found.left
    return Exported(files=files, entries=entries, left=tuple(left))


def _folder(views: Views, managed: Managed) -> Exported:
    files = {"config.toml": tomli_w.dumps({"config": msgspec.to_builtins(managed)})}
    entries, left = 0, []
    for kind in KINDS:
        table: dict[str, Any] = {}
        for slug, view in sorted(views[kind.table].items()):
            if not getattr(view, "active", True):
                left.append(f"{kind.table}.{slug}")
            elif kind is RUNBOOKS:
                files[f"{kind.table}/{slug}.md"] = document_of_runbook(_profile(view))
                entries += 1
            else:
                table[slug] = kind.said(view)
        if table:
            files[f"{kind.table}.toml"] = tomli_w.dumps({kind.table: table})
        entries += len(table)
    return Exported(files=files, entries=entries, left=tuple(left))


def _profile(view: Any) -> RunbookProfile:
    return RunbookProfile(
        **{name: getattr(view, name) for name in RunbookProfile.__struct_fields__}
    )


def _names(views: Views) -> tuple[Managed, ...]:
    """The configurations that manage anything, by name, each as it says where it is kept."""
    found: dict[str, Managed] = {}
    for table in views.values():
        for view in table.values():
            if view.managed and (view.managed.where or view.managed.name not in found):
                found[view.managed.name] = view.managed
    return tuple(found[name] for name in sorted(found))


def _of(views: Views, label: Managed, all_of: Collection[Managed]) -> Views:
    """What carries a label; of one that none carries, what carries none."""
    wanted = label.name if label in all_of else None
    return {
        table: {
            slug: view
            for slug, view in entries.items()
            if (view.managed.name if view.managed else None) == wanted
        }
        for table, entries in views.items()
    }
