"""The status page as files: whole, the same as what is served, and in no folder but ours."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from adapters.status_page.static_export import MARK, NotOursError, export, files
from support.public_incidents import public
from support.spec import NOON, at
from support.status_pages import snapshot_of

MANY = [public(n, status="resolved", ended_at=at(1)) for n in range(1, 46)]


def test_every_link_of_a_page_leads_to_a_file():
    found = dict(files(snapshot_of(*MANY)))
    pages = [content.decode() for path, content in found.items() if path.endswith(".html")]
    assert len(pages) == 45 + 3 + 3, "incidents, pages of the history, index, uptime, 404"
    for page in pages:
        for part in page.split('href="')[1:]:
            path = urlsplit(part[: part.index('"')]).path.lstrip("/")
            known = path in found or f"{path}/index.html" in found
            assert known or not path.startswith("status"), path


def test_a_copy_says_what_it_knew_when():
    snapshot = replace(snapshot_of(public(1)), copied_at=NOON)
    index = dict(files(snapshot))["status/index.html"].decode()
    assert "This is a copy. It shows what was known at <time" in index
    assert "Newer information" not in index


def test_it_is_written_once_and_what_is_no_more_is_taken_away(tmp_path: Path):
    folder = tmp_path / "site"
    first, second = dict(files(snapshot_of(*MANY))), dict(files(snapshot_of(*MANY[:3])))
    assert export(folder, first) == len(first)
    assert export(folder, first) == 0
    assert export(folder, second) > 0
    there = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert there == {*second, MARK}
    assert json.loads((folder / MARK).read_text()) == sorted(second)


@pytest.mark.parametrize("mark", [None, "no list", '["../outside"]', '["/etc/passwd"]', '{"a": 1}'])
def test_into_a_folder_that_is_not_ours_nothing_is_written(tmp_path: Path, mark: str | None):
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path.parent / "outside").write_text("mine")
    if mark is not None:
        (tmp_path / MARK).write_text(mark)
    with pytest.raises(NotOursError):
        export(tmp_path, dict(files(snapshot_of())))
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert (tmp_path.parent / "outside").read_text() == "mine"
    assert not (tmp_path / "status").exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    folder, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    export(folder, {"status/index.html": b"1"})
    (folder / "status" / "index.html").unlink()
    (folder / "status").rmdir()
    (folder / "status").symlink_to(outside)
    with pytest.raises(NotOursError):
        export(folder, {"status/index.html": b"2"})
    assert list(outside.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotOursError):
        export(tmp_path / "file", {"a": b""})
