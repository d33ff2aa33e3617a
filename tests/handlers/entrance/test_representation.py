"""An answer has the incident whole for those who prefer that, and where it can be shown in time."""

from typing import Any

import msgspec
import pytest

from domain.alerting import HEARTBEAT
from domain.incident import INCIDENT
from domain.sight import SERVICE
from handlers.entrance.representation import is_wanted, represented
from handlers.entrance.service import Done
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Lagging


class Answered(msgspec.Struct, frozen=True):
    position: int = 7
    incident: str = "as it was decided"


class Shown(msgspec.Struct, frozen=True):
    answer: str = "whole"


class Asked:
    """A service whose read models answer, or not."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.asked = fault, {}

    async def ask(self, *_: Any, **more: Any) -> Shown:
        self.asked = more
        if self.fault:
            raise self.fault
        return Shown()


DONE = Done("i-1", Answered())


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("return=representation", True),
        ("respond-async, Return=Representation; x=1", True),
        ('return="representation"', True),
        ("return=minimal", False),
        ("no-return=representation", False),
        ("", False),
    ],
)
def test_it_is_wanted_by_the_preference_of_rfc_7240(header: str, *, wanted: bool) -> None:
    assert is_wanted(header) is wanted


async def test_the_incident_is_whole_at_the_position_of_the_command() -> None:
    service: Any = Asked()
    done, whole = await represented(service, INCIDENT, DONE, SERVICE)
    assert (done.answer.incident, whole) == ("whole", True)
    assert service.asked == {"ref": "i-1", "position": 7}


@pytest.mark.parametrize("fault", [Unavailable("down"), Lagging("board", 7, 6)])
async def test_what_was_done_is_answered_although_nobody_can_show_it(fault: Exception) -> None:
    service: Any = Asked(fault)
    assert await represented(service, INCIDENT, DONE, SERVICE) == (DONE, False)


async def test_of_anything_else_the_answer_stays_as_it_is() -> None:
    service: Any = Asked(AssertionError("nobody asks"))
    assert await represented(service, HEARTBEAT, DONE, SERVICE) == (DONE, False)
