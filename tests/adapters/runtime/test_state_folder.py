"""What may be a state folder, and who gets in."""

import stat
from pathlib import Path

import pytest

from adapters.config.settings import ConfigFault
from adapters.runtime.state_folder import check_state, keep_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def began(folder: Path) -> Path:
    (folder / "nats").mkdir(parents=True)
    (folder / "nats" / "settings.json").write_text("{}")
    return folder


def test_an_ordinary_folder_is_refused(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    for begin in (True, False):
        with pytest.raises(ConfigFault, match="--state"):
            check_state(tmp_path, begin=begin)
    (tmp_path / "nats").mkdir()
    with pytest.raises(ConfigFault, match="holds something else"):
        check_state(tmp_path, begin=True)


def test_nothing_can_be_asked_where_nothing_was_kept(tmp_path: Path):
    with pytest.raises(ConfigFault, match="there is no state folder"):
        check_state(tmp_path / "none", begin=False)
    with pytest.raises(ConfigFault, match="is no state folder"):
        check_state(tmp_path, begin=False)
    (tmp_path / "file").touch()
    with pytest.raises(ConfigFault, match="is a file"):
        check_state(tmp_path / "file", begin=True)


def test_one_may_begin_where_there_is_nothing_but_a_configuration(tmp_path: Path):
    check_state(tmp_path / "none", begin=True)
    (tmp_path / "commandpost.toml").touch()
    check_state(tmp_path, begin=True)


def test_a_state_folder_is_one_for_every_command(tmp_path: Path):
    for begin in (True, False):
        check_state(began(tmp_path / str(begin)), begin=begin)


def test_it_is_made_for_its_owner_alone(tmp_path: Path):
    keep_private(tmp_path / "a" / "state")
    assert mode(tmp_path / "a" / "state") == 0o700


@pytest.mark.parametrize("before", [0o755, 0o750, 0o777, 0o701])
def test_one_that_was_open_is_closed(tmp_path: Path, before: int):
    folder = began(tmp_path / "state")
    folder.chmod(before)
    keep_private(folder)
    assert mode(folder) == 0o700


def test_a_folder_with_other_things_in_it_stays_open_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "letters").mkdir()
    tmp_path.chmod(0o755)
    keep_private(tmp_path)
    assert mode(tmp_path) == 0o755
    assert "state.open_to_others" in "".join(capsys.readouterr())
