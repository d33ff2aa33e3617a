"""The eight success metrics: targets, figures, and an honest null where something is missing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident.deadlines.events import PostmortemPublished
from domain.incident.events import Kind
from domain.learning.action_item.events import ActionKind
from domain.learning.action_item.item import ActionItemStatus
from domain.learning.insight.measured import (
    LearningRecord,
    MeasuredAction,
    MeasuredIncident,
    MeasuredPostmortem,
    measured_of,
)
from domain.learning.insight.metric import Metric
from domain.learning.insight.periods import span_at, span_named, week_of
from domain.learning.insight.scorecard import VERSION, scorecard
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    at,
    canceled,
    changed,
    declared,
    log_of,
    paged,
    resolved,
)

LATER = datetime(2026, 6, 20, tzinfo=UTC)
QUARTER = timedelta(days=91)


def measured(number: int, *story: Any, earlier: timedelta = timedelta()) -> MeasuredIncident:
    """An incident of noon, the fourth of May, or so much earlier."""
    found = measured_of(f"i-{number}", log_of(*story).incident)  # type: ignore[arg-type]
    timestamps = type(found.timestamps)(
        **{
            name: time and time - earlier
            for name in found.timestamps.__struct_fields__
            for time in [getattr(found.timestamps, name)]
        }
    )
    published = found.published_at and found.published_at - earlier
    return replace(found, reference=f"INC-{number}", timestamps=timestamps, published_at=published)


def detected(minutes: float, **fields: Any) -> Any:
    return declared(
        fields.pop("severity", SEV1), impact_started_at=at(-minutes), detected_at=at(0), **fields
    )


def published(at_min: float) -> PostmortemPublished:
    return PostmortemPublished(occurred_at=at(at_min), url="https://wiki/1", edition=2)


def metric(name: str, *incidents: MeasuredIncident, **more: Any) -> Metric:
    record = LearningRecord(at=more.pop("now", LATER), incidents=incidents, **more)
    (found,) = [each for each in scorecard(record).metrics if each.name == name]
    return found


def test_of_an_empty_log_nothing_is_known_and_each_metric_says_why():
    found = scorecard(LearningRecord(at=LATER))
    assert (found.version, found.period, found.before) == (VERSION, "2026-Q2", "2026-Q1")
    assert len(found.metrics) == 8
    assert {(each.value, each.n, each.met, each.trend) for each in found.metrics} == {
        (None, 0, None, None)
    }
    assert all(each.missing and each.target and each.definition for each in found.metrics)


def test_detection_is_of_what_was_severe_at_its_highest_and_unknown_is_not_zero():
    found = metric(
        "mttd",
        measured(1, detected(4), resolved()),
        measured(2, detected(8), changed(SEV3, SEV1), resolved()),
        measured(3, declared(SEV2), resolved()),
        measured(4, declared(SEV1)),
        measured(5, detected(0, severity=SEV3)),
        measured(6, detected(0), canceled()),
        measured(7, detected(0, kind=Kind.DRILL), resolved()),
    )
    assert (found.value, found.n, found.unknown, found.waiting) == (360, 2, 1, 1)
    assert (found.evidence, found.against, found.met) == (("INC-1", "INC-2"), ("INC-2",), False)
    said = "; ".join(found.missing)
    assert "of INC-3 nobody has said when the impact began" in said
    assert "INC-4 is not over" in said


@pytest.mark.parametrize(("factor", "trend"), [(3.0, "up"), (0.3, "down"), (1.0, None)])
def test_resolution_goes_up_or_down_only_where_the_interval_leaves_out_zero(
    factor: float, trend: str | None
):
    before = [measured(n, detected(5), resolved(15 + n), earlier=QUARTER) for n in range(20)]
    now = [measured(50 + n, detected(5 * factor), resolved((15 + n) * factor)) for n in range(20)]
    found = metric("mttr", *before, *now)
    assert (found.n, found.n_before, found.before) == (20, 20, pytest.approx(1_770))
    assert found.trend == trend
    assert found.value == pytest.approx(1_770 * factor)
    assert found.met is (found.value < 1_800 if found.value else None)


def test_a_post_mortem_is_in_time_by_the_resolution_it_follows():
    day = 24 * 60
    found = metric(
        "postmortems_within_48_h",
        measured(1, detected(5), resolved(), published(40 + 2 * day)),
        measured(2, detected(5), resolved(), published(41 + 2 * day)),
        measured(3, detected(5), resolved()),
        measured(4, detected(5), published(5), resolved()),
        measured(5, detected(5)),
        measured(6, detected(5, severity=SEV3), resolved()),
    )
    assert (found.n, found.waiting, found.value, found.met) == (4, 1, 0.25, False)
    assert found.against == ("INC-2", "INC-3", "INC-4"), "one from before the end is a draft"
    young = metric("postmortems_within_48_h", measured(1, detected(5), resolved()), now=at(60))
    assert (young.value, young.n, young.waiting, young.met) == (None, 0, 1, None)


def action(number: int, **fields: Any) -> MeasuredAction:
    known: dict[str, Any] = {
        "reference": f"AI-{number}", "title": "Load it in a test", "owner": "ada",
        "kind": ActionKind.PREVENT, "status": ActionItemStatus.DONE, "incident": "INC-1",
        "of_postmortem": True, "due_at": at(0), "ended_at": at(-1),
    }  # fmt: skip
    return MeasuredAction(**{**known, **fields})


def test_action_items_count_once_they_are_due_or_done_and_declined_ones_never():
    actions = (
        action(1),
        action(2, ended_at=at(1)),
        action(3, status=ActionItemStatus.IN_PROGRESS, ended_at=None),
        action(4, status=ActionItemStatus.DECLINED),
        action(5, due_at=LATER + timedelta(days=1), status="in_progress", ended_at=None),
        action(6, of_postmortem=False, ended_at=None, status="in_progress"),
        action(7, due_at=at(0) - QUARTER, ended_at=at(0) - 2 * QUARTER),
    )
    found = metric("action_items_in_time", actions=actions)
    assert (found.n, found.waiting, found.against) == (3, 1, ("AI-2", "AI-3"))
    assert found.value == pytest.approx(1 / 3)
    assert (found.n_before, found.before, found.met) == (1, 1.0, False)


def test_pages_are_counted_by_whom_the_product_assigned_and_week():
    pages = [
        paged(alert_id=f"Q{n}", assignees=("ada", "bob") if n == 0 else ("ada",)) for n in range(5)
    ]
    found = metric("pages_per_engineer_and_week", measured(1, *pages))
    assert (found.value, found.n, found.met) == (5, 2, False)
    assert found.against == (f"{week_of(at(0))} ada",)
    few = metric("pages_per_engineer_and_week", measured(1, *pages[:2]))
    assert (few.value, few.met) == (2, None), "there may have been more"
    assert metric("pages_per_engineer_and_week", measured(1, paged())).value is None


def postmortem(number: int, *factors: str) -> MeasuredPostmortem:
    return MeasuredPostmortem(
        incident=f"i-{number}", incident_reference=f"INC-{number}",
        drill=False, opened_at=at(0), factors=factors,
    )  # fmt: skip


def test_a_repeat_shares_a_factor_with_an_earlier_incident_and_the_first_one_is_none():
    first = measured(1, detected(5), earlier=QUARTER)
    incidents = (first, measured(2, detected(5)), measured(3, detected(5)))
    both = (
        postmortem(1, "no-limit", "No limit of the pool."),
        postmortem(2, "no  limit of the POOL"),
    )
    found = metric("repeats", *incidents, postmortems=both)
    assert (found.value, found.against, found.met) == (1, ("INC-2",), False)
    assert (found.n, found.unknown) == (1, 1)
    assert "1 of 2 incidents have no post-mortem" in found.missing[0]
    other = metric("repeats", *incidents[:2], postmortems=(both[0], postmortem(2, "a typo")))
    assert (other.value, other.met, other.missing) == (0, True, ())
    unread = metric("repeats", *incidents, postmortems=both[:1])
    assert (unread.value, unread.met) == (None, None)


def test_what_a_person_has_said_of_a_repeat_counts_before_the_words():
    first = measured(1, detected(5), earlier=QUARTER)
    later, both = measured(2, detected(5)), (postmortem(1, "a"), postmortem(2, "a"))
    rejected = metric("repeats", first, replace(later, no_repeats=("i-1",)), postmortems=both)
    assert (rejected.value, rejected.n, rejected.met) == (0, 1, True)
    confirmed = metric("repeats", first, replace(later, repeats=("i-1",)))
    assert (confirmed.value, confirmed.n, confirmed.against) == (1, 1, ("INC-2",))
    hidden = metric("repeats", replace(later, repeats=("i-private",)))
    assert (hidden.value, hidden.against) == (1, ("INC-2",)), "which one it was is not told"


def test_periods_are_named_and_follow_one_another():
    for name, before in (
        ("2026-Q1", "2025-Q4"),
        ("2026-W01", "2025-W52"),
        ("2021-W01", "2020-W53"),
    ):
        period = span_named(name)
        assert (period.name, period.before.name) == (name, before)
        assert period.before.until == period.since
        assert span_at(period.since, "quarter" if "Q" in name else "week") == period
        assert not period.holds(period.until)
    for wrong in ("2026-Q5", "2026", "2026-W60", ""):
        with pytest.raises(ValueError, match=r"no period|Invalid week"):
            span_named(wrong)
