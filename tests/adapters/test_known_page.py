"""The page of what was known: both sides of each line, and what people wrote as text."""

import re
from base64 import b64encode
from hashlib import sha256

from adapters.known_page import KNOWN_PAGE, known_page
from domain.incident import commands as c
from projections.incident.known_then import KnownThen, known_then
from projections.past import Cut
from support.spec import at, declared, log_of, staffed

HOSTILE = "<script>alert(1)</script>\u202e &amp; \"'"


def found() -> KnownThen:
    log = log_of(declared(title=HOSTILE, summary=HOSTILE), *staffed())
    log.run(c.AddNote(text=HOSTILE, occurred_at=at(5)), at(5), "c-5")
    log.run(c.AddNote(text=f"late {HOSTILE}", occurred_at=at(6)), at(70))
    log.run(c.OpenHypothesis(statement=HOSTILE), at(8))
    log.run(c.Correct(entry="c-5/0", text="what it was"), at(80))
    known = known_then("i-1", log.commits, Cut(known_at=at(60)))
    assert known is not None
    return known


def test_what_people_wrote_is_text_and_there_is_no_script():
    page = known_page(found())
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"\bon\w+=|javascript:|https?://", page)


def test_a_browser_may_load_the_style_that_stands_in_it_and_nothing_else():
    styles = re.findall(r"<style>(.*?)</style>", known_page(found()), re.DOTALL)
    digests = [b64encode(sha256(each.encode()).digest()).decode() for each in styles]
    policy = KNOWN_PAGE.policy or ""
    assert [f"style-src 'sha256-{each}';" in policy for each in digests] == [True]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_it_says_then_and_now_and_what_was_learnt_later():
    page = known_page(found())
    assert "INC-1: what was known at 2026-05-04 13:00:00 UTC" in page
    for heading in ("State", "Hypotheses", "Who had been told", "Learnt later of the time before"):
        assert f"<h2>{heading}</h2>" in page
    later = page[page.index("Learnt later") :]
    assert "what it was" in later
    assert "On record then: <del>&lt;script" in later
    timeline = page[page.index("Timeline as it was") : page.index("Learnt later")]
    assert "what it was" not in timeline
    assert "late &lt;script" not in timeline


def test_of_a_time_before_it_the_page_says_that_nothing_was_known():
    log = log_of(declared())
    known = known_then("i-1", log.commits, Cut(known_at=at(-1)))
    assert known is not None
    assert "Nothing was on record of it then." in known_page(known)
