"""What to think of before an update is sent: rules that warn, and never refuse.

Whoever writes at 3 a.m. is right to send; these remarks say what a reader will miss. Each cites the
rule of the brief that it stands for.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from domain.incident.claims import UNDER_WAY, over_since
from domain.incident.commands import Correct, PostUpdate
from domain.incident.events import UpdateStatus
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.impact import Impact
from domain.incident.messages import phrases
from domain.incident.state import (
    Closed,
    Facts,
    Incident,
    KnownIncident,
    Open,
    Stage,
    Undeclared,
    status,
)
from domain.kernel.remark import Remark
from domain.policy.audience import Audience

NAME_CHARS_MIN = 3  # shorter ones are found in too many sentences


def remark(command: PostUpdate, incident: Incident) -> tuple[Remark, ...]:
    """What to reconsider about an update that was posted and left the incident like this."""
    return () if isinstance(incident, Undeclared) else review(draft(command, incident))


def remark_on_correction(command: Correct, incident: Incident) -> tuple[Remark, ...]:
    """The same of words that were put right: of an update as such, of others whether they blame."""
    if isinstance(incident, Undeclared):
        return ()
    entry = incident.facts.amended.get(command.entry or "")
    if entry is not None and entry.told:
        public = Audience.CUSTOMERS in entry.told
        said = Draft(
            text=entry.text or "", incident=incident, headline=entry.headline, to_customers=public
        )
        return review(said)
    words = (command.title, command.summary, command.text)
    texts = [each for each in words if isinstance(each, str)]
    found = (_blames(Draft(text=text, incident=incident)) for text in texts)
    code, _, rule = _BLAMELESS
    return tuple(Remark(code, detail, rule) for detail in found if detail)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An update that is to be sent, or was just sent, about `incident`; `at`: what is said of an
    earlier time.
    """

    text: str
    incident: KnownIncident
    status: UpdateStatus | None = None
    headline: str | None = None
    to_customers: bool = False
    at: datetime | None = None

    @property
    def facts(self) -> Facts:
        return self.incident.facts

    @property
    def over(self) -> bool:
        return isinstance(self.incident, Closed)

    @property
    def ended(self) -> bool:
        """Whether it was over by the time that this is about."""
        return over_since(self.incident, self.at) is not None

    @property
    def monitored(self) -> bool:
        return isinstance(self.incident, Open) and self.incident.stage is Stage.MONITORING

    @property
    def understood(self) -> bool:
        """Whether the cause is on record, or a hypothesis has been confirmed."""
        confirmed = HypothesisStatus.CONFIRMED
        paths = self.facts.response.hypotheses
        return self.facts.response.root_cause is not None or any(
            it.status is confirmed for it in paths
        )


def draft(command: PostUpdate, incident: KnownIncident) -> Draft:
    """A command as a draft; `incident` is as it stands."""
    return Draft(
        text=command.text,
        incident=incident,
        status=command.status,
        headline=command.headline,
        to_customers=Audience.CUSTOMERS in command.audiences,
        at=command.occurred_at,
    )


def review(update: Draft) -> tuple[Remark, ...]:
    """All that there is to remark on an update, in the order of the rules."""
    found = ((code, check(update), rule) for code, check, rule in RULES)
    return tuple(Remark(code, detail, rule) for code, detail, rule in found if detail)


def _not_specific(update: Draft) -> str | None:
    vague = phrases.VAGUE.search(update.text)
    figure = phrases.FIGURE.search(update.text)
    if vague and not figure:
        return f"“{vague[0]}” does not say how many: state a share or a number"
    if figure or any(phrases.word(name, update.text) for name in update.facts.about.services):
        return None
    if not update.to_customers and _has_figure(update.facts.assessment.impact):
        return None  # the message states it from the log
    return "it names no figure and no service: say what is affected, and how much of it"


def _has_figure(impact: Impact) -> bool:
    return impact.percent_affected is not None or impact.users_affected is not None


def _hides_uncertainty(update: Draft) -> str | None:
    return next(_overclaims(update), None)


def _overclaims(update: Draft) -> Iterator[str]:
    state = f"{update.facts.reference} is {status(update.incident)}"
    if update.status is UpdateStatus.RESOLVED and not update.over:
        yield f"it reports resolved, but {state}"
    if update.status in UNDER_WAY and update.ended:
        yield f"it reports {update.status}, but {state}"
    for sentence in phrases.sentences(update.text):
        over = phrases.stated(phrases.OVER, sentence)
        if over and not update.over:
            yield f"“{over}” is said, but {state}"
        mended = phrases.stated(phrases.MENDED, sentence)
        if mended and not (update.over or update.monitored):
            yield f"“{mended}” is said, but {state}"
        if update.understood:
            continue
        cause, certain = phrases.CAUSE.search(sentence), phrases.CERTAIN.search(sentence)
        if cause and not phrases.HEDGE.search(sentence):
            yield f"“{cause[0]}” states a cause, but no hypothesis has been confirmed"
        if certain:
            yield f"“{certain[0]}” is certain, but no hypothesis has been confirmed"
    if update.status is UpdateStatus.IDENTIFIED and not update.understood:
        yield "it reports identified, but no cause is on record"


def _no_next_step(update: Draft) -> str | None:
    if update.over or phrases.NEXT.search(update.text):
        return None
    return "it does not say what is being done, or what comes next"


def _blames(update: Draft) -> str | None:
    for sentence in phrases.sentences(update.text):
        found = phrases.blamed(sentence, _names(update.facts))
        if found:
            return f"“{found}”: say what the system allowed or lacked, not who did it"
    return None


def _private(update: Draft) -> str | None:
    if not update.to_customers:
        return None
    text = f"{update.headline or ''}\n{update.text}"
    for what, pattern in phrases.PRIVATE:
        found = pattern.search(text)
        if found:
            return f"“{found[0]}” looks like {what}"
    name = next((name for name in _names(update.facts) if phrases.word(name, text)), None)
    return f"“{name}” is somebody's name" if name else None


def _names(facts: Facts) -> list[str]:
    """The names of responders, whole and the first ones."""
    owners = [path.owner for path in facts.response.hypotheses if path.owner]
    whole = [*facts.response.roles.values(), *owners]
    return [
        name
        for name in dict.fromkeys((*whole, *(name.split()[0] for name in whole if name.split())))
        if len(name) >= NAME_CHARS_MIN
    ]


_BLAMELESS = (
    "update.blames",
    _blames,
    "Be blameless: what the system lacked, not what a human did wrong.",
)
RULES: tuple[tuple[str, Callable[[Draft], str | None], str], ...] = (
    ("update.impact_not_specific", _not_specific, "Be specific about impact."),
    ("update.uncertainty_hidden", _hides_uncertainty, "Be honest about uncertainty."),
    ("update.no_next_step", _no_next_step, "A status update says what we are doing next."),
    _BLAMELESS,
    ("update.private_in_public", _private, "Each audience gets the detail that is meant for it."),
)
"""Code, check, and the rule. Source: brief, "Communication Style", "Blameless Culture",
"Stakeholder Communication Templates" and "detail per audience".
"""
