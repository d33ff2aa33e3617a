"""Where PostgreSQL's programs and data go when it runs as another user than we do."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.embedded import EmbeddedServerError, placement
from adapters.embedded.processes import SystemUser

SOMEBODY = SystemUser(65534, 65534)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache folder of this test's own."""
    return tmp_path / "cache"


@pytest.fixture
def open_state() -> Iterator[Path]:
    """A state folder that anybody can enter."""
    with tempfile.TemporaryDirectory(prefix="commandpost-open-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_our_own_servers_keep_their_data_in_the_state_folder(state: Path, cache: Path):
    assert placement.data_home(state, None, cache) == state / "postgres"
    assert not cache.exists()


def test_a_state_folder_that_anybody_can_enter_keeps_the_data(open_state: Path, cache: Path):
    assert placement.data_home(open_state, SOMEBODY, cache) == open_state / "postgres"


def test_data_below_a_closed_folder_moves_and_a_pointer_says_where(state: Path, cache: Path):
    home = placement.data_home(state, SOMEBODY, cache)
    assert home.parent == cache
    assert (state / "postgres" / "MOVED").read_text().splitlines()[0] == str(home)
    assert placement.data_home(state, SOMEBODY, cache) == home, "the same on every start"


def test_two_state_folders_never_share_their_moved_data(state: Path, cache: Path):
    homes = set()
    for name in ("a", "b"):
        (state / name).mkdir()
        homes.add(placement.data_home(state / name, SOMEBODY, cache))
    assert len(homes) == 2


def test_moved_data_goes_when_its_state_folder_has_gone(state: Path, cache: Path):
    (state / "a").mkdir()
    (state / "b").mkdir()
    gone, kept = (placement.data_home(state / name, SOMEBODY, cache) for name in ("a", "b"))
    for home in (gone, kept):
        (home / "lock").touch()
    (state / "a" / "postgres" / "MOVED").unlink()
    (state / "a" / "postgres").rmdir()
    (state / "a").rmdir()
    placement.remove_orphans(cache)
    assert not gone.exists()
    assert kept.exists()


def test_the_copied_programs_can_be_read_by_others_and_changed_by_none(cache: Path):
    programs = placement.programs(SOMEBODY, cache)
    assert sorted(path.name for path in programs.iterdir()) == ["initdb", "postgres"]
    for path in cache.rglob("*"):
        mode = path.stat().st_mode
        assert mode & 0o004, f"{path} can be read"
        assert not mode & 0o022, f"{path} cannot be changed"


def test_a_damaged_copy_is_made_again(cache: Path):
    programs = placement.programs(SOMEBODY, cache)
    whole = (programs / "postgres").stat().st_size
    (programs / "postgres").write_bytes(b"")
    (programs / "initdb").unlink()
    assert placement.programs(SOMEBODY, cache) == programs
    assert (programs / "postgres").stat().st_size == whole
    assert (programs / "initdb").exists()
    assert len(list(cache.iterdir())) == 1, "nothing is left beside"


def test_a_copy_is_made_once(cache: Path):
    programs = placement.programs(SOMEBODY, cache)
    before = (programs / "postgres").stat().st_ino
    assert (placement.programs(SOMEBODY, cache) / "postgres").stat().st_ino == before


def test_starts_at_the_same_time_share_one_whole_copy(cache: Path):
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: placement.programs(SOMEBODY, cache), range(4)))
    assert len(found) == 1
    assert len(list(cache.iterdir())) == 1
    asked = subprocess.run([found.pop() / "postgres", "--version"], capture_output=True, check=True)
    assert asked.stdout.startswith(b"postgres (PostgreSQL) 18.")


def test_a_cache_folder_that_is_a_link_is_refused(cache: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    cache.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EmbeddedServerError, match="somebody else"):
        placement.programs(SOMEBODY, cache)


def test_a_cache_folder_that_cannot_be_made_is_explained(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match="start as another user"):
        placement.programs(SOMEBODY, tmp_path / "file" / "cache")


def test_root_runs_it_as_nobody_and_others_as_themselves():
    user = placement.unprivileged_user()
    assert (user is None) == (os.geteuid() != 0)
    assert user is None or user.uid != 0


def test_relocated_data_is_listed_with_whose_it_is_and_pruned_when_that_is_gone(
    cache: Path, tmp_path: Path
):
    for name in ("used", "idle", "gone"):
        home = cache / f"data-{name}"
        home.mkdir(parents=True)
        (home / "state-folder").write_text(f"{tmp_path / name}\n")
        (home / "lock").touch()
        (home / "rows").write_bytes(b"x" * 5_000)
    for name in ("used", "idle"):
        (tmp_path / name).mkdir()
    with (cache / "data-used" / "lock").open("rb") as held:
        assert placement.try_lock(held.fileno())
        found = placement.moved_folders(cache)
        assert [(Path(it.folder).name, it.status) for it in found] == [
            ("data-gone", "orphaned"),
            ("data-idle", "idle"),
            ("data-used", "in use"),
        ]
        assert found[0].state == str(tmp_path / "gone")
        assert all(it.size_bytes > 5_000 for it in found)
        (tmp_path / "used").rmdir()
        assert placement.remove_orphans(cache) == [str(cache / "data-gone")]
    assert {each.name for each in cache.iterdir()} == {"data-idle", "data-used"}
