"""Who hears of rights that were taken in an emergency."""

import pytest

from domain.access import ACCESS
from domain.access.events import EmergencyTaken
from domain.access.token_register import Register
from domain.access.tokens import TakeEmergency
from domain.access.trail import describe
from domain.access.who_is_told import told_of_emergency
from domain.kernel.decider import Context
from domain.kernel.notifiable import NOTHING_TOLD, Notifiable
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.spec import NOON

TAKE = TakeEmergency(name="ada", reason="nobody answers")
ENGINEERS = Subscription((Audience.ENGINEERING,), Severity.SEV4)
WORST_ALONE = Subscription((Audience.ENGINEERING,), Severity.SEV1)
ADMINS = Subscription((), Severity.SEV1, ("payments",), admins=True)
INSTEAD = " (told to engineering, as no channel is marked for administrators)"
SAID = "ada has taken emergency rights until 2026-05-04 13:00 UTC: nobody answers"


@pytest.mark.parametrize(
    ("reach", "admins", "says", "answer"),
    [
        (Reach((ENGINEERS, ADMINS)), True, SAID, "Administrators are told of it."),
        (Reach((ADMINS,)), True, SAID, "Administrators are told of it."),
        (
            Reach((ENGINEERS,)),
            False,
            SAID + INSTEAD,
            "Engineering is told of it, as no channel is marked for administrators.",
        ),
        (
            Reach((WORST_ALONE,)),
            False,
            SAID + INSTEAD,
            "No channel tells anybody of it: tell an administrator yourself.",
        ),
        (None, None, SAID, "It is on record."),
    ],
)
def test_administrators_hear_of_it_or_engineering_and_the_answer_says_who(
    reach: Reach | None, admins: bool | None, says: str, answer: str
):
    context = Context(NOON, "c-1", DEFAULT, actor="ada", reach=reach)
    [taken] = ACCESS.decide(TAKE, Register(), context)
    assert isinstance(taken, EmergencyTaken)
    assert (taken.admins, describe(taken)) == (admins, says)
    assert ACCESS.notifiables is not None
    rule = ACCESS.notifiables.rules[EmergencyTaken]
    assert rule is not None
    found = rule(NOTHING_TOLD, Register(), taken, Register())
    assert found == Notifiable("emergency", (Audience.ENGINEERING,), admins=bool(admins))
    assert told_of_emergency(reach) == answer
