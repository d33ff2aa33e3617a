"""A rule: which words blame, why, and how to say it of the system.

Source: brief, "Blameless Culture" (what the system lacked, not what a human did wrong; what people
knew at the time); docs/blameless.md says what counts.
"""

from enum import StrEnum

import msgspec


class Excuse(StrEnum):
    """What makes words of a rule no blame in this sentence."""

    TOPIC = "blame is what it is about"
    DENIED = "it is denied"
    REASON = "the sentence names what made it reasonable"
    BY_MACHINE = "a machine did it"
    MACHINE_NEXT = "it is said of a machine"
    MACHINE_FIRST = "a machine is the subject"
    PRAISE = "without that person it would have been worse"


class BlameRule(msgspec.Struct, frozen=True):
    """Words that blame. In `pattern` stand `{who}` for a person, `{subject}` for a person as the
    subject, `{whose}` for what belongs to one, `{named}` for a name of the roster, and the classes
    of `blame_verbs`.
    """

    code: str
    pattern: str
    why: str
    instead: str
    unless: tuple[Excuse, ...] = ()

    def suggest(self, words: str) -> str:
        """How to turn these words towards the system."""
        return f"Instead of “{words}”: {self.instead}"


NAMED_INSTEAD = (
    "say what the system allowed or lacked there: which check, prompt, alert or default would "
    "have caught it, whoever was at the keyboard."
)
KNEW_INSTEAD = (
    "say what could be seen and known at the time, and what hid the rest (“The panel showed "
    "…, the replica's age was on no screen”)."
)
STEP_INSTEAD = (
    "say what the step rested on and why it could be left out unnoticed (“Nothing stops a "
    "change that … has not seen”)."
)
