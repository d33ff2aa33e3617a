"""Documents of post-mortems: what is exported is read back, whatever stands in it."""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.postmortem_documents.fault_tree_picture import ALONE, picture
from adapters.postmortem_documents.formats import FORMS
from adapters.postmortem_documents.invitation import invitation
from adapters.postmortem_documents.markdown_document import markdown
from adapters.postmortem_documents.markdown_reading import ReadDocument, kept, read
from adapters.postmortem_documents.page import CONTENT_SECURITY_POLICY, page
from domain.kernel.decider import Context
from domain.learning import POSTMORTEM
from domain.learning.postmortem import commands as c
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.postmortem_view import show
from domain.learning.postmortem.samples import COMMANDS, OPEN, TREE, WRITTEN
from domain.learning.postmortem.sections import Factor, FactorKind, Points, Prose, Why
from domain.policy import DEFAULT
from projections.learning.document import CuratedRow, PostmortemDocument, compose

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
CONTEXT = Context(NOW, "c-1", DEFAULT, 7, "ada")


def told(*commands: Any) -> PostmortemDocument:
    def after(pm: Postmortem, command: Any) -> Postmortem:
        return POSTMORTEM.fold(pm, POSTMORTEM.decide(command, pm, CONTEXT), "ada")

    shown = show("p-1", reduce(after, commands, POSTMORTEM.initial), 9)
    assert shown is not None
    return compose(shown, None, ())


WHOLE = told(OPEN, *WRITTEN, COMMANDS["set_fault_tree"], COMMANDS["set_points"])


def changes(found: ReadDocument) -> dict[str, Any]:
    return {change.field: change.command for change in found.changes}


def test_the_template_of_the_brief_stands_there_in_its_order():
    headings = [line for line in markdown(WHOLE).splitlines() if line.startswith("#")]
    assert headings == [
        "# Post-Mortem: INC-7",
        "## Executive Summary",
        "## Impact",
        "## Timeline (UTC)",
        "## Root Cause Analysis",
        "### What happened",
        "### Contributing Factors",
        "### 5 Whys",
        "### Fault Tree",
        "## What Went Well",
        "## What Went Poorly",
        "## Where We Got Lucky",
        "## What Surprised Us",
        "## Mitigators",
        "## Action Items",
        "## Lessons Learned",
    ]
    text = markdown(WHOLE)
    for line in (
        "- **Users affected**: 4200",
        "- **Revenue impact**: not known",
        "1. **Immediate cause** (limit): The limit had the wrong unit",
        "1. Why did payments fail? → The pool was empty *(immediate)*",
        "- `down`: Payments fail ← or: `pool`, `both`",
        "*Single points of failure*: `pool`.",
        "None is needed: The pool is replaced next week",
        'versions: {"executive_summary":1,"what_happened":1,',
    ):
        assert line in text, line


@pytest.mark.parametrize("document", [WHOLE, told(OPEN)], ids=["whole", "empty"])
def test_what_is_exported_and_read_back_says_nothing_new(document: PostmortemDocument):
    assert read(markdown(document), document) == ReadDocument(
        changes=(), unknown=(), left=(), faults=()
    )


def test_an_edit_is_a_command_by_the_version_that_was_exported():
    text = markdown(WHOLE).replace("The alert fired within a minute", "It fired in 20 s\n- Twice")
    text = text.replace("**: 4200", "**: 4300").replace("an hour", "a day")
    found = read(text, WHOLE)
    assert set(changes(found)) == {"went_well", "users_affected"}
    assert changes(found)["went_well"].points == ("It fired in 20 s", "Twice")
    assert changes(found)["users_affected"].seen == 1
    [diff] = [it.diff for it in found.changes if it.field == "users_affected"]
    assert diff.splitlines()[-2:] == ["-4200", "+4300"]
    since = told(OPEN, *WRITTEN, replace(WRITTEN[2], value="5000", seen=1))
    assert changes(read(text, since))["users_affected"].seen == 1, "so the other edit is not lost"


def test_sections_that_the_template_does_not_have_are_kept_and_listed():
    text = markdown(WHOLE) + "\n## Weather\n\nIt rained.\n\n# Appendix\n\n## Impact\n\nAgain\n"
    found = read(text, WHOLE)
    assert [(each.title, each.text) for each in found.unknown] == [
        ("Weather", "It rained."), ("Impact", "Again"),
    ]  # fmt: skip
    [comment] = kept(found.unknown[0])
    assert comment.text == "“Weather”, a section of an imported document:\nIt rained."
    long = replace(found.unknown[0], text="x" * 25_000)
    assert "".join(each.text for each in kept(long)).count("x") == 25_000


def test_what_stands_elsewhere_is_left_and_what_cannot_be_read_is_said():
    text = markdown(WHOLE).replace("None is needed", "Nothing is needed")
    text = text.replace("1. **Immediate cause** (limit)", "1. **Human cause** (limit)")
    text = text.replace("- **Revenue impact**", "- **Mood**").replace("38 %", "much")
    text = text.replace("1. Why did payments fail? →", "1. Why did payments fail?")
    found = read(text, WHOLE)
    assert found.left == ("Action Items",)
    assert [fault.partition(":")[0] for fault in found.faults] == [
        "Impact", "Impact", "Contributing Factors", "5 Whys",
    ]  # fmt: skip


def test_a_text_that_is_taken_out_stays_and_that_is_said():
    text = markdown(WHOLE)
    begin, end = text.index("### What happened"), text.index("### Contributing")
    found = read(text[: begin + 18] + "\n\n" + text[end:], WHOLE)
    assert (changes(found), found.faults) == (
        {}, ("What happened: it is empty, and what stands there stays",),
    )  # fmt: skip


TEXTS = st.text(
    st.sampled_from("ab .\n#-*|`\\→←<>_:()1") | st.characters(exclude_categories=["Cs"]),
    min_size=1, max_size=80,
).filter(lambda text: text.strip() and any(char.isalnum() for char in text))  # fmt: skip


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_there_is_read_back(one: str, two: str, three: str):
    document = told(
        OPEN,
        c.WriteProse(field=Prose.EXECUTIVE_SUMMARY, text=one),
        c.WriteProse(field=Prose.WHAT_HAPPENED, text=two),
        c.SetPoints(field=Points.LESSONS, points=(two, three)),
        c.SetFactors(factors=(Factor(id="a", kind=FactorKind.SYSTEMIC, text=three),)),
        c.SetWhys(whys=(Why(question=one, answer=three, kind=FactorKind.SYSTEMIC),)),
    )
    found = read(markdown(document), document)
    assert (found.changes, found.unknown, found.left, found.faults) == ((), (), (), ())


def test_the_example_of_the_brief_is_its_table():
    rows = (
        ("14:02", "Monitoring alert fires: API error rate > 5%"),
        ("14:05", "On-call engineer acknowledges page"),
        ("14:08", "Incident declared SEV2, IC assigned"),
        ("14:12", "Root cause hypothesis: bad config deploy at 13:55"),
        ("14:18", "Config rollback initiated"),
        ("14:23", "Error rate returning to baseline"),
        ("14:30", "Incident resolved, monitoring confirms recovery"),
        ("14:45", "All-clear communicated to stakeholders"),
    )
    at = [datetime.fromisoformat(f"2026-05-06T{clock}:00Z") for clock, _ in rows]
    told_ = [CuratedRow(at=when, text=text) for when, (_, text) in zip(at, rows, strict=True)]
    document = replace(WHOLE, timeline=tuple(told_), began_at=at[0], ended_at=at[6])
    text = markdown(document)
    table = "".join(f"| {clock} | {words} |\n" for clock, words in rows)
    assert f"## Timeline (UTC)\n\n| Time | Event |\n|---|---|\n{table}" in text
    assert "**Duration**: 2026-05-06 14:02 UTC \u2013 2026-05-06 14:30 UTC (28 min)" in text
    later = replace(told_[-1], at=at[-1] + timedelta(days=1))
    days = markdown(replace(document, timeline=(*told_[:-1], later)))
    assert "| 2026-05-07 14:45 | All-clear" in days


def test_a_page_needs_nothing_else_and_hides_no_markup_of_others():
    evil = c.WriteProse(field=Prose.WHAT_HAPPENED, text="<script>alert(1)</script> **strong**")
    html = FORMS["html"].write(told(OPEN, evil, c.SetFaultTree(tree=TREE)))
    assert "<script>" not in html
    assert "<strong>strong</strong>" in html
    assert "@media print" in html
    assert "src=" not in html
    assert "This brings it about alone: The pool is empty." in html


def test_a_fault_tree_is_drawn_and_says_in_words_what_does_it_alone():
    tree = told(OPEN, c.SetFaultTree(tree=TREE)).postmortem.fault_tree
    assert tree is not None
    drawn = ET.fromstring(str(picture(tree)))
    name = "{http://www.w3.org/2000/svg}"
    boxes = drawn.findall(f"{name}g")
    assert len(boxes) == len(TREE.nodes)
    assert [box.find(f"{name}title").text for box in boxes  # type: ignore[union-attr]
            if ALONE in {text.text for text in box.findall(f"{name}text")}] == [
        "The pool is empty"
    ]  # fmt: skip
    assert len(drawn.findall(f"{name}path")) == 4
    tops = {box.find(f"{name}title").text: box.find(f"{name}rect").get("y")  # type: ignore[union-attr]
            for box in boxes}  # fmt: skip
    assert int(tops["Payments fail"] or 0) < int(tops["Both regions are out"] or 0)
    assert int(tops["Both regions are out"] or 0) < int(tops["EU is out"] or 0)


def test_an_invitation_is_one_that_calendars_take():
    shown = told(OPEN, COMMANDS["schedule_meeting"]).postmortem
    text = invitation(shown, "https://ops.example.com/v1/postmortems/PM-7")
    assert text is not None
    lines = text.split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "")
    assert {"DTSTART:20260504T110000Z", "DTEND:20260504T114500Z", "SEQUENCE:0"} <= set(lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "LOCATION:https://meet.example.com/pm-1" in lines
    assert invitation(told(OPEN).postmortem) is None
    assert shown.meeting is not None
    assert shown.meeting.begins_at + timedelta(minutes=45) == datetime(
        2026, 5, 4, 11, 45, tzinfo=UTC
    )


def test_a_page_runs_under_a_policy_that_names_its_one_style_and_nothing_else():
    """CSP: what is put into it by whoever writes the post-mortem is neither style nor script."""
    shown = page(WHOLE)
    styles = re.findall(r"<style>(.*?)</style>", shown, re.DOTALL)
    digests = [b64encode(sha256(each.encode()).digest()).decode() for each in styles]
    assert [f"style-src 'sha256-{it}'" in CONTENT_SECURITY_POLICY for it in digests] == [True]
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert not re.search(r"\sstyle=|<script|\son[a-z]+=", shown)
