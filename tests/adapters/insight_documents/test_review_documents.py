"""Reviews as documents: every recommendation cites its figures, whatever titles say."""

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from adapters.document_forms import DocumentFormat
from adapters.insight_documents.figure_picture import picture
from adapters.insight_documents.review_forms import REVIEW_FORMS
from domain.incident.timestamps import Timestamps
from domain.learning.action_item.events import ActionKind
from domain.learning.action_item.item import ActionItemStatus
from domain.learning.definitions import IN_FULL
from domain.learning.insight.alert_quality import FiredAlert, alert_quality
from domain.learning.insight.breakdown import WantedFigures, breakdown
from domain.learning.insight.measured import (
    LearningRecord,
    MeasuredAction,
    MeasuredChange,
    MeasuredPostmortem,
)
from domain.learning.insight.period_review import PeriodReview, review
from domain.learning.insight.periods import span_at
from domain.policy import Severity
from support.insights import ALL, MONDAY, incident

QUARTER = span_at(MONDAY, "quarter")
LATER = MONDAY + timedelta(days=40)
HOSTILE = "| <script>alert(1)</script> | **bold** [x](javascript:1)"


def postmortem(number: int) -> MeasuredPostmortem:
    return MeasuredPostmortem(
        incident=f"i-{number}", incident_reference=f"INC-{number}",
        drill=False, opened_at=MONDAY, factors=("no-limit",),
    )  # fmt: skip


def serious(number: int, **fields: Any) -> Any:
    known = Timestamps(
        impact_started_at=MONDAY,
        detected_at=MONDAY + timedelta(minutes=9),
        declared_at=MONDAY + timedelta(minutes=40),
        resolved_at=MONDAY + timedelta(minutes=50),
    )
    return incident(
        number,
        **{
            "highest": Severity.SEV1,
            "services": ("db", "api"),
            "timestamps": known,
            "alerts": 1,
            "changes": ("c-1",),
            "pages": {"2026-W19 ada": 3},
            **fields,
        },
    )


def bad_quarter() -> PeriodReview:
    """One in which all that can go wrong does."""
    before = incident(0, began=MONDAY - timedelta(days=60))
    unknown = Timestamps(declared_at=MONDAY)
    held = [serious(n) for n in range(1, 7)]
    bare = [incident(20 + n, timestamps=unknown, title=HOSTILE) for n in range(4)]
    noise = [incident(30 + n, status="canceled") for n in range(5)]
    record = LearningRecord(
        at=LATER,
        incidents=(before, *held, *bare, *noise),
        postmortems=(postmortem(0), postmortem(1)),
        actions=(
            MeasuredAction(
                reference="AI-1", title="Limit the pool", owner="ada", kind=ActionKind.PREVENT,
                status=ActionItemStatus.IN_PROGRESS, incident="INC-0", of_postmortem=True,
                due_at=MONDAY, ended_at=None,
            ),
        ),
        changes=(MeasuredChange(id="c-1", at=MONDAY),),
    )  # fmt: skip
    rows = [
        FiredAlert(source="grafana", title="CPU", rule=None, incident=it.id, firings=1)
        for it in noise
    ]
    alerts = alert_quality(rows, {it.id: it for it in record.incidents})
    return review(record, QUARTER, "quarter", alerts)


def test_each_recommendation_cites_figures_and_the_incidents_they_are_made_of():
    found = bad_quarter()
    topics = [each.topic for each in found.recommendations]
    assert topics == [
        "repeats", "action items", "post-mortems", "detection", "recovery", "alert quality",
        "page load", "declaring", "dependencies", "changes", "what is not known",
    ]  # fmt: skip
    for each in found.recommendations:
        assert each.evidence, each.topic
        assert each.figures, each.topic
        assert re.search(r"\d", each.because), each.because
    [repeat] = [each for each in found.recommendations if each.topic == "repeats"]
    assert repeat.because == "INC-1 repeats INC-0; AI-1 of then is not done."
    known = {it.reference for it in found.incidents} | {"INC-0", "AI-1", "2026-W19 ada"}
    known |= {f"INC-{30 + n}" for n in range(5)}
    assert {ref for each in found.recommendations for ref in each.evidence} <= known


def test_a_quiet_week_recommends_nothing_and_says_so():
    found = review(LearningRecord(at=LATER), span_at(MONDAY, "week"), "week", ())
    assert (found.period, found.incidents, found.recommendations) == ("2026-W19", (), ())
    written = REVIEW_FORMS["markdown"].write(found)
    assert "# Weekly incident digest 2026-W19" in written
    assert "- Nothing follows from these figures." in written
    assert "0 incidents began (none, by the highest" in written


@pytest.mark.parametrize("form", REVIEW_FORMS)
def test_every_form_has_all_of_it(form: DocumentFormat):
    found = bad_quarter()
    written = REVIEW_FORMS[form].write(found)
    for each in found.recommendations:
        assert each.evidence[0] in written
    for each in found.scorecard.metrics:
        assert each.name.replace("_", " " if form != "json" else "_") in written
    assert "2026-Q2" in written
    assert "2026-Q1" in written
    assert "<script>" not in written or form == "json"
    if form == "json":
        assert msgspec.json.decode(written, type=PeriodReview) == found
    if form == "markdown":
        assert "\\| \\<script\\>alert(1)\\</script\\> \\| \\*\\*bold\\*\\*" in written
        rows = [line for line in written.splitlines() if line.startswith("| ")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} <= {4, 5, 7, 8}


def test_a_picture_has_a_dot_for_each_known_duration_and_the_rest_in_words():
    record = LearningRecord(
        at=LATER, incidents=(incident(1, 5), incident(2, 50_000_000), incident(3, None))
    )
    drawn = picture(breakdown(record, IN_FULL, WantedFigures(), ALL))
    assert drawn.count("<circle") == 2
    assert "2 known, median" in drawn
    assert "1 unknown" in drawn
    assert "INC-1: 5 min" in drawn
    empty = picture(breakdown(LearningRecord(at=LATER), IN_FULL, WantedFigures(), ALL))
    assert "no incident" in empty
