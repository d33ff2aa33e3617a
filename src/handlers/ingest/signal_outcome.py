"""What became of a stored signal, and of each thing that it tells of."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

import msgspec
from msgspec.structs import replace

from handlers.ingest.flaws import FLAWS_MAX


class SignalOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a stored signal. `code` and `reason` say why it is in quarantine; `ignored`
    was by a rule that `reason` names; `used` with a reason changed nothing; `repeated` is an event
    of a name that is known, of something that is over; `waiting` is for what is to be translated
    again then.
    """

    outcome: Literal[
        "used", "repeated", "ignored", "unwanted", "waiting", "quarantined", "discarded"
    ]
    incidents: tuple[str, ...] = ()
    code: str | None = None
    reason: str | None = None
    again_in_s: float | None = None
    passed_over: str | None = None
    """What of it is of no concern, and why."""
    flaws: tuple[str, ...] = ()
    """What of it could not be read as it was meant, in words."""
    unlisted: str | None = None
    """What became of it, in words, where nothing else on record says so."""
    warnings: tuple[str, ...] = ()
    """Whom no channel tells of what it has begun or raised."""
    private: tuple[str, ...] = ()
    """Those of the incidents that not everybody may see."""

    def for_everybody(self) -> "SignalOutcome":
        """What may be told to whoever sends: as of what has begun nothing, where it is private."""
        if not self.private:
            return self
        seen = tuple(each for each in self.incidents if each not in self.private)
        return replace(self, incidents=seen, reason=None, warnings=(), private=())


WORST_FIRST = ("quarantined", "waiting", "used", "repeated", "ignored", "unwanted", "discarded")


def _reasons(parts: Iterable[SignalOutcome]) -> str | None:
    """Each once, a hundred at most."""
    return "; ".join(islice(dict.fromkeys(it.reason for it in parts if it.reason), 100)) or None


def combined(verdicts: Sequence[SignalOutcome]) -> SignalOutcome:
    """What became of a signal as a whole: if any part of it was not understood, it is kept for
    somebody to look at, with the reason for each such part.
    """
    outcome = min((each.outcome for each in verdicts), key=WORST_FIRST.index)
    parts = [each for each in verdicts if each.outcome == outcome]
    # What is new is so whatever else there was to say.
    is_news = outcome == "used" and any(each.reason is None for each in parts)
    waits = [each.again_in_s for each in verdicts if each.again_in_s is not None]
    return SignalOutcome(
        outcome,
        tuple(dict.fromkeys(incident for each in verdicts for incident in each.incidents)),
        parts[0].code,
        None if is_news else _reasons(parts),
        min(waits, default=None),
        _reasons(each for each in verdicts if each.outcome in {"unwanted", "repeated"}),
        tuple(islice(dict.fromkeys(flaw for each in verdicts for flaw in each.flaws), FLAWS_MAX)),
        _unlisted(verdicts),
        tuple(islice(dict.fromkeys(it for each in verdicts for it in each.warnings), FLAWS_MAX)),
        tuple(dict.fromkeys(incident for each in verdicts for incident in each.private)),
    )


def _unlisted(verdicts: Iterable[SignalOutcome]) -> str | None:
    """What became of a signal of which no part is on record; else that says it."""
    said = [each.unlisted for each in verdicts if each.outcome in {"used", "ignored"}]
    return None if None in said else "; ".join(islice(dict.fromkeys(map(str, said)), 100)) or None
