"""Registers of access: what commands make of one, and how one refuses."""

from datetime import UTC, datetime

import pytest

from domain.access import ACCESS
from domain.access.events import AccessEvent
from domain.access.grants import AccessRole
from domain.access.token_register import Register
from domain.access.tokens import AccessCommand, IssueToken
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"{digit:x<64}".replace("x", "0") for digit in "123")


def issue(digest: str, role: AccessRole = AccessRole.RESPONDER, **more: object) -> IssueToken:
    """Make a token of Ada's."""
    return IssueToken(name="ada", digest=digest, role=role, **more)  # type: ignore[arg-type]


def after(*commands: AccessCommand, at: datetime = NOON) -> Register:
    """The register after these."""
    state = ACCESS.initial
    for command in commands:
        state = ACCESS.fold(state, decided(command, state, at), "grace")
    return state


def decided(command: AccessCommand, state: Register, at: datetime = NOON) -> list[AccessEvent]:
    """What a command leads to."""
    return ACCESS.decide(command, state, Context(at, "c", DEFAULT, 0, "grace"))


def refusal(command: AccessCommand, state: Register, at: datetime = NOON) -> str:
    """The code by which a command is refused."""
    with pytest.raises(Refused) as refused:
        decided(command, state, at)
    return refused.value.code
