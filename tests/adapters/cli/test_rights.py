"""The table of the command line has each command that there is, and no other."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from cyclopts import App

from adapters.cli import session
from adapters.cli.access_table import rows
from adapters.cli.program import app_of
from adapters.cli.rights import ACTING, LOOKING, NEEDS, needed
from adapters.http.authentication import PERMISSIONS as ROUTES
from adapters.registry import REGISTRY
from domain.access.grants import PERMISSIONS, AccessRole, Permission
from domain.kernel.refusal import Refused
from domain.permissions import COMMANDS
from support.access import gate, secret_of
from toys.lamp.aggregate import LAMP


def named(app: App, *path: str) -> Iterator[str]:
    for name in app:
        if name.startswith("-"):
            continue
        group = app[name]
        if any(not each.startswith("-") for each in group):
            yield from named(group, *path, name)
            if group.default_command:  # it may be said alone, too
                yield " ".join((*path, name))
        else:
            yield " ".join((*path, name))


def test_each_command_is_in_the_table() -> None:
    assert set(named(app_of(()))) == NEEDS.keys()


def test_commands_on_an_aggregate_say_themselves_what_they_need() -> None:
    for name in named(app_of(REGISTRY.public)):
        group, *rest = words = name.split()
        if name in NEEDS:
            continue
        found = needed(words, REGISTRY.public)
        assert found is None or rest[0] in {*LOOKING, *ACTING}, name
        assert found is not Permission.SERVICE_MANAGE, group


def test_what_the_table_does_not_know_takes_an_admin() -> None:
    assert needed(["lamp", "show"], (LAMP,)) is Permission.SERVICE_MANAGE
    assert needed(["lamp", "switch"], (LAMP,)) is None
    assert needed(["unheard", "of"], ()) is Permission.SERVICE_MANAGE
    assert needed([], ()) is Permission.SERVICE_MANAGE


def test_the_table_that_is_printed_is_whole() -> None:
    kinds = [each["kind"] for each in rows()]
    asked = [name for name, it in NEEDS.items() if it is not None]
    wanted = (len(COMMANDS), len(COMMANDS), len(ROUTES), len(asked))
    assert tuple(map(kinds.count, ("command", "subject", "route", "command line"))) == wanted
    own = {each["what"] for each in rows() if each["of_own_services"]}
    assert own >= {"incident cancel", "incident merge", "commands.incident.cancel"}
    assert not any(each.partition(" ")[0] == "person" for each in own)
    for each in rows():
        for role in AccessRole:
            may = each["permission"] is None or each["permission"] in PERMISSIONS[role]
            assert (role in each["roles"]) is may


@pytest.mark.parametrize("role", AccessRole)
async def test_each_command_lets_in_whom_the_table_says(
    role: AccessRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `connected` asks it of whoever shows a token, before the command does anything."""
    parts: Any = SimpleNamespace(gate=gate(), registry=REGISTRY)

    @asynccontextmanager
    async def nothing_behind(*_: Any, **__: Any) -> AsyncIterator[Any]:
        yield parts

    monkeypatch.setattr(session, "_connected", nothing_behind)
    monkeypatch.setenv("COMMANDPOST_TOKEN", secret_of(role))
    for row in rows():
        if row["kind"] != "command line":
            continue
        monkeypatch.setattr("sys.argv", ["commandpost", *row["what"].split()])
        refused = False
        try:
            async with session.connected(session.DEFAULTS):
                pass
        except Refused as fault:
            refused = fault.code == "permission.missing"
        assert refused is (role not in row["roles"]), row


async def test_an_empty_token_is_no_wish_to_act_as_the_owner(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for said in ("", "  "):
        monkeypatch.setenv("COMMANDPOST_TOKEN", said)
        with pytest.raises(SystemExit):
            async with session.connected(session.DEFAULTS):
                pass
        assert "COMMANDPOST_TOKEN is set and empty" in capsys.readouterr().err
