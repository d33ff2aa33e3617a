"""From a foreign document to alerts, by the expressions of a source."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec

from adapters.products.kit.alert_words import LINKS_MOST
from adapters.products.kit.expressions import (
    Expression,
    ExpressionBudget,
    ExpressionFault,
    says_nothing,
)
from adapters.products.kit.loose_values import first_of, joined, labels_of, links_of, word_of
from adapters.products.kit.settings import EXPRESSIONS, MappedSource, SettingFault, StateName
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.labels import telling_labels
from domain.policy import Severity
from handlers.ingest.details import readable
from handlers.ingest.flaws import note
from handlers.ingest.reading import one_reading
from handlers.ingest.reports import (
    REPORTS_MAX,
    Reading,
    Report,
    Translation,
    UnusableError,
    Unwanted,
    digest,
    instant,
    line,
    name,
    too_many,
)

WORDS: Mapping[StateName, str] = {
    "firing": "firing fired fire alerting alert alarm open opened problem down triggered trigger"
    " active activated created new unresolved failing failed failure bad breached reopened"
    # what Nagios and those after it call what is not well, and what forms write for true
    " critical warning error unreachable unhealthy degraded outage nok start started true",
    "resolved": "resolved resolve ok okay recovered recovery up closed close clear cleared normal"
    " inactive deactivated healthy success succeeded passed good fixed operational end ended"
    " completed false",
    "acknowledged": "acknowledged acknowledge acked ack",
}
"""What states are called by those who say nothing else."""

STATES: dict[str, StateName] = {
    word: state for state, words in WORDS.items() for word in words.split()
}
KINDS = {
    "firing": AlertKind.TRIGGERED,
    "resolved": AlertKind.RESOLVED,
    "acknowledged": AlertKind.ACKNOWLEDGED,
}
_TRIMMED = re.compile(r"\W*(.*?)(?:[\s:]+\d+|\s*\(\d+\))?\W*")
"""A word without what stands around it, and without how often: `[FIRING:2]`."""
YES_OR_NO = frozenset({"state", "ignore"})
"""What may be true or false; of all else false says that there is none."""
BODY = "_body"
"""Under this name each of several alerts has the whole body."""


class Origin(NamedTuple):
    """Where a document came from."""

    product: str
    source: str
    opens: Opens


class DocumentMapping:
    """The expressions of a source, checked. Raises `SettingFault`, which names the key."""

    def __init__(self, settings: MappedSource) -> None:
        self._expressions: dict[str, Expression] = {}
        for field in EXPRESSIONS:
            given = getattr(settings, field)
            if not given or not given.strip():
                continue
            try:
                self._expressions[field] = Expression(given)
            except ExpressionFault as fault:
                raise SettingFault(f"{field}: {fault}") from fault
        for field in ("key", "title"):
            if field not in self._expressions:
                raise SettingFault(f"{field}: an expression is needed, such as {field!r}")
        self._states: dict[str, StateName] = {**STATES} | {
            word_of(word): state for word, state in settings.states.items()
        }
        self._severities = {word_of(word): each for word, each in settings.severities.items()}

    def read(self, document: object, origin: Origin) -> Translation:
        """The alerts of a document. It never raises."""
        budget = ExpressionBudget()
        try:
            found = self._alerts(document, budget)
        except UnusableError as error:
            return (error.outcome,)
        if len(found) > REPORTS_MAX:
            return (too_many(len(found)),)
        if not found:
            return (Unwanted("`alerts` finds none in this body"),)
        budget.extend(len(found))
        return tuple(
            one_reading(
                partial(self._outcome, _Ask(self._expressions, each, budget), origin),
                f"alert {place} of {len(found)}" if len(found) > 1 else "",
            )
            for place, each in enumerate(found, start=1)
        )

    def _alerts(self, document: object, budget: ExpressionBudget) -> list[object]:
        if "alerts" not in self._expressions:
            return [document]
        found = _Ask(self._expressions, document, budget).find("alerts")
        if found is None:
            raise UnusableError("field.missing", f"{self._named('alerts')} finds nothing")
        several = found if isinstance(found, list) else [found]
        return [{BODY: document, **each} if isinstance(each, dict) else each for each in several]

    def _named(self, field: str) -> str:
        return f"`{field}` ({line(self._expressions[field].text)})"

    def _outcome(self, ask: "_Ask", origin: Origin) -> Reading:
        passed_over = ask.value("ignore")
        if passed_over not in (None, False, "", [], {}):
            return Unwanted(_because(passed_over))
        state = self._state(ask)
        if state == "ignored":
            return Unwanted(f"state {line(ask.value('state'))}")
        return self._report(ask, KINDS[state], origin)

    def _state(self, ask: "_Ask") -> StateName:
        if "state" not in self._expressions:
            return "firing"
        said = first_of(ask.value("state"))
        if isinstance(said, bool):
            return "firing" if said else "resolved"
        word = word_of(said)
        if not word:
            raise UnusableError("state.missing", f"{self._named('state')} gives nothing")
        trimmed = _TRIMMED.fullmatch(word)
        if word not in self._states and trimmed:
            word = trimmed[1]
        if word not in self._states:
            reason = f"{self._named('state')} gives {line(said)!r}: say in `states` what that means"
            raise UnusableError("state.unknown", reason)
        return self._states[word]

    def _report(self, ask: "_Ask", kind: AlertKind, origin: Origin) -> Report:
        key = self._key(ask)
        began, ended = ask.instant("at"), ask.instant("ended_at")
        over = kind is AlertKind.RESOLVED
        if over and "ended_at" not in self._expressions:
            began, ended = None, began
        labels = labels_of(ask.value("labels"))
        links = links_of(ask.value("links"))
        alert = Alert(
            product=origin.product,
            source=origin.source,
            alert_id=key,
            event_id="-",
            kind=kind,
            opens=origin.opens,
            title=line(joined(ask.value("title"))),
            service=line(first_of(ask.value("service"))),
            began_at=began,
            priority=self._severity(ask),
            text=readable(ask.value("details")),
            url=links[0].url if links else None,
            labels=telling_labels(labels),
            links=links[:LINKS_MOST],
        )
        at = ended if over else began
        said = [msgspec.structs.asdict(alert), at]
        alert = msgspec.structs.replace(alert, event_id=digest(said))
        return Report(
            alert,
            at,
            labels=labels,
            group=line(ask.value("group")),
            recurs=True,
            dated=over and "ended_at" in self._expressions,
        )

    def _key(self, ask: "_Ask") -> str:
        value = first_of(ask.value("key"))
        if isinstance(value, float):
            value = word_of(value)
        try:
            return name(value, "alert_id")
        except UnusableError as error:
            code, reason = error.outcome.code, error.outcome.reason
            raise UnusableError(code, f"{self._named('key')}: {reason}") from error

    def _severity(self, ask: "_Ask") -> str | None:
        """The sender's word, behind what it means where the source says so."""
        found = first_of(ask.value("severity"))
        if isinstance(found, float) and found.is_integer():
            found = int(found)  # `1.0` is the level 1
        said = line(found)
        if found is not None and said is None:
            note("is no text, and is not understood", "severity")
        meant = self._severities.get(word_of(said))
        return f"{meant.name} ({said})" if isinstance(meant, Severity) else said


class _Ask:
    """The expressions, to be asked of one document."""

    def __init__(
        self, expressions: Mapping[str, Expression], document: object, budget: ExpressionBudget
    ) -> None:
        self._expressions = expressions
        self._document = document
        self._budget = budget

    def value(self, field: str) -> Any:
        """What the expression of a key finds; None: nothing, or there is none. Raises
        `UnusableError` where it fails.
        """
        found = self.find(field)
        if found is False and field not in YES_OR_NO:
            return None  # `condition && value`, where the condition does not hold
        return None if says_nothing(found) else found

    def find(self, field: str) -> Any:
        """The same, as it is."""
        expression = self._expressions.get(field)
        if expression is None:
            return None
        try:
            return expression.of(self._document, self._budget)
        except ExpressionFault as fault:
            reason = f"`{field}` ({line(expression.text)}) fails: {fault}"
            raise UnusableError("expression.failed", reason) from fault

    def instant(self, field: str) -> datetime | None:
        """The time that is found; what is none is noted."""
        return instant(first_of(self.value(field)), field)


def _because(value: object) -> str:
    return (line(value) if isinstance(value, str) else None) or "passed over by `ignore`"
