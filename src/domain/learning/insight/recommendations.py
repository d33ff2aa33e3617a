"""What follows from the figures of a period: each recommendation cites its figures, and names the
incidents that they are made of. They are about systems: alerts, runbooks, dependencies, follow-up.

Source: brief, "Pattern Recognition" and "Present quarterly incident reviews to engineering
leadership with actionable recommendations".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from domain.learning.insight.alert_quality import AlertQuality
from domain.learning.insight.measured import LearningRecord, MeasuredAction, MeasuredIncident
from domain.learning.insight.metric import Metric, is_or_are, listed
from domain.learning.insight.patterns import FEW, Patterns
from domain.learning.insight.scorecard import Scorecard
from domain.learning.insight.words import figure

PRECISE = 0.5
LIFTED = 1.5
UNKNOWN_SHARE = 0.3
AFTER_CHANGES = 0.5
ALERTS_NAMED = 5


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, and because of which `figures`, which are made of the `evidence`."""

    topic: str
    text: str
    because: str
    figures: dict[str, float]
    evidence: tuple[str, ...]


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What recommendations follow from; `held` are the incidents of the period that count."""

    record: LearningRecord
    card: Scorecard
    patterns: Patterns
    alerts: tuple[AlertQuality, ...]
    overdue: tuple[MeasuredAction, ...]
    held: tuple[MeasuredIncident, ...]

    def metric(self, name: str) -> Metric:
        """The metric of this name."""
        return next(each for each in self.card.metrics if each.name == name)

    def services(self, references: Sequence[str]) -> str:
        """The services that most of these incidents name."""
        wanted = set(references)
        named = Counter(s for it in self.held if it.reference in wanted for s in it.services)
        return ", ".join(name for name, _ in named.most_common(3)) or "services that nobody named"


def recommendations(findings: Findings) -> Iterator[Recommendation]:
    """All that follow, what was learnt before first."""
    for rule in _RULES:
        yield from rule(findings)


def _repeats(findings: Findings) -> Iterator[Recommendation]:
    for ref, before in findings.patterns.repeats.repeats.items():
        waiting = [
            it.reference
            for it in findings.record.actions
            if it.incident in before and it.ended_at is None
        ]
        undone = f"; {listed(waiting)} of then {is_or_are(waiting)} not done" if waiting else ""
        yield Recommendation(
            topic="repeats",
            text="Complete what was to prevent this, before new work on it begins.",
            because=f"{ref} repeats {listed(before) or 'an earlier incident'}{undone}.",
            figures={"earlier_incidents": len(before), "actions_waiting": len(waiting)},
            evidence=(ref, *before),
        )


def _actions(findings: Findings) -> Iterator[Recommendation]:
    if findings.overdue:
        refs = tuple(it.reference for it in findings.overdue)
        found = findings.metric("action_items_in_time")
        rate = (
            f", and {figure(found.value, 'share')} of {found.n} that were due were done in time"
            if found.value is not None
            else ""
        )
        yield Recommendation(
            topic="action items",
            text="Make room for the action items that are overdue, or decline them with a reason.",
            because=f"{len(refs)} {is_or_are(refs)} overdue ({listed(refs)}){rate}.",
            figures={"overdue": len(refs)} | _cited("in_time", found.value),
            evidence=refs,
        )


def _postmortems(findings: Findings) -> Iterator[Recommendation]:
    found = findings.metric("postmortems_within_48_h")
    if found.against and found.value is not None:
        yield Recommendation(
            topic="post-mortems",
            text="Set aside time for post-mortems while memory is fresh.",
            because=f"{figure(found.value, 'share')} of {found.n} were published in time; not those"
            f" of {listed(found.against)}.",
            figures={"in_time": found.value, "n": found.n},
            evidence=found.against,
        )


def _detection(findings: Findings) -> Iterator[Recommendation]:
    found = findings.metric("mttd")
    if found.met is False and found.value is not None:
        yield Recommendation(
            topic="detection",
            text=f"Look at what alerts watch of {findings.services(found.against)}.",
            because=f"Detection took {figure(found.value, 'seconds')} on average of {found.n}, and"
            f" 5 min or more in {listed(found.against)}.",
            figures={"mean_s": found.value, "n": found.n},
            evidence=found.against,
        )


def _resolution(findings: Findings) -> Iterator[Recommendation]:
    found = findings.metric("mttr")
    if found.met is False and found.value is not None:
        yield Recommendation(
            topic="recovery",
            text=f"Test the runbooks and the rollback of {findings.services(found.against)}.",
            because=f"SEV1 took {figure(found.value, 'seconds')} to resolve on average of"
            f" {found.n}, and 30 min or more in {listed(found.against)}.",
            figures={"mean_s": found.value, "n": found.n},
            evidence=found.against,
        )


def _alerts(findings: Findings) -> Iterator[Recommendation]:
    noisy = [
        it
        for it in findings.alerts
        if it.precision is not None and it.precision < PRECISE and not it.few
    ]
    for it in noisy[:ALERTS_NAMED]:
        settled = len(it.real) + len(it.false_positives) + len(it.ignored)
        yield Recommendation(
            topic="alert quality",
            text=f"Mend or retire the alert “{it.alert}” of {it.source}.",
            because=f"Of {settled} incidents that it was part of, {len(it.false_positives)} were"
            f" false positives and {len(it.ignored)} ended without having been declared.",
            figures={"precision": it.precision or 0.0, "n": settled, "firings": it.firings},
            evidence=(*it.false_positives, *it.ignored),
        )


def _pages(findings: Findings) -> Iterator[Recommendation]:
    found = findings.metric("pages_per_engineer_and_week")
    if found.met is False and found.value is not None:
        yield Recommendation(
            topic="page load",
            text="Take alerts out of the rotation before anything is added to it.",
            because=f"In {len(found.against)} of {found.n} weeks of an engineer there were 5 pages"
            f" or more, at most {found.value:g}.",
            figures={"most": found.value, "weeks": len(found.against), "n": found.n},
            evidence=found.against,
        )


def _declaring(findings: Findings) -> Iterator[Recommendation]:
    for it in findings.patterns.declaring:
        quiet = (*it.undeclared, *it.late)
        if not it.few and len(quiet) * 2 >= it.alerted:
            yield Recommendation(
                topic="declaring",
                text=f"Ask {it.team} what makes declaring hard, and make it easier.",
                because=f"Of {it.alerted} incidents that alerts began, {len(it.undeclared)} were"
                f" not declared, and {len(it.late)} more than 15 min after detection.",
                figures={
                    "alerted": it.alerted,
                    "undeclared": len(it.undeclared),
                    "late": len(it.late),
                },
                evidence=quiet,
            )


def _together(findings: Findings) -> Iterator[Recommendation]:
    for it in findings.patterns.together:
        if not it.few and it.lift >= LIFTED:
            one, other = it.services
            yield Recommendation(
                topic="dependencies",
                text=f"Look at how {one} and {other} depend on one another: timeouts, circuit"
                " breakers, what they share.",
                because=f"{it.support} incidents name both, {it.lift:.2g} times as many as if they"
                " had nothing to do with one another.",
                figures={"support": it.support, "lift": it.lift},
                evidence=it.incidents,
            )


def _changes(findings: Findings) -> Iterator[Recommendation]:
    it = findings.patterns.changes
    share, total = it.share_of_incidents, findings.patterns.incidents
    if share is not None and share >= AFTER_CHANGES and len(it.incidents) >= FEW:
        yield Recommendation(
            topic="changes",
            text="Roll changes out in steps, with checks that stop them.",
            because=f"{len(it.incidents)} of {total} incidents began after a change;"
            f" {it.failed} of {it.changes} changes led to one.",
            figures={"share": share, "n": total} | _cited("failure_rate", it.rate),
            evidence=it.incidents,
        )


def _unknown(findings: Findings) -> Iterator[Recommendation]:
    lacking = [
        it.reference for it in findings.held if it.over and it.timestamps.impact_started_at is None
    ]
    over = sum(it.over for it in findings.held)
    if over and len(lacking) / over >= UNKNOWN_SHARE:
        yield Recommendation(
            topic="what is not known",
            text="Note when the impact began, from the metrics, as an incident is reviewed.",
            because=f"Nobody has said of {len(lacking)} of the {over} incidents that are over when"
            " the impact began, so the times to detect and to resolve are not known of these.",
            figures={"unknown": len(lacking), "n": over},
            evidence=tuple(lacking),
        )


_RULES: tuple[Callable[[Findings], Iterator[Recommendation]], ...] = (
    _repeats,
    _actions,
    _postmortems,
    _detection,
    _resolution,
    _alerts,
    _pages,
    _declaring,
    _together,
    _changes,
    _unknown,
)


def _cited(name: str, value: float | None) -> dict[str, float]:
    return {} if value is None else {name: value}
