"""The directory as the files of a folder: the same entries give the same bytes."""

from collections.abc import Mapping
from typing import Any

import msgspec
import tomli_w

from adapters.as_code.folder import USUAL_NAME
from adapters.as_code.kinds import KINDS
from adapters.as_code.steps import Views
from domain.directory.registration import Managed


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """Files by their names, how many entries they hold, and those that are left out, because they
    are not active.
    """

    files: Mapping[str, str]
    entries: int
    left: tuple[str, ...]


def export(views: Views, managed: Managed | None) -> Exported:
    """All entries that are active, as a configuration of this name; None: of the name that all
    which are managed carry, if it is one.
    """
    named = managed or _one_name(views)
    files = {"config.toml": tomli_w.dumps({"config": msgspec.to_builtins(named)})}
    entries, left = 0, []
    for kind in KINDS:
        table: dict[str, Any] = {}
        for slug, view in sorted(views[kind.table].items()):
            if getattr(view, "active", True):
                table[slug] = kind.said(view)
            else:
                left.append(f"{kind.table}.{slug}")
        if table:
            files[f"{kind.table}.toml"] = tomli_w.dumps({kind.table: table})
        entries += len(table)
    return Exported(files=files, entries=entries, left=tuple(left))


def _one_name(views: Views) -> Managed:
    found = {view.managed for table in views.values() for view in table.values() if view.managed}
    return found.pop() if len(found) == 1 else Managed(name=USUAL_NAME)
