"""The pages for people, as a browser and a screen reader get them."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from adapters.status_page import pages, uptime_page
from adapters.status_page.labels import lasting
from adapters.status_page.markdown import html
from adapters.status_page.snapshot import Site
from support.public_incidents import public
from support.spec import NOON, at
from support.status_pages import COMPONENTS, snapshot_of

VOID = {"meta", "link", "br"}


class Outline(HTMLParser):
    """What is in a page: its elements, headings, links, texts; it must be well nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(dict(attributes)) == len(attributes)
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def every_page() -> list[str]:
    over = public(1, status="resolved", ended_at=at(30), services=("search",))
    snapshot = snapshot_of(over, public(2, headline="Payments <fail>"), public(3, maintenance=True))
    found = [
        pages.index(snapshot),
        pages.index(snapshot_of()),
        pages.index(snapshot_of(public(1), site=Site(title="T", url="http://x"))),
        pages.history(snapshot, 1),
        pages.history(snapshot_of(), 1),
        *(pages.incident(snapshot, f"INC-{number}") for number in (1, 2, 3)),
        pages.missing(snapshot),
        uptime_page.uptime(snapshot),
        pages.unavailable("Example"),
    ]
    assert all(found)
    return [page for page in found if page]


@pytest.mark.parametrize("page", every_page())
def test_pages_are_well_formed_accessible_and_load_nothing(page: str):
    outline = Outline(page)
    assert page.startswith("<!doctype html>\n")
    assert outline.all("html") == [{"lang": "en"}]
    assert outline.headings[0] == outline.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.all("main")) == 1
    for forbidden in ("script", "img", "iframe", "form", "object", "base"):
        assert outline.all(forbidden) == []
    for _, attributes in outline.elements:
        assert "style" not in attributes, "the security policy would drop it"
        assert not any(name.startswith("on") for name in attributes)
        assert "src" not in attributes
    assert [link["href"] for link in outline.all("link") if link["rel"] == "icon"] == ["data:,"]
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in outline.all("svg"))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in outline.elements:
        labelled = attributes.get("aria-labelledby")
        assert labelled is None or labelled in ids
    assert all((time["datetime"] or "").startswith("2026-") for time in outline.all("time"))


def test_the_index_shows_what_is_open_and_how_each_component_is():
    page = Outline(pages.index(snapshot_of(public(1, headline="Payments fail"))))
    assert [
        words in page.text for words in ("Major outage", "Payments fail", "Text of INC-1.")
    ] == [True] * 3
    (bars, search, api) = page.all("svg")
    assert bars["aria-label"] == "Last 90 days: 4 May 2026: major outage (INC-1)."
    assert search["aria-label"] == api["aria-label"] == "Last 90 days: no incidents."
    assert page.text.index("Shop") < page.text.index("Finds things") < page.text.index("API")


def test_the_worst_of_what_is_open_stands_first():
    found = [public(1), public(2, maintenance=True), public(3, impact="minor")]
    text = pages.index(snapshot_of(*found))
    places = [text.index(f"Text of INC-{number}.") for number in (1, 3, 2)]
    assert places == sorted(places)


def test_all_is_well_in_so_many_words():
    assert "All systems operational" in pages.index(snapshot_of())


def test_days_before_the_log_begins_are_said_to_be_without_data():
    snapshot = snapshot_of(public(1))
    young = type(snapshot.known)(
        incidents=snapshot.incidents, as_of=NOON, since=NOON - timedelta(days=6), version=1
    )
    page = pages.index(
        type(snapshot)(site=snapshot.site, known=young, today=NOON.date(), stale=False)
    )
    assert "No data before 28 Apr 2026." in page
    assert "No data: nothing was recorded yet." in page
    assert "No incidents reported." in page


def section_of(page: str, date: str) -> str:
    """What the page has of a day."""
    days = page.split('<section class="day">')[1:]
    (found,) = (each for each in days if f'<h3><time datetime="{date}">' in each)
    return found.partition("</section>")[0]


def test_an_incident_over_midnight_shows_on_every_day_that_it_went_on():
    """Nobody reads that nothing was reported of a day on which something was down."""
    began, ended = NOON - timedelta(days=3), NOON - timedelta(days=1)
    over = public(1, headline="Payments fail", status="resolved", started_at=began, ended_at=ended)
    page = pages.index(snapshot_of(over))
    assert "<h4>" in section_of(page, "2026-05-01")
    for date in ("2026-05-02", "2026-05-03"):
        day = section_of(page, date)
        assert "Went on from the day before: " in day
        assert "Payments fail</a> (Resolved)" in day
        assert "No incidents" not in day
    assert "No incidents reported." in section_of(page, "2026-05-04")


def test_one_that_is_withdrawn_went_on_for_nobody():
    began, ended = NOON - timedelta(days=2), NOON - timedelta(days=1)
    gone = public(1, headline="Alarm", status="canceled", started_at=began, ended_at=ended)
    page = pages.index(snapshot_of(gone))
    assert "Went on" not in page
    assert "No incidents reported." in section_of(page, "2026-05-03")


def test_no_impact_is_never_said_above_words_that_state_some():
    text = "A third of the payments fail."
    found = public(1, impact="none", texts=[("investigating", text)])
    page = pages.index(snapshot_of(found))
    assert text in page
    assert "No impact" not in page
    assert "Minor impact" in pages.index(snapshot_of(public(1, impact="minor")))


def test_a_stale_page_says_as_of_when():
    assert 'role="status"' not in pages.index(snapshot_of())
    page = pages.index(snapshot_of(stale=True))
    assert '<time datetime="2026-05-04T12:00:00Z">4 May 2026, 12:00 UTC</time>' in page


def test_what_users_wrote_is_text_and_harmless_markdown():
    text = (
        "**Bold** <script>alert(1)</script> ![x](http://evil.example/x.png)\n"
        "[ok](https://example.com) [bad](javascript:alert(1)) <b onclick=x>\n\n# No heading"
    )
    page = pages.incident(
        snapshot_of(public(1, headline="<i>&'\"", texts=[("investigating", text)])), "INC-1"
    )
    assert page is not None
    outline = Outline(page)
    assert outline.all("script") == outline.all("img") == outline.all("b") == outline.all("i") == []
    assert outline.headings == [1, 2]
    assert 'href="javascript' not in page
    assert '<a href="https://example.com" rel="nofollow noopener noreferrer">ok</a>' in page
    assert "<i>&'\"" in outline.text


def test_a_line_break_of_an_update_is_one():
    assert html("first\nsecond\n\nthird\x00\x0b") == (
        "<p>first<br>\nsecond</p>\n<p>third</p>\n"  # as the feed says it, too
    )


def test_the_history_has_pages_by_month():
    many = [
        public(n, status="resolved", started_at=NOON - timedelta(days=45 - n), ended_at=NOON)
        for n in range(1, 46)
    ]
    snapshot = snapshot_of(*many)
    first, last = pages.history(snapshot, 1), pages.history(snapshot, 3)
    assert first is not None
    assert last is not None
    assert ("Page 1 of 3" in first, 'rel="prev"' in first, 'rel="next"' in first) == (
        True, False, True,
    )  # fmt: skip
    assert ("Page 3 of 3" in last, 'rel="prev"' in last, 'rel="next"' in last) == (
        True, True, False,
    )  # fmt: skip
    assert "May 2026" in first
    assert "March 2026" in last
    assert pages.history(snapshot, 0) is None
    assert pages.history(snapshot, 4) is None


def test_links_stay_below_the_public_address():
    site = Site(title="T", url="https://example.com/ops/", components=COMPONENTS)
    page = pages.index(snapshot_of(public(1), site=site))
    assert 'href="/ops/status/incidents/INC-1"' in page
    assert 'href="/status' not in page


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(20, "less than a minute"), (90, "2 min"), (3_700, "1 h 2 min"), (183_600, "2 d 3 h")],
)
def test_durations_in_two_units(seconds: float, text: str):
    assert lasting(seconds) == text


def test_no_document_holds_a_character_that_html_has_no_place_for():
    """Older events may hold any character: in titles, services and words."""
    bad = "".join(map(chr, [*range(9), 11, 12, *range(14, 32)]))
    snapshot = snapshot_of(public(1, headline=f"Payments {bad} fail", services=(f"a{bad}",)))
    for page in (
        pages.index(snapshot),
        pages.history(snapshot, 1),
        pages.incident(snapshot, "INC-1"),
    ):
        assert page is not None
        assert "Payments" in page
        assert not set(page) & set(bad)


def test_uptime_stands_beside_each_component_and_is_never_made_up():
    down = public(1, started_at=NOON - timedelta(days=9), status="resolved", ended_at=NOON)
    page = Outline(pages.index(snapshot_of(down)))
    assert "90.00 % uptime" in page.text
    assert page.text.count("100 % uptime") == 2
    table = Outline(uptime_page.uptime(snapshot_of(down))).text
    assert all(share in table for share in ("0.00 %", "70.00 %", "90.00 %"))
    young = snapshot_of(down)
    known = type(young.known)(incidents=young.incidents, as_of=NOON, since=NOON, version=1)
    today = type(young)(site=young.site, known=known, today=NOON.date(), stale=False)
    assert "uptime" not in Outline(pages.index(today)).text.replace("Uptime", "")
    assert Outline(uptime_page.uptime(today)).text.count("not known yet") == 9


def test_updates_of_an_incident_over_midnight_stand_once():
    late = public(1, started_at=at(-13 * 60), status="resolved", ended_at=at(0), headline="Night")
    page = pages.index(snapshot_of(late))
    today = page[page.index('<h3><time datetime="2026-05-04"') :]
    assert "Went on from the day before: " in today[: today.index("2026-05-03")]
    assert page.count('class="updates"') == 1, "its updates stand once"


def test_each_update_has_an_address():
    (page,) = (pages.incident(snapshot_of(public(1)), "INC-1") or "",)
    entry = public(1).entries[0]
    assert f'id="update-{entry.id}"' in page
    assert f'href="/status/incidents/INC-1#update-{entry.id}"' in page


def test_groups_fold_without_a_script_and_say_how_they_do():
    page = pages.index(snapshot_of(public(1)))
    assert page.count('<details class="group" open>') == 2
    summary = page[page.index("<summary>") : page.index("</summary>")]
    assert "Shop" in summary
    assert "Major outage" in summary


def test_the_history_says_where_it_begins():
    assert "The history begins on " in (pages.history(snapshot_of(public(1)), 1) or "")


def test_the_words_of_bars_are_what_is_drawn():
    found = [
        public(number, started_at=NOON - timedelta(days=number), status="resolved",
               ended_at=NOON - timedelta(days=number) + timedelta(hours=1), impact=impact)
        for number, impact in ((1, "critical"), (3, "minor"), (5, "none"))
    ]  # fmt: skip
    (bars, *_) = Outline(pages.index(snapshot_of(*found))).all("svg")
    shapes = snapshot_of(*found)
    drawn = [
        shape.tip
        for shape in pages.groups(shapes)[0].components[0].bars.shapes
        if shape.tip not in {"No data", "No incidents"}
    ]
    assert len(drawn) == 3
    assert all(tip in (bars["aria-label"] or "") for tip in drawn)


def test_planned_work_is_upcoming_then_under_way_then_among_the_days():
    times = {"maintenance": True, "impact": "none", "planned": (at(60), at(120))}
    ahead = pages.index(snapshot_of(public(1, status="scheduled", started_at=at(60), **times)))
    assert "Scheduled maintenance" in ahead
    assert "Planned for <time" in ahead
    assert "All systems operational" in ahead
    now = pages.index(snapshot_of(public(1, status="in_progress", started_at=at(-60), **times)))
    assert "Scheduled maintenance" not in now
    assert "planned to end at <time" in now
    assert "Maintenance in progress" in now
    gone = public(1, status="canceled", started_at=at(60), **times)
    assert "MT-1" not in pages.index(snapshot_of(gone))
    assert "Canceled" in (pages.incident(snapshot_of(gone), "MT-1") or "")
