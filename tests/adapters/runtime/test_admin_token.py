"""The file with the first administrator's token: whose it may be, and that nobody is locked out."""

import os
import stat
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.config.settings import ConfigFault
from adapters.runtime.admin_token import FILE, keep_admin_token, read_admin_token
from domain.access import ACCESS
from domain.access.grants import AccessRole
from domain.access.token_register import Register, Token
from domain.access.tokens import AccessCommand, IssueToken, RevokeToken
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from support.access import NOON, secret_of

SECRET = secret_of(AccessRole.ADMIN)


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


class Parts:
    """What keeps the token: a register, and who changes it."""

    def __init__(self, *before: AccessCommand) -> None:
        self.gate = SimpleNamespace(register=Register(), refresh=self._refresh)
        self.clock = SimpleNamespace(now=lambda: NOON)
        self.access_keeper = SimpleNamespace(issue=self._issue)
        for command in before:
            self.run(command)

    def run(self, command: AccessCommand) -> None:
        state = self.gate.register
        events = ACCESS.decide(command, state, Context(NOON, "c", DEFAULT, 0, "grace"))
        self.gate.register = ACCESS.fold(state, events, "grace")

    async def _refresh(self) -> None:
        pass

    async def _issue(self, _: Any, name: str, role: AccessRole, *, secret: str) -> None:
        self.run(IssueToken(name=name, digest=digest(secret), role=role))

    async def keep(self, state: Path) -> Token:
        """The token that the file holds then."""
        parts: Any = self
        await keep_admin_token(parts, state)
        assert stat.S_IMODE((state / FILE).lstat().st_mode) == 0o600
        found = read_admin_token(state)
        assert found is not None
        token: Token = self.gate.register.tokens[digest(found)]
        assert (token.standing(NOON), token.role) == ("live", AccessRole.ADMIN)
        return token


def put(state: Path, secret: str = SECRET, mode: int = 0o600) -> Path:
    file = state / FILE
    file.write_text(secret)
    file.chmod(mode)
    return file


async def test_the_owner_may_bring_a_token_of_their_own(tmp_path: Path):
    put(tmp_path)
    assert (await Parts().keep(tmp_path)).digest == digest(SECRET)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
async def test_what_others_can_write_is_no_token_of_an_administrator(tmp_path: Path, mode: int):
    put(tmp_path, mode=mode)
    parts = Parts()
    assert (await parts.keep(tmp_path)).digest != digest(SECRET)
    assert digest(SECRET) not in parts.gate.register.tokens


async def test_a_file_of_somebody_else_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("adapters.runtime.admin_token.ROOT", -1)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    put(tmp_path)
    assert (await Parts().keep(tmp_path)).digest != digest(SECRET)


async def test_a_link_is_replaced_and_where_it_leads_stays_as_it_is(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(SECRET)
    elsewhere.chmod(0o644)
    (tmp_path / FILE).symlink_to(elsewhere)
    await Parts().keep(tmp_path)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    assert not (tmp_path / FILE).is_symlink()


async def test_one_that_others_can_read_is_closed(tmp_path: Path):
    parts = Parts(IssueToken(name="admin", digest=digest(SECRET), role=AccessRole.ADMIN))
    put(tmp_path, mode=0o644)
    assert (await parts.keep(tmp_path)).digest == digest(SECRET)


async def test_a_token_of_another_role_is_none_of_an_administrator(tmp_path: Path):
    parts = Parts(IssueToken(name="ada", digest=digest(SECRET), role=AccessRole.VIEWER))
    put(tmp_path)
    assert (await parts.keep(tmp_path)).digest != digest(SECRET)


@pytest.mark.parametrize(
    "other",
    [
        {"role": AccessRole.VIEWER},
        {"role": AccessRole.ADMIN, "person": "ada"},
        {"role": AccessRole.COMMANDER, "expires_at": NOON + timedelta(days=1)},
    ],
)
async def test_nobody_is_locked_out_by_whoever_has_the_name_now(
    tmp_path: Path, other: dict[str, Any]
):
    parts = Parts(IssueToken(name="admin", digest="0" * 64, **other))
    assert (await parts.keep(tmp_path)).name.startswith("admin-")
    parts.run(RevokeToken(which="admin", reason="it is confusing"))
    (tmp_path / FILE).unlink()
    assert (await parts.keep(tmp_path)).name == "admin"


async def test_a_folder_in_its_place_is_named_and_makes_no_token(tmp_path: Path):
    (tmp_path / FILE).mkdir()
    parts = Parts()
    with pytest.raises(ConfigFault, match=f"{FILE} is a folder"):
        await parts.keep(tmp_path)
    assert parts.gate.register.tokens == {}
