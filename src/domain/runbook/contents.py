"""What a runbook says: how one notices a failure, finds out, mends it, and knows it is over."""

from typing import NamedTuple

SERVICE, OWNER, ON_CALL = "Service", "Owner Team", "On-Call"
DASHBOARDS, LAST_TESTED = "Dashboards", "Last Tested"
FACTS = (SERVICE, OWNER, ON_CALL, DASHBOARDS, LAST_TESTED)
ALERT, SYMPTOMS, FALSE_POSITIVE = "Alert", "Symptoms", "False Positive Check"
SIGNS = (ALERT, SYMPTOMS, FALSE_POSITIVE)
AUDIENCES = ("Internal", "External", "Follow-up")
SECTIONS = (
    *("Quick Reference", "Detection", "Diagnosis", "Remediation", "Verification"),
    "Communication",
)
"""The form, in order."""


class RunbookStep(NamedTuple):
    """Something to be done: in words, with the commands for it, which we never run ourselves. It
    stands in this line of its document, from 1.
    """

    words: str
    commands: tuple[str, ...]
    line: int


class Remedy(NamedTuple):
    """A way to mend it: `Option A: Rollback (preferred if deploy-related)`, step by step."""

    title: str
    steps: tuple[RunbookStep, ...]
    line: int


class RunbookContents(NamedTuple):
    """A runbook. Facts, signs and messages have the words that stand before them; what is not there
    is not in them.
    """

    title: str
    facts: dict[str, str]
    signs: dict[str, str]
    diagnosis: tuple[RunbookStep, ...]
    remedies: tuple[Remedy, ...]
    checks: tuple[RunbookStep, ...]
    messages: dict[str, str]

    def steps(self) -> tuple[RunbookStep, ...]:
        """All that is to be done, in order."""
        mending = [step for each in self.remedies for step in each.steps]
        return (*self.diagnosis, *mending, *self.checks)
