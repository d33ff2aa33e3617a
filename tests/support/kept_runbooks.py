"""Runbooks as tests make them: what was said of one, when, and what is known of it then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing import commands as c
from domain.runbook.publishing import events as e
from domain.runbook.publishing.published import KeptRunbook
from domain.runbook.publishing.samples import REGISTER

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GRAPHS = "https://graphs.example.com/checkout"
UNTESTED = replace(REGISTER, facts={"Dashboards": GRAPHS})


def after(*said: Any, state: KeptRunbook = RUNBOOK.initial) -> KeptRunbook:
    """The runbook that these commands leave, each at once or `(when, command)`."""
    for each in said:
        at, command = each if isinstance(each, tuple) else (NOON, each)
        events = RUNBOOK.decide(command, state, Context(at, "c-1", DEFAULT, actor="ada"))
        state = RUNBOOK.fold(state, events, "ada")
    return state


def refusal(*said: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        after(*said)
    return refused.value.code, refused.value.field


def executed(worked: bool = True, version: int = 1, reference: str = "RX-1") -> c.NoteExecution:
    return c.NoteExecution(
        execution=reference, version=version, how=e.HowTested.INCIDENT, worked=worked
    )
