"""Schedules as tests make them: what was said of one, when, and who is on call then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.oncall.layer import Layer, Turns
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling.kept import KeptSchedule
from domain.oncall.scheduling.rota import Rota, on_call_at
from domain.policy import DEFAULT

MONDAY = datetime(2026, 5, 4, 7, tzinfo=UTC)  # 09:00 in Berlin
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def layer(*people: str, **more: Any) -> Layer:
    turns = Turns(anchor=datetime.fromisoformat("2026-05-04T09:00"), length=WEEK)
    groups = tuple((each,) for each in people)
    return replace(Layer(id="primary", zone="Europe/Berlin", pattern=turns, groups=groups), **more)


PAYMENTS = c.RegisterSchedule(
    slug="payments", name="Payments", time_zone="Europe/Berlin", layers=(layer("ada", "bo", "cy"),)
)


def context(at: datetime = MONDAY, actor: str = "ada") -> Context:
    return Context(at, "c-1", DEFAULT, actor=actor)


def after(*said: Any, state: KeptSchedule = SCHEDULE.initial) -> KeptSchedule:
    """The schedule that these commands leave, each at once or `(when, command)`."""
    for each in said:
        at, command = each if isinstance(each, tuple) else (MONDAY, each)
        state = SCHEDULE.fold(state, SCHEDULE.decide(command, state, context(at)), "ada")
    return state


def rota(state: KeptSchedule) -> Rota:
    return Rota("payments", state.courses, state.stand_ins)


def on_call(state: KeptSchedule, at: datetime) -> tuple[str, ...]:
    return on_call_at(rota(state), at).people


def refusal(*said: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        after(*said)
    return refused.value.code, refused.value.field
