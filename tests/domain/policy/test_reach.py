"""Whom the channels reach: what reaches nobody is on record as that."""

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.deadlines.events import Escalated
from domain.incident.presentation.lines import describe
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.spec import NOON, declared, given

EVERYBODY = Subscription((Audience.ENGINEERING,), Severity.SEV4)
CHIEFS = Subscription((Audience.EXECUTIVES,), Severity.SEV1)
ADMINS = Subscription((), Severity.SEV4, admins=True)
PAYMENTS = Subscription((Audience.EXECUTIVES,), Severity.SEV4, ("payments",))


def test_a_channel_tells_its_audiences_from_its_severity_on_and_of_its_services():
    reach = Reach((EVERYBODY, CHIEFS, PAYMENTS))
    assert reach.hears(Audience.ENGINEERING, Severity.SEV4, ())
    assert reach.hears(Audience.EXECUTIVES, Severity.SEV1, ())
    assert not reach.hears(Audience.EXECUTIVES, Severity.SEV2, ("search",))
    assert reach.hears(Audience.EXECUTIVES, Severity.SEV2, ("search", "payments"))
    assert not reach.hears(Audience.CUSTOMERS, Severity.SEV1, ())


def test_who_hears_of_nothing_is_named():
    assert [*Reach((EVERYBODY, CHIEFS, ADMINS)).gaps(DEFAULT)] == []
    [gap] = Reach((EVERYBODY, ADMINS)).gaps(DEFAULT)
    assert (
        gap
        == "no channel reaches the audience executives: VP Engineering, CTO, CEO hear of nothing"
    )


def test_without_a_channel_of_the_administrators_it_is_said_who_hears_what_is_for_them():
    [gap] = Reach((EVERYBODY, CHIEFS)).gaps(DEFAULT)
    assert gap == (
        "no channel is marked for administrators (admins = true): what is for them, such as"
        " emergency rights, is told to engineering"
    )
    assert not Reach((ADMINS,)).hears(Audience.ENGINEERING, Severity.SEV1, ())


def escalated(reach: Reach | None) -> Escalated:
    state = given(declared(severity=Severity.SEV2)).state
    context = Context(NOON, "c-1", DEFAULT, actor="ada", reach=reach)
    [event] = INCIDENT.decide(c.Escalate(tier="engineering_leadership", reason="r"), state, context)
    assert isinstance(event, Escalated)
    return event


def test_an_escalation_that_no_channel_tells_says_so():
    assert not escalated(None).unreached
    assert not escalated(
        Reach((EVERYBODY, Subscription((Audience.EXECUTIVES,), Severity.SEV4)))
    ).unreached
    lost = escalated(Reach((EVERYBODY, CHIEFS)))
    assert lost.unreached
    assert describe(lost).text.startswith("Not told, no channel reaches them: VP Engineering, CTO")
