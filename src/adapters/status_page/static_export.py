"""The status page as files, for a web server or a CDN to serve while we are down.

`/status/history` is `status/history/index.html`, as such servers find it. A folder is ours when it
has our list of files in it, or nothing; into any other one nothing is written.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from adapters.status_page import feeds, pages, statuspage_api, uptime_page
from adapters.status_page.snapshot import StatusSnapshot

MARK = ".commandpost-status.json"
"""In a folder of ours: the files that were written into it, by their paths in it."""


class NotOursError(Exception):
    """A folder that holds what we have not written; the message says which."""


def files(snapshot: StatusSnapshot) -> Iterator[tuple[str, bytes]]:
    """All documents, with the paths of their files."""
    yield _page(""), pages.index(snapshot).encode()
    yield _page("uptime"), uptime_page.uptime(snapshot).encode()
    for number in range(1, pages.history_pages(snapshot) + 1):
        page = pages.history(snapshot, number)
        assert page is not None, "it is one of those that there are"
        path = "history" if number == 1 else f"history/page/{number}"
        yield _page(path), page.encode()
    for each in snapshot.incidents:
        page = pages.incident(snapshot, each.reference)
        assert page is not None, "it is one of those that are public"
        yield _page(f"incidents/{each.reference}"), page.encode()
    yield "status/history.atom", feeds.atom(snapshot)
    yield "status/history.json", feeds.json_feed(snapshot)
    for name, make in statuspage_api.DOCUMENTS.items():
        yield f"status/api/v2/{name}.json", msgspec.json.encode(make(snapshot))
    yield "404.html", pages.missing(snapshot).encode()


def _page(path: str) -> str:
    return str(PurePosixPath("status") / path / "index.html")


def export(folder: Path, found: Mapping[str, bytes]) -> int:
    """Write these files, each at once, and take away those of the last time that are no more. How
    many were others than before. Raises `NotOursError`, `OSError`.
    """
    before = _listed(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder, MARK, json.dumps(sorted({*before, *found})).encode())
    written = sum(_replace(folder, path, content) for path, content in found.items())
    for path in before - found.keys():
        _within(folder, path).unlink(missing_ok=True)
    _replace(folder, MARK, json.dumps(sorted(found)).encode())
    return written


def _listed(folder: Path) -> set[str]:
    """The files that we have written into a folder the last time."""
    mark = folder / MARK
    if not mark.is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotOursError(f"{folder} is not empty, and has no {MARK}: it is not ours")
        return set()
    try:
        listed = msgspec.json.decode(mark.read_bytes(), type=set[str])
    except msgspec.DecodeError as error:
        raise NotOursError(f"{mark} is no list of ours: {error}") from error
    if strange := sorted(path for path in listed if ".." in Path(path).parts or path[:1] == "/"):
        raise NotOursError(f"{mark} names what is not in its folder: {strange[0]}")
    return listed


def _replace(folder: Path, path: str, content: bytes) -> bool:
    """Whether the file was another one, which whoever reads it sees whole, before or after."""
    target = _within(folder, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
        return False
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    os.replace(beside, target)
    return True


def _within(folder: Path, path: str) -> Path:
    """The file of this path, where no link on the way leads elsewhere."""
    target = folder / path
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise NotOursError(f"{target.parent} leads out of {folder}")
    return target
