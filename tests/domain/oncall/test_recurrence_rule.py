"""Our recurrence rules give what those of another library give, which reads the same standard."""

from datetime import datetime, timedelta

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from domain.oncall.recurrence_rule import beginnings, parsed

DAYS = st.lists(
    st.sampled_from(["MO", "WE", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True
)
STARTS = st.builds(
    datetime,
    st.just(2026),
    st.sampled_from([1, 2, 12]),
    st.sampled_from([1, 5, 15, 28, 31]).filter(lambda day: day < 29),
    st.sampled_from([0, 9, 23]),
    st.sampled_from([0, 30]),
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 3))}"]
    yearly = frequency == "YEARLY"
    if yearly or draw(st.booleans()):
        parts.append("BYMONTH=" + draw(st.sampled_from(["1", "3,12", "2"])))
    if draw(st.booleans()):
        which = draw(st.sampled_from(["", "1", "-1"])) if frequency == "MONTHLY" else ""
        parts.append("BYDAY=" + ",".join(which + each for each in draw(DAYS)))
    elif frequency in {"DAILY", "MONTHLY", "YEARLY"} and draw(st.booleans()):
        parts.append("BYMONTHDAY=" + draw(st.sampled_from(["1", "-1", "15,31"])))
    if draw(st.booleans()):
        parts.append("WKST=" + draw(st.sampled_from(["MO", "SU"])))
    if frequency != "HOURLY" and draw(st.booleans()):
        parts.append("BYHOUR=6,18")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"COUNT={draw(st.integers(1, 9))}")
    if frequency == "MONTHLY" and draw(st.booleans()) and any("BYDAY" in each for each in parts):
        parts.append("BYSETPOS=-1")
    return ";".join(parts)


@given(rules(), STARTS)
def test_a_rule_gives_what_another_library_gives(rule: str, start: datetime):
    until = start + timedelta(days=800 if "HOURLY" not in rule else 60)
    ours = list(beginnings(parsed(rule), start, until))
    if not ours:
        return  # it would look for a match until the year 9999
    theirs = rrulestr(rule, dtstart=start).xafter(start, count=len(ours), inc=True)
    assert ours == [each for each in theirs if each < until]
    text = rule if "COUNT" in rule else f"{rule};COUNT={len(ours) + 1}"
    following = list(rrulestr(text, dtstart=start))[len(ours) :]
    assert all(each >= until for each in following)
