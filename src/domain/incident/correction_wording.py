"""Corrections in words: what was put right or retracted, as it was and as it is."""

from datetime import datetime

from domain.incident import events as e
from domain.incident.impact import Changes, Impact, impact_words
from domain.incident.severity.course import stated
from domain.kernel.text import clock


def stated_words(changes: Changes) -> str:
    """What somebody stated of an impact, in words."""
    return impact_words(Impact(**stated(changes)))


def description_corrected(event: e.DescriptionCorrected) -> str:
    """`Corrected: title “Checkout” → “Checkout fails”; services none → checkout`."""
    was, now = event.previous, event.now
    said = []
    if was.title != now.title:
        said.append(f"title “{was.title}” → “{now.title}”")
    if was.summary != now.summary:
        said.append(f"summary {_quoted(was.summary)} → {_quoted(now.summary)}")
    if was.services != now.services:
        before, after = (", ".join(each.services) or "none" for each in (was, now))
        said.append(f"services {before} → {after}")
    return f"Corrected: {'; '.join(said)}{_why(event.reason)}"


def _quoted(text: str | None) -> str:
    return f"“{text}”" if text else "none"


def _why(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def entry_corrected(event: e.EntryCorrected) -> str:
    """`Corrected: action of 12:05 UTC: “restarted” → “restarted twice”`."""
    said = []
    if event.text != event.previous:
        said.append(f"{_quoted(event.previous)} → {_quoted(event.text)}")
    if event.at != event.previous_at:
        said.append(f"time → {event.at.isoformat()}")
    if event.headline != event.previous_headline:
        said.append(f"headline {_quoted(event.previous_headline)} → {_quoted(event.headline)}")
    if event.impact and event.previous_impact and event.impact != event.previous_impact:
        said.append(f"impact {stated_words(event.previous_impact)} → {stated_words(event.impact)}")
    return (
        f"Corrected: {_entry_name(event, event.previous_at)}: {', '.join(said)}{_why(event.reason)}"
    )


def entry_retracted(event: e.EntryRetracted) -> str:
    said = f" “{event.text}”" if event.text else ""
    return f"Retracted: {_entry_name(event, event.at)}{said}: {event.reason}"


def _entry_name(event: e.EntryCorrected | e.EntryRetracted, at: datetime) -> str:
    about = f" {event.about}" if event.kind.startswith("hypothesis_") else ""
    return f"{ENTRY_NAMES.get(event.kind, event.kind.replace('_', ' '))}{about} of {clock(at)}"


ENTRY_NAMES = {
    "note_added": "note",
    "action_logged": "action",
    "update_posted": "update",
    "hypothesis_opened": "hypothesis",
    "impact_reassessed": "assessment of the impact",
    "link_attached": "link",
    "incident_linked": "link",
}
"""What entries are called by people."""
