"""An automatic update says what has changed, the first one as each later one."""

from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident.deadlines.automatic_update import automatic_text
from domain.incident.impact import StatedImpact
from domain.incident.state import Open
from domain.policy.audience import Audience
from support.spec import SEV1, SEV3, Log, at, page

DECLARE = c.Declare(title="Checkout fails", severity=SEV3, impact=StatedImpact(percent_affected=3))
TOLD = c.PostUpdate(text="We look into it.", audiences=tuple(Audience))
MITIGATED = c.Mitigate(mitigation="rolled back", override="alone")
AGAIN = c.Mitigate(mitigation="failed over", override="alone")
FAILED = c.DidNotHold(reason="errors are back")
CAUSE = c.IdentifyRootCause(cause="the pool", override="alone")
OTHER = c.IdentifyRootCause(cause="the cache", override="alone")
WITHDRAWN = c.WithdrawRootCause(reason="it was not")
RESOLVED = c.Resolve(resolution="scaled", early_reason="sure")
REOPENED = c.Reopen(reason="errors are back")
OUTAGE = c.ReassessImpact(percent_affected=40.0)
RAISED = c.ChangeSeverity(severity=SEV1, reason="it spreads")
CALLED = c.Correct(title="Payments fail")
MERGED = c.AttachDuplicate(duplicate="i-2", duplicate_number=2)
PARTED = c.DetachDuplicate(duplicate="i-2", duplicate_number=2, reason="another database")
NO_CHANGE = "No change, still"

AFTER: list[tuple[tuple[Any, ...], tuple[Any, ...], str]] = [
    ((), (), NO_CHANGE),
    ((), (OUTAGE,), "severity SEV3 → SEV2; the impact was reassessed"),
    ((), (RAISED,), "severity SEV3 → SEV1"),
    ((), (CALLED,), "it is called “Payments fail” now"),
    ((), (MITIGATED, FAILED), "a mitigation was applied, and did not hold"),
    ((MITIGATED,), (FAILED,), "the mitigation does not hold any more"),
    ((MITIGATED,), (FAILED, AGAIN), "the mitigation did not hold, and another was applied"),
    ((), (MITIGATED, FAILED, AGAIN), "a mitigation did not hold, and another was applied"),
    ((), (RESOLVED, REOPENED), "it was over, and goes on"),
    ((CAUSE,), (WITHDRAWN,), "the cause was withdrawn"),
    ((), (CAUSE, WITHDRAWN), "a cause was named, and was not it"),
    ((CAUSE,), (WITHDRAWN, OTHER), "the cause was not it, and another was identified"),
    ((), (MERGED,), "another incident turned out to be part of it"),
    ((MERGED,), (PARTED,), "another incident turned out to be no part of it"),
]


@pytest.mark.parametrize(("before", "since", "says"), AFTER)
@pytest.mark.parametrize("audience", [Audience.ENGINEERING, Audience.EXECUTIVES])
def test_what_has_changed_since_the_last_update(
    before: tuple[Any, ...], since: tuple[Any, ...], says: str, audience: Audience
):
    text = _text_after(DECLARE, *before, TOLD, *since, audience=audience)
    assert text.startswith(says if says is NO_CHANGE else f"Since the last update: {says}. Still")


@pytest.mark.parametrize("since", [since for before, since, _ in AFTER if since and not before])
def test_the_first_one_says_what_has_changed_since_it_was_declared(since: tuple[Any, ...]):
    (says,) = (says for before, these, says in AFTER if (before, these) == ((), since))
    assert _text_after(DECLARE, *since).startswith(f"Since it was declared: {says}. Still")


def test_nothing_has_changed_where_nothing_has():
    assert _text_after(DECLARE) == "No change, still investigating."
    assert _text_after(page(priority="P3")) == "No change, still investigating."


def test_of_what_alerts_have_opened_it_says_what_has_changed_since():
    assert _text_after(page(priority="P3"), OUTAGE) == (
        "Since alerts opened it: severity SEV3 → SEV2; the impact was reassessed. Still"
        " investigating."
    )
    adopted = c.Declare(title="t", severity=SEV3)
    assert _text_after(page(priority="P3"), adopted) == "No change, still investigating."
    assert _text_after(page(priority="P3"), adopted, RAISED) == (
        "Since it was declared: severity SEV3 → SEV1. Still investigating."
    )


def _text_after(*commands: Any, audience: Audience = Audience.ENGINEERING) -> str:
    log = Log()
    for minute, command in enumerate(commands):
        assert log.run(command, at(minute + 10)) == "decided", command
    assert isinstance(log.incident, Open)
    return automatic_text(log.incident, audience)
