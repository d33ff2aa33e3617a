"""The picture of a timeline: all that it shows stands in words as well, and it fits its frame."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from adapters.postmortem_documents.timeline_picture import (
    timeline_in_words,
    timeline_svg,
    timeline_table,
)
from domain.policy.audience import OURS, Audience
from projections.incident.timeline_picture import Band, TimelinePicture, ToldAt
from support.browser import browser
from support.patience import eventually

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "documents" / "timeline.svg"
SVG = "{http://www.w3.org/2000/svg}"
DAY = datetime(2026, 5, 4, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return DAY + timedelta(hours=hour, minutes=minute)


def bands(*turns: tuple[str, datetime], until: datetime) -> tuple[Band, ...]:
    ends = [*(begins_at for _, begins_at in turns[1:]), until]
    return tuple(
        Band(label=label, begins_at=begins_at, ends_at=ends_at)
        for (label, begins_at), ends_at in zip(turns, ends, strict=True)
    )


END = at(14, 45)
FOUND = TimelinePicture(
    reference="INC-7",
    title="Payments fail <b>& more</b>",
    begins_at=at(14, 2),
    ends_at=END,
    over=True,
    severities=bands(("SEV3", at(14, 2)), ("SEV2", at(14, 8)), until=END),
    phases=bands(
        ("triage", at(14, 2)),
        ("investigating", at(14, 8)),
        ("identified", at(14, 18)),
        ("monitoring", at(14, 23)),
        ("resolved", at(14, 30)),
        until=END,
    ),
    told=(
        ToldAt(at=at(14, 2), audiences=(Audience.ENGINEERING,), text="Alert fires: “5xx > 5 %”"),
        ToldAt(at=at(14, 8), audiences=OURS, text="Declared"),
        ToldAt(at=at(14, 30), audiences=tuple(Audience), text="Resolved"),
        ToldAt(at=END, audiences=tuple(Audience), text="All clear"),
    ),
    told_later=2,
)


def test_it_looks_as_it_did():
    assert str(timeline_svg(FOUND)) == GOLDEN.read_text()


def test_it_has_a_title_a_description_and_no_script():
    drawn = ET.fromstring(str(timeline_svg(FOUND)))
    assert drawn.findtext(f"{SVG}title") == "INC-7: Payments fail <b>& more</b>"
    assert drawn.findtext(f"{SVG}desc") == timeline_in_words(FOUND)
    assert drawn.attrib["role"] == "img"
    assert {each.tag.removeprefix(SVG) for each in drawn.iter()} == {
        *("svg", "title", "desc", "g", "rect", "text", "line", "circle")
    }
    assert len(drawn.findall(f"{SVG}g/{SVG}circle")) == 4 + 3 + 2


def test_what_it_shows_stands_in_words_and_in_a_table():
    assert timeline_in_words(FOUND) == (
        "From 2026-05-04 14:02 UTC to 2026-05-04 14:45 UTC, 43 min, until it was over."
        " Severity: SEV3 from 2026-05-04 14:02 UTC; SEV2 from 2026-05-04 14:08 UTC."
        " Phases: triage from 2026-05-04 14:02 UTC; investigating from 2026-05-04 14:08 UTC;"
        " identified from 2026-05-04 14:18 UTC; monitoring from 2026-05-04 14:23 UTC; resolved"
        " from 2026-05-04 14:30 UTC."
        " Engineering: told 4 times. Executives: told 3 times. Customers: told 2 times."
        " Told later, and not shown: 2."
    )
    rows = list(timeline_table(FOUND))
    assert len(rows) == 2 + 5 + 4
    assert rows == sorted(rows, key=lambda row: row[0])
    assert ("2026-05-04 14:08 UTC", "", "Told engineering and executives: Declared") in rows


@pytest.mark.parametrize("lasts", [timedelta(seconds=40), timedelta(hours=5), timedelta(days=70)])
def test_there_are_a_few_round_times_below_it_however_long_it_took(lasts: timedelta):
    end = FOUND.begins_at + lasts
    long = replace(FOUND, ends_at=end, severities=(), phases=(), told=())
    drawn = ET.fromstring(str(timeline_svg(long)))
    ticks = [each for each in drawn.findall(f"{SVG}line") if each.get("stroke") == "#ddd"]
    assert len(ticks) <= 9
    assert lasts < timedelta(minutes=1) or len(ticks) >= 3


async def test_a_browser_draws_all_of_it_within_its_frame():
    async with browser() as page:
        await page.go(f"data:image/svg+xml,{quote(str(timeline_svg(FOUND)))}")
        ready = "document.documentElement.tagName == 'svg'"
        await eventually(lambda: page.run(ready))
        outside = await page.run(
            "(() => { const frame = document.documentElement.getBoundingClientRect();"
            " return [...document.querySelectorAll('text, rect, circle')].filter(each => {"
            " const box = each.getBoundingClientRect();"
            " return box.left < frame.left - 1 || box.right > frame.right + 1"
            " || box.bottom > frame.bottom + 1; }).map(each => each.textContent); })()"
        )
        assert outside == []
        cut = await page.run(
            "[...document.querySelectorAll('g')].filter(each => each.querySelector('text') &&"
            " each.querySelector('text').getBBox().width >"
            " each.querySelector('rect').getBBox().width).map(each => each.textContent)"
        )
        assert cut == []
        names = await page.run(
            "Math.max(...[...document.querySelectorAll('svg > text')].filter(each =>"
            " each.textContent.startsWith('Told')).map(each => each.getBBox().x +"
            " each.getBBox().width))"
        )
        first = await page.run(
            "Math.min(...[...document.querySelectorAll('circle')].map(each => each.getBBox().x))"
        )
        assert names < first, "the names of the lanes stand beside their marks"
