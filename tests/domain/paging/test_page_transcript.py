"""A page through four levels with failing carriers, an acknowledgement at the last second, and one
that grows stale: word by word, on a virtual clock.
"""

from pathlib import Path

from domain.paging.pages import events as e
from domain.paging.pages.commands import AcknowledgePage, ReportAttempt
from domain.paging.pages.page_account import verdict
from support.page_walk import Walk
from support.paging import facts, person, policy, step

GOLDEN = Path(__file__).parents[2] / "golden" / "paging" / "four_levels.txt"
FAILED, DELIVERED = e.AttemptOutcome.FAILED, e.AttemptOutcome.DELIVERED


def story() -> Walk:
    """The levels of the brief: five minutes, ten, fifteen, then leadership."""
    pinned = policy(
        step(1, "ada"),
        step(2, "grace", timeout_s=600),
        step(3, "edsger", timeout_s=900),
        step(4, "barbara", timeout_s=0),
        stale_after_s=1800,
        version=3,
        chosen="it is for a SEV2 of the service payments",
    )
    walk = Walk(pinned, facts(pinned, person("grace", ("fax", "1"), ("phone", "2"))))
    walk.until(0.2)
    walk.send(ReportAttempt(attempt=1, outcome=FAILED, detail="30003: the handset is off"))
    walk.until(0.3)
    walk.send(ReportAttempt(attempt=2, outcome=DELIVERED))
    walk.until(5.5)
    walk.send(ReportAttempt(method="phone", outcome=FAILED, detail="busy"))
    walk.until(20 + 29 / 60)
    walk.send(AcknowledgePage(through="sms"), "edsger")
    walk.known = facts(pinned, acted_at=walk.now)
    walk.until(80)
    walk.send(AcknowledgePage(through="phone"), "ada")
    walk.until(81)
    return walk


def test_every_step_is_told_in_words_that_stay():
    walk = story()
    told = "\n".join([*walk.lines, "", verdict(walk.page), ""])
    assert told == GOLDEN.read_text()
